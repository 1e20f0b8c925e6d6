/** A file through detection, mapping and validation, as plain data. */

import type { Assignment } from "../../src/core/assignment.ts";
import type { Given } from "../../src/core/given-mapping.ts";
import type { Mapping } from "../../src/core/import.ts";
import type { Importer } from "../../src/core/importer.ts";
import type { IssueCount, StoredIssue } from "../../src/core/issue.ts";
import { keyFields } from "../../src/core/keys.ts";
import type { Attention } from "../../src/core/ports.ts";
import type { Dialect, DialectHints } from "../../src/core/row.ts";
import { csv } from "../../src/formats/csv/csv.ts";
import { mapColumns } from "../../src/mapping/map.ts";
import { type ColumnProfile, Profiler } from "../../src/mapping/profile.ts";
import { type BatchCounts, RowValidator } from "../../src/staging/validate.ts";
import { bytesSource } from "../formats/csv/bytes-source.ts";

export async function profilesOf(text: string, hints: DialectHints = {}): Promise<ColumnProfile[]> {
  const source = bytesSource(text);
  const dialect = await csv.detect(source, hints);
  const profiler = new Profiler(dialect.columns);
  for await (const batch of csv.read(source, dialect, {})) profiler.add(batch, dialect.headerRow, dialect.lastRow);
  return profiler.profile();
}

export interface Validated extends BatchCounts {
  dialect: Dialect;
  mapping: Mapping;
  columns: string[];
  /** row_no, row_offset and the values of each valid row. */
  stage: (string | null)[][];
  rejects: { job: string; row: number; outcome: string; issues: StoredIssue[]; cells: string[] }[];
  issueCounts: IssueCount[];
}

export interface ValidateOptions {
  hints?: DialectHints;
  given?: Given[];
  keys?: string[];
  assignment?: Assignment;
  countedToRow?: number;
  attention?: Attention;
}

export async function validateFile(
  described: Importer,
  content: string | Uint8Array,
  options: ValidateOptions = {},
): Promise<Validated> {
  const importer = described;
  const source = bytesSource(content);
  const dialect = await csv.detect(source, options.hints ?? {});
  const profiler = new Profiler(dialect.columns);
  for await (const batch of csv.read(source, dialect, {})) profiler.add(batch, dialect.headerRow, dialect.lastRow);
  const mapping = mapColumns(importer, profiler.profile(), options.given);
  const { keys = keyFields(importer.match.keys), assignment = { mode: "none" }, countedToRow = 0 } = options;
  const validator = new RowValidator({ importer, mapping, assignment, keys, jobId: 7, attention: options.attention });
  const counts = { valid: 0, invalid: 0, skipped: 0 };
  for await (const batch of csv.read(source, dialect, {})) {
    const found = validator.validate(batch, { ...dialect, countedToRow });
    counts.valid += found.valid;
    counts.invalid += found.invalid;
  }
  const { stage, rejects } = validator;
  return {
    ...counts,
    dialect,
    mapping,
    columns: validator.columns.map(({ name }) => name),
    stage: copyRows(stage.bytes.toString("utf8", 0, stage.length), { nullAs: "" }),
    rejects: copyRows(rejects.bytes.toString("utf8", 0, rejects.length)).map(([job, row, outcome, issues, cells]) => ({
      job: String(job),
      row: Number(row),
      outcome: String(outcome),
      issues: JSON.parse(String(issues)),
      cells: arrayElements(String(cells)),
    })),
    issueCounts: validator.takeIssueCounts(),
  };
}

const escapes: Record<string, string> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** COPY's text format as Postgres reads it. `nullAs`: what stands for null (COPY's option NULL). */
export function copyRows(text: string, { nullAs = "\\N" } = {}): (string | null)[][] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) =>
      line
        .split("\t")
        .map((value) =>
          value === nullAs ? null : value.replace(/\\(.)/g, (_, char: string) => escapes[char] ?? char),
        ),
    );
}

/** A text[] literal whose elements are all quoted. */
function arrayElements(literal: string): string[] {
  const inner = /^\{(.*)\}$/s.exec(literal);
  if (inner === null) throw new Error(`not an array: ${literal}`);
  const elements = [...inner[1].matchAll(/"((?:[^"\\]|\\.)*)"(?:,|$)/gs)].map(([, element]) =>
    element.replace(/\\(.)/gs, "$1"),
  );
  if (elements.map((element) => `"${element.replace(/[\\"]/g, "\\$&")}"`).join(",") !== inner[1])
    throw new Error(`not an array: ${literal}`);
  return elements;
}

/** `[row, field, code]` of each issue. */
export function issuesOf(validated: Validated): [number, string | undefined, string][] {
  return validated.rejects.flatMap(({ row, issues }) =>
    issues.map(({ c, f }): [number, string | undefined, string] => [row, f, c]),
  );
}
