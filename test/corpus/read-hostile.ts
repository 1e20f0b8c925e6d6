/**
 * Reads every hostile file, one after another in this process, and writes a line of JSON about each: how it came out, how
 * long it took and how much memory the process has needed so far. `node test/corpus/read-hostile.ts [NAME]`
 */

import { writeSync } from "node:fs";
import { peakRssBytes } from "../../src/cli/peak-memory.ts";
import { SluiceError } from "../../src/core/errors.ts";
import type { Source } from "../../src/core/ports.ts";
import { cellError, type FileFinding, rowIntact } from "../../src/core/row.ts";
import { formats } from "../../src/formats/formats.ts";
import { hostileFiles } from "./hostile-files.ts";

export interface HostileOutcome {
  name: string;
  /** Rows below the header. */
  rows: number;
  damagedRows: number;
  findings: string[];
  /** Of the SluiceError that refused the file. */
  error: { code: string; message: string } | null;
  /** Any other error, which is a defect. */
  thrown: string | null;
  seconds: number;
  peakRssBytes: number;
}

async function read(
  source: Source,
): Promise<Pick<HostileOutcome, "rows" | "damagedRows" | "findings" | "error" | "thrown">> {
  const findings = new Set<string>();
  const note = ({ code }: FileFinding): void => void findings.add(code);
  let rows = 0;
  let damagedRows = 0;
  try {
    const dialect = await formats.detect(source, {});
    dialect.findings.forEach(note);
    for await (const batch of formats.read(source, dialect, { onFinding: note })) {
      for (let r = 0; r < batch.rowCount; r++) {
        if (batch.rowNumbers[r] <= dialect.headerRow) continue;
        rows++;
        const cell = r * batch.columnCount;
        const hasError = batch.flags.subarray(cell, cell + batch.columnCount).some((flags) => flags & cellError);
        if (batch.shapes[r] !== rowIntact || hasError) damagedRows++;
      }
    }
    return { rows, damagedRows, findings: [...findings], error: null, thrown: null };
  } catch (error) {
    const known = error instanceof SluiceError ? { code: error.code, message: error.message } : null;
    const thrown = known === null ? String((error as Error).stack ?? error) : null;
    return { rows, damagedRows, findings: [...findings], error: known, thrown };
  }
}

const wanted = process.argv[2];
for (const { name, make } of hostileFiles) {
  if (wanted !== undefined && wanted !== name) continue;
  writeSync(1, `${JSON.stringify({ begins: name })}\n`);
  const source = make();
  const startedAt = performance.now();
  const came = await read(source);
  const seconds = (performance.now() - startedAt) / 1000;
  const outcome: HostileOutcome = { name, ...came, seconds, peakRssBytes: peakRssBytes(process) };
  writeSync(1, `${JSON.stringify(outcome)}\n`);
}
