/** A file through detection and reading as plain data: its rows, what was found, or the error that refused it. */
import { SluiceError } from "../../src/core/errors.ts";
import type { Source } from "../../src/core/ports.ts";
import {
  type Batch,
  cellError,
  cellTyped,
  type Dialect,
  type DialectHints,
  type FileFinding,
  rowCells,
} from "../../src/core/row.ts";
import { formats } from "../../src/formats/formats.ts";

export interface OutcomeRow {
  number: number;
  offset: number;
  shape: number;
  /** As corpus-case.ts writes them: `=` in front of what was typed, `!` of an error value. */
  cells: string[];
}

export interface Outcome {
  dialect: Dialect | null;
  /** Every row that was read, the header among them. */
  rows: OutcomeRow[];
  /** How often each finding was told, while detecting and reading. */
  findings: Record<string, number>;
  error: SluiceError | null;
}

export interface OutcomeOptions {
  hints?: DialectHints;
  /** Reads with this dialect instead of detecting one. */
  dialect?: Dialect;
  from?: { offset: number; row: number };
  signal?: AbortSignal;
}

/** Reads to the end. Errors that are no SluiceError are thrown on: they are defects. */
export async function readOutcome(source: Source, options: OutcomeOptions = {}): Promise<Outcome> {
  const { signal, from } = options;
  const outcome: Outcome = { dialect: null, rows: [], findings: {}, error: null };
  const note = (finding: FileFinding): void => {
    outcome.findings[finding.code] = (outcome.findings[finding.code] ?? 0) + finding.count;
  };
  try {
    outcome.dialect = options.dialect ?? (await formats.detect(source, options.hints ?? {}, signal));
    outcome.dialect.findings.forEach(note);
    for await (const batch of formats.read(source, outcome.dialect, { from, signal, onFinding: note })) {
      for (let r = 0; r < batch.rowCount; r++) outcome.rows.push(outcomeRow(batch, r));
      for (const code of batch.notes.values()) note({ code, count: 1 });
    }
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    outcome.error = error;
  }
  return outcome;
}

export function outcomeRow(batch: Batch, r: number): OutcomeRow {
  const surplus = batch.surplus.get(r);
  const cells = rowCells(batch, r).map((text, c) => {
    const flags =
      c < batch.columnCount
        ? batch.flags[r * batch.columnCount + c]
        : (surplus?.[3 * (c - batch.columnCount) + 2] ?? 0);
    return flags & cellError ? `!${text}` : flags & cellTyped ? `=${text}` : text;
  });
  while (cells.at(-1) === "") cells.pop();
  return { number: batch.rowNumbers[r], offset: batch.rowOffsets[r], shape: batch.shapes[r], cells };
}

/** The rows of the table as corpus-case.ts writes them: those below the header, up to the last. */
export function tableRows({ dialect, rows }: Outcome): (string | number)[][] {
  const first = (dialect?.headerRow ?? 0) + 1;
  const last = dialect?.lastRow ?? Number.POSITIVE_INFINITY;
  return rows
    .filter(({ number, cells }) => number >= first && number <= last && cells.length > 0)
    .map(({ number, cells }) => [number, ...cells]);
}
