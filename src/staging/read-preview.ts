/** The first rows of a file as an import will read them: each mapped cell in its field's own form, and what is wrong with the row. */

import { feedOf } from "../core/feeds.ts";
import type { ColumnMapping, ImportJob } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { StoredIssue } from "../core/issue.ts";
import type { Attention } from "../core/ports.ts";
import { createdValues } from "../core/records.ts";
import { choiceWords } from "../values/encode-words.ts";
import { fold } from "../values/fold.ts";
import { Revalidator } from "./revalidate.ts";
import { valueShower } from "./shown-values.ts";

/** A row of the file's head. */
export interface HeadRow {
  row: number;
  cells: string[];
  /** False: it has too few cells, too many, or an open quote. */
  intact: boolean;
  /** Places of the cells that the file itself typed. */
  typed: number[];
}

export interface ReadRow extends HeadRow {
  /** Field → its value as the database will get it. Null: the row is not valid, or nothing is known of it. */
  values: Record<string, string | null> | null;
  /** What keeps it out, and what is worth knowing of it. */
  issues: StoredIssue[];
}

export interface ReadPreview {
  rows: ReadRow[];
  /** Whether the file has more. */
  more: boolean;
}

/** As long as no column feeds a field, rows are only shown. Rows that are not intact are the report's own matter. */
export function readRows(
  job: ImportJob,
  importer: Importer,
  rows: readonly HeadRow[],
  attention?: Attention,
): ReadRow[] {
  if (!job.mapping.columns.some(({ field }) => field !== null) && job.mapping.fields === undefined) {
    return rows.map((row) => ({ ...row, values: null, issues: [] }));
  }
  const revalidator = new Revalidator(importer, job, attention);
  const show = valueShower(importer, job.mapping);
  const created = new Set(createdValues(importer).map(({ name }) => name));
  // What only new records get is nobody's to see.
  const shownOf = (values: Record<string, string | null>) =>
    created.size === 0 ? values : Object.fromEntries(Object.entries(values).filter(([name]) => !created.has(name)));
  return rows.map((row) => {
    const { cells, intact, typed } = row;
    if (!intact) return { ...row, values: null, issues: [] };
    const held = { row: row.row, status: "valid" as const, cells, typed, kept: null, issues: [], warnings: [] };
    const read = revalidator.revalidate(held);
    if (read === null) return { ...row, values: null, issues: [] };
    const issues = [...(read.issues ?? []), ...read.warnings];
    return { ...row, values: read.issues === null ? { ...show(shownOf(read.values)) } : null, issues };
  });
}

/** What the cells of a column that feeds a choice mean; null where they mean none of its choices. Undefined: the column feeds no choice. */
export function choiceReader(
  { field, transform }: ColumnMapping,
  importer: Importer,
): ((cell: string) => string | null) | undefined {
  const known = field === null ? undefined : feedOf(importer, field)?.field;
  if (known?.kind !== "choice") return undefined;
  const words = choiceWords(known, transform ?? {});
  return (cell) => words.get(fold(cell)) ?? null;
}
