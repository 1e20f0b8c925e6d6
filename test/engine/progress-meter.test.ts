/** How far an import is, made from the engine's events. */
import { expect, it } from "vitest";
import type { EngineEvent } from "../../src/core/ports.ts";
import { ProgressMeter } from "../../src/engine/progress-meter.ts";

const batch = (processedRows: number, readBytes: number): EngineEvent => ({
  name: "parse.batch_committed",
  jobId: 1,
  row: processedRows,
  processedRows,
  invalidRows: 2,
  readBytes,
});
const chunk = (rowsDone: number, rowsTotal = 1000): EngineEvent => ({
  name: "chunk.committed",
  jobId: 1,
  chunk: 0,
  rows: 1,
  rowsDone,
  rowsTotal,
});

it("tells a parse by its bytes: total unknown, the end estimated", () => {
  const meter = new ProgressMeter();
  meter.note({ name: "parse.started", jobId: 1, row: 1, fileSizeBytes: 1000 }, 0);
  expect(meter.read(0)).toMatchObject({
    phase: "parse",
    step: "reading",
    total: null,
    percent: null,
    rowsPerSecond: null,
    etaSeconds: null,
  });
  meter.note(batch(100, 100), 1000);
  meter.note(batch(200, 200), 2000);
  expect(meter.read(2000)).toEqual({
    phase: "parse",
    step: "reading",
    processed: 200,
    total: null,
    percent: 20,
    rowsPerSecond: 100,
    etaSeconds: 8,
    counts: { created: 0, updated: 0, unchanged: 0, skipped: 0, invalid: 2, failed: 0 },
  });
  meter.note({ name: "parse.finished", jobId: 1, totalRows: 1000 }, 9000);
  expect(meter.read(9000)).toMatchObject({ processed: 1000, total: 1000, percent: 100 });
});

it("never says more than all of a file that is larger than it said", () => {
  const meter = new ProgressMeter();
  meter.note({ name: "parse.started", jobId: 1, row: 1, fileSizeBytes: 10 }, 0);
  meter.note(batch(5, 30), 1);
  expect(meter.read(2).percent).toBe(100);
});

it("goes by the last five seconds, slows down when nothing comes, and never goes back", () => {
  const meter = new ProgressMeter();
  meter.note({ name: "commit.started", jobId: 1, chunks: 10 }, 0);
  for (let k = 0; k <= 10; k++) meter.note(chunk(k * 10), k * 1000);
  expect(meter.read(10_000)).toMatchObject({
    step: "committing",
    processed: 100,
    total: 1000,
    percent: 10,
    rowsPerSecond: 10,
    etaSeconds: 90,
  });
  for (let k = 1; k <= 6; k++) meter.note(chunk(100 + k * 100), 10_000 + k * 1000);
  expect(meter.read(16_000).rowsPerSecond).toBe(100);
  expect(meter.read(21_000).rowsPerSecond).toBe(50);
  // Told late, by another lane.
  meter.note(chunk(650), 21_000);
  expect(meter.read(21_000).processed).toBe(700);
});

it("begins anew with each step, and goes on with the same", () => {
  const meter = new ProgressMeter();
  meter.note({ name: "commit.started", jobId: 1, chunks: 2 }, 0);
  meter.note(chunk(500), 1000);
  meter.note({ name: "commit.started", jobId: 1, chunks: 2 }, 2000);
  expect(meter.read(2000)).toMatchObject({ processed: 500, percent: 50 });
  meter.note({ name: "match.started", jobId: 1 }, 3000);
  expect(meter.read(3000)).toMatchObject({ step: "matching", processed: 0, total: null, percent: null });
  meter.note({ name: "undo.started", jobId: 1, chunks: 2 }, 4000);
  meter.note({ name: "undo.chunk_undone", jobId: 1, chunk: 1, recordsDone: 3, recordsTotal: 4 }, 5000);
  expect(meter.read(5000)).toMatchObject({ phase: "undo", step: "undoing", processed: 3, total: 4, percent: 75 });
  expect(meter.note({ name: "chunk.claimed", jobId: 1, chunk: 1 }, 6000)).toBe(false);
});
