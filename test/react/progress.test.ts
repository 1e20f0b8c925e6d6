/** Where an import is on its way, and the line of its speed. */
import { describe, expect, it } from "vitest";
import type { Phase, Status } from "../../src/core/import.ts";
import { type PaceSample, plotPoints, withSample } from "../../src/react/progress/pace.ts";
import { phasesOf, runStateOf } from "../../src/react/progress/run-state.ts";

describe("an import on its way", () => {
  it.each([
    ["queued", "parse", "queued"],
    ["parsing", "parse", "parsing"],
    ["paused", "parse", "parsing"],
    ["failed", "parse", "parsing"],
    ["ready", "parse", "ready"],
    ["queued", "commit", "committing"],
    ["paused", "commit", "committing"],
    ["completed", "commit", "completed"],
    ["queued", "undo", "queued"],
    ["undoing", "undo", "undoing"],
    ["failed", "undo", "undoing"],
    ["undone", "undo", "undone"],
  ] as [Status, Phase, string][])("that is %s in the phase %s is at %s", (status, phase, stop) => {
    const { stops, at } = phasesOf({ status, phase });
    expect(stops[at]).toBe(stop);
  });

  it("waits, or is tried again by itself once it failed", () => {
    const job = { status: "queued", failures: 0, retryAt: null } as const;
    expect(runStateOf(job)).toBe("waiting");
    expect(runStateOf({ ...job, failures: 1, retryAt: "2026-01-31T13:30:00.000Z" })).toBe("retrying");
    expect(runStateOf({ ...job, status: "completed" })).toBeNull();
  });
});

describe("the line of its speed", () => {
  it("spans the whole of the run, and stays short however long that is", () => {
    let samples: readonly PaceSample[] = [];
    for (let at = 0; at < 10_000; at++) samples = withSample(samples, { at, rowsPerSecond: at % 100 });
    expect(samples.length).toBeLessThanOrEqual(240);
    const points = plotPoints(samples);
    expect([points[0].x, points.at(-1)?.x]).toEqual([0, 1]);
    expect(points.every(({ x, y }) => x >= 0 && x <= 1 && y >= 0 && y <= 1)).toBe(true);
  });

  it("has its greatest speed at the top, and is a point where it has one sample", () => {
    const sample = (at: number, rowsPerSecond: number): PaceSample => ({ at, rowsPerSecond });
    expect(plotPoints([sample(0, 0), sample(5, 50), sample(10, 100)])).toEqual([
      { x: 0, y: 1 },
      { x: 0.5, y: 0.5 },
      { x: 1, y: 0 },
    ]);
    expect(plotPoints([sample(7, 9)])).toEqual([{ x: 0, y: 0 }]);
    expect(plotPoints([])).toEqual([]);
  });
});
