/**
 * A program's file before there is an import of it: whether it holds a table, whether its columns feed what is needed, and whether they can
 * be read without asking.
 */
import { type Telling, told } from "../../core/errors.ts";
import type { Language } from "../../core/fields/language.ts";
import { fileFormats, formatNames } from "../../core/file-formats.ts";
import { doubtsOf, type MappingDoubt } from "../../core/import.ts";
import type { ImportOptions } from "../../core/import-options.ts";
import type { Importer } from "../../core/importer.ts";
import { knownNames } from "../../core/known-names.ts";
import type { Inspection } from "../../engine/inspector.ts";
import { doubtWords, refuseNothingFed, refuseUnfedKey } from "../../engine/start-check.ts";
import { labelOf } from "../importers/importer-view.ts";
import type { UploadedFile } from "../intake/intake.ts";
import type { HttpParts } from "../request/request-context.ts";
import type { SaidOptions } from "./form-options.ts";
import { type Refusal, Refused, refusedAs } from "./refusal.ts";

/** A column whose field is a guess that was taken, for the answer. */
export interface DoubtfulColumn {
  code: MappingDoubt;
  column: string;
  field: string;
}

export interface CheckedFile {
  inspection: Inspection;
  doubts: DoubtfulColumn[];
}

/** Columns that a refusal names. */
const maxNamed = 100;
/** With a wrong guess of these the values themselves would be others. */
const ofValues: readonly MappingDoubt[] = ["date_order", "date_serial", "decimal_mark", "separator", "time_zone"];
const choices: Readonly<Record<MappingDoubt, readonly string[] | null>> = {
  ambiguous_field: null,
  similar_name: null,
  suggested_split: null,
  date_order: ["dmy", "mdy"],
  date_serial: ["serial", "dmy", "mdy", "ymd"],
  decimal_mark: [",", "."],
  separator: [";", ",", "|", "/", "\n", "\t"],
  time_zone: null,
};

export const readableEndings: readonly string[] = formatNames.flatMap((name) => fileFormats[name].endings);

/** @throws Refused for a file, or options, that do not serve */
export async function checkFile(
  { preparation }: Pick<HttpParts, "preparation">,
  asked: {
    importer: Importer;
    file: UploadedFile;
    options: ImportOptions;
    given: SaidOptions["given"];
    acceptDoubts: boolean | null;
    language: Language;
  },
  signal?: AbortSignal,
): Promise<CheckedFile> {
  const { importer, file, options, given, acceptDoubts, language } = asked;
  const inspection = await preparation
    .inspect(file, { ...options.dialect, names: knownNames(importer) }, signal)
    .catch(
      refusedAs("file_unreadable", ({ next }) =>
        next?.code === "omit_option"
          ? { code: "option_invalid", found: next.option }
          : { expected: readableEndings, found: file.name },
      ),
    );
  const { mapping, missing } = await preparation
    .suggest(importer, inspection, given)
    .catch(
      refusedAs("option_invalid", ({ next }) =>
        next?.code === "correct_mapping" ? { expected: named(inspection.dialect.columns), found: next.column } : {},
      ),
    );
  refuseMissing(importer, inspection.dialect.columns, missing, language);
  try {
    refuseNothingFed({ mapping }, importer);
    refuseUnfedKey(options, importer, mapping);
  } catch (error) {
    refusedAs("header_missing", () => ({ found: named(inspection.dialect.columns) }))(error);
  }
  const doubts = doubtsOf(mapping).flatMap(({ doubt, header, field }) =>
    field === null ? [] : [{ code: doubt, column: header, field }],
  );
  refuseDoubtful(doubts, acceptDoubts);
  return { inspection, doubts };
}

/** @throws Refused for a file of more rows than an answer with results waits for */
export async function refuseManyRows(
  { preparation }: Pick<HttpParts, "preparation">,
  file: UploadedFile,
  inspection: Inspection,
  atMost: number,
  signal?: AbortSignal,
): Promise<void> {
  const rows = await preparation
    .countRows(file, inspection, atMost, signal)
    .catch(refusedAs("file_unreadable", () => ({ expected: readableEndings, found: file.name })));
  if (rows <= atMost) return;
  throw new Refused([
    {
      code: "rows_too_many",
      message: told`${file.name} has more than ${atMost} rows, the limit for an import that is answered with its results. Split the file.`,
      expected: atMost,
      found: rows,
    },
  ]);
}

function refuseMissing(
  importer: Importer,
  columns: readonly string[],
  missing: readonly string[],
  language: Language,
): void {
  if (missing.length === 0) return;
  const found = named(columns);
  const groups = missing.map((group) => group.split(" | "));
  const labels = groups.map((fields) =>
    fields.map((name) => labelOf(name, importer.fields[name], language)).join(" | "),
  );
  const refusals = groups.map(
    (fields, k): Refusal => ({
      code: "header_missing",
      message: told`No column feeds “${labels[k]}”. The columns of the file are: ${found}.`,
      expected: fields.flatMap((name) => headersOf(importer, name, language)),
      found,
    }),
  );
  throw new Refused(refusals, told`No columns feed: ${labels}. The columns of the file are: ${found}.`);
}

/** Headers that mean a field: what it is called in the reader's language first, then the words that people use for it, then its name. */
function headersOf(importer: Importer, name: string, language: Language): string[] {
  const field = importer.fields[name];
  const aliases = [...(field.aliases[language] ?? []), ...Object.values(field.label)];
  const others = Object.values(field.aliases).flat();
  return [...new Set([labelOf(name, field, language), ...aliases, ...others, name])];
}

function refuseDoubtful(doubts: readonly DoubtfulColumn[], acceptDoubts: boolean | null): void {
  if (acceptDoubts === true) return;
  const open = acceptDoubts === false ? doubts : doubts.filter(({ code }) => ofValues.includes(code));
  if (open.length === 0) return;
  throw new Refused(
    open.map(
      (doubt): Refusal => ({
        code: "column_doubtful",
        message: doubtOf(doubt),
        expected: choices[doubt.code] ?? doubt.field,
        found: doubt.column,
      }),
    ),
    told`Some columns need a decision: ${open.map(({ column, code }) => told`“${column}” (${doubtWords[code]})`)}. Say in the mapping what they are, or accept the suggestions.`,
  );
}

/** What is in doubt about a column, as a sentence. */
export function doubtOf({ code, column, field }: DoubtfulColumn): Telling {
  return told`The column “${column}” feeds “${field}” as a guess (${doubtWords[code]}). Say in the mapping what it is, or accept the suggestion.`;
}

function named(columns: readonly string[]): string[] {
  return columns.length > maxNamed ? [...columns.slice(0, maxNamed), "…"] : [...columns];
}
