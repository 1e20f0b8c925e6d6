/**
 * A look at the head of a kept file: its dialect, what its columns hold, its first rows. Reads no more than that, but reading is
 * work: a server has it done in a thread of its own (inspector-thread.ts).
 */

import type { Files, Format, Source } from "../core/ports.ts";
import type { ReadingChoice } from "../core/reading-choice.ts";
import {
  cellTyped,
  type DetectionHints,
  type Dialect,
  type EntryLook,
  rowCells,
  rowIntact,
  type SheetLook,
} from "../core/row.ts";
import { type ColumnProfile, Profiler } from "../mapping/profile.ts";
import { fileChoices } from "./reading-choices.ts";

/** A file as it was understood, before anything is imported. */
export interface Inspection {
  dialect: Dialect;
  profiles: ColumnProfile[];
}

export interface InspectedFile {
  storagePath: string;
  /** As the person calls it. */
  name: string;
}

export interface PreviewRow {
  /** As the file has it. */
  row: number;
  cells: string[];
  intact: boolean;
  /** Places of the cells that the file itself typed. */
  typed: number[];
}

/** The first rows as the dialect reads them. */
export interface Preview {
  /** The header is not among them. */
  rows: PreviewRow[];
  /** Whether there is more. */
  more: boolean;
}

export interface Inspector {
  inspect(file: InspectedFile, hints: DetectionHints, signal?: AbortSignal): Promise<Inspection>;
  profile(file: InspectedFile, dialect: Dialect, signal?: AbortSignal): Promise<ColumnProfile[]>;
  preview(file: InspectedFile, dialect: Dialect, limit: number, signal?: AbortSignal): Promise<Preview>;
  /** How many rows there are below the header, of many no more than one above `atMost`. */
  count(file: InspectedFile, dialect: Dialect, atMost: number, signal?: AbortSignal): Promise<number>;
  /** What was decided of the file, each with what came second. */
  choices(file: InspectedFile, dialect: Dialect, signal?: AbortSignal): Promise<ReadingChoice[]>;
  /** The sheets of a workbook, which may be the `entry` of an archive, with their first rows and columns; none: it has no sheets. */
  sheets(file: InspectedFile, entry?: string, signal?: AbortSignal): Promise<SheetLook[]>;
  /** The files of a zip archive, the likeliest first; none: it is no archive of several files. */
  entries(file: InspectedFile, signal?: AbortSignal): Promise<EntryLook[]>;
}

/** Characters of a cell that a preview shows. */
const maxPreviewChars = 500;
/** Cells that a preview shows, so that a sheet of thousands of columns stays small. */
const maxPreviewCells = 20_000;
/** Columns, and characters of a cell, that the look of a sheet shows. */
const maxSheetColumns = 20;
const maxSheetChars = 80;

/** What a file is, and what its columns look like, by its head. */
export async function inspectSource(
  format: Format,
  source: Source,
  hints: DetectionHints,
  signal?: AbortSignal,
): Promise<Inspection> {
  const dialect = await format.detect(source, hints, signal);
  return { dialect, profiles: await profile(format, source, dialect, signal) };
}

async function profile(
  format: Format,
  source: Source,
  dialect: Dialect,
  signal?: AbortSignal,
): Promise<ColumnProfile[]> {
  const profiler = new Profiler(dialect.columns);
  for await (const batch of format.read(source, dialect, { signal })) {
    profiler.add(batch, dialect.headerRow, dialect.lastRow);
    if (profiler.full) break;
  }
  return profiler.profile();
}

/** Looks in the caller's own thread. */
export function inspector({ files, format }: { files: Pick<Files, "open">; format: Format }): Inspector {
  const withSource = async <T>(file: InspectedFile, work: (source: Source) => Promise<T>): Promise<T> => {
    const source = await files.open(file.storagePath);
    return work({ ...source, name: file.name }).finally(() => source.close());
  };
  return {
    inspect: (file, hints, signal) => withSource(file, (source) => inspectSource(format, source, hints, signal)),
    profile: (file, dialect, signal) => withSource(file, (source) => profile(format, source, dialect, signal)),
    preview: (file, dialect, limit, signal) =>
      withSource(file, async (source) => {
        const { headerRow, lastRow } = dialect;
        const rows: Preview["rows"] = [];
        let cellCount = 0;
        for await (const batch of format.read(source, dialect, { signal })) {
          for (let r = 0; r < batch.rowCount; r++) {
            const row = batch.rowNumbers[r];
            if (row <= headerRow) continue;
            if (lastRow !== null && row > lastRow) return { rows, more: false };
            if (rows.length === limit || cellCount > maxPreviewCells) return { rows, more: true };
            const cells = rowCells(batch, r, maxPreviewChars)
              .slice(0, maxPreviewCells)
              .map((cell) => (cell.length > maxPreviewChars ? `${cell.slice(0, maxPreviewChars)}…` : cell));
            cellCount += cells.length;
            const isTyped = (c: number): boolean =>
              c < batch.columnCount && (batch.flags[r * batch.columnCount + c] & cellTyped) !== 0;
            const typed = cells.flatMap((_, c) => (isTyped(c) ? [c] : []));
            rows.push({ row, cells, intact: batch.shapes[r] === rowIntact, typed });
          }
        }
        return { rows, more: false };
      }),
    count: (file, dialect, atMost, signal) =>
      withSource(file, async (source) => {
        const { headerRow, lastRow } = dialect;
        let count = 0;
        for await (const batch of format.read(source, dialect, { signal })) {
          for (let r = 0; r < batch.rowCount && count <= atMost; r++) {
            const row = batch.rowNumbers[r];
            if (lastRow !== null && row > lastRow) return count;
            if (row > headerRow) count++;
          }
          if (count > atMost) break;
        }
        return count;
      }),
    choices: (file, dialect, signal) => withSource(file, (source) => fileChoices(format, source, dialect, signal)),
    sheets: (file, entry, signal) =>
      withSource(file, async (source) => ((await format.sheets?.(source, signal, entry)) ?? []).map(cutLook)),
    entries: (file, signal) =>
      withSource(file, async (source) => ((await format.entries?.(source, signal)) ?? []).map(cutLook)),
  };
}

/** A look that stays small. */
function cutLook<Look extends { rows: string[][] }>(look: Look): Look {
  const cut = (cell: string): string => (cell.length > maxSheetChars ? `${cell.slice(0, maxSheetChars)}…` : cell);
  return { ...look, rows: look.rows.map((cells) => cells.slice(0, maxSheetColumns).map(cut)) };
}
