/** What the phases of an import take, as the command's summary has it. */
import { expect, it, onTestFinished, vi } from "vitest";
import { Progress } from "../../src/cli/progress.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import type { EngineEvent } from "../../src/core/ports.ts";

/** Hears the events, each so many seconds after the one before; returns the seconds of each phase. */
function phasesAfter(...heard: [seconds: number, event: Partial<EngineEvent>][]): Record<string, number | undefined> {
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const progress = new Progress({} as Terminal, "en", true);
  for (const [seconds, event] of heard) {
    vi.advanceTimersByTime(1000 * seconds);
    progress.listen({ jobId: 1, ...event } as EngineEvent);
  }
  return Object.fromEntries(Object.entries(progress.phases).map(([name, times]) => [name, times?.seconds]));
}
const readTo = (processedRows: number) => ({ name: "parse.batch_committed", processedRows, readBytes: 0 }) as const;
const committedTo = (rowsDone: number) => ({ name: "chunk.committed", rowsDone, rowsTotal: 20 }) as const;

it("counts all of a reading that goes on after an outage", () => {
  expect(
    phasesAfter([0, { name: "parse.started" }], [240, readTo(10)], [5, { name: "parse.started" }], [15, readTo(20)]),
  ).toEqual({ parse: 260 });
});

it("counts both parts of a commit with another match between them, and both matches", () => {
  expect(
    phasesAfter(
      [0, { name: "match.started" }],
      [4, { name: "match.finished" }],
      [0, { name: "commit.started" }],
      [30, committedTo(10)],
      [1, { name: "match.started" }],
      [2, { name: "match.finished" }],
      [0, { name: "commit.started" }],
      [10, committedTo(20)],
    ),
  ).toEqual({ match: 6, commit: 40 });
});

it("counts what is read again because its staged rows are gone", () => {
  expect(
    phasesAfter(
      [0, { name: "parse.started" }],
      [20, readTo(20)],
      [0, { name: "match.started" }],
      [3, { name: "stage.lost" }],
      [1, { name: "parse.started" }],
      [20, readTo(20)],
    ),
  ).toEqual({ parse: 40 });
});
