/** What a program says of a file that it imports. */
import type { Assignment } from "../core/assignment.ts";
import type { DuplicateStrategy } from "../core/duplicates.ts";
import type { FieldSource } from "../core/field-source.ts";
import type { SaidColumns } from "../core/given-mapping.ts";
import { type ImportOptions, type OptionName, optionNames } from "../core/import-options.ts";
import type { Key } from "../core/keys.ts";

/** A path, a `file:` address, bytes, a `Blob`, or a stream of bytes. */
export type ImportedFile = string | URL | Uint8Array | Blob | AsyncIterable<Uint8Array>;

/** Options that a program says in words of its own, or that a program's import has no use for. */
const otherwise = [
  "duplicates",
  "assignment",
  "context",
  "language",
  "autoCommit",
] as const satisfies (keyof ImportOptions)[];

/**
 * What is decided about an import; what is left out is as the importer says, or suggested. `dialect`: what is not left to detection
 * (encoding, delimiter, quote, header row, sheet), and how rows and cells are taken. `merge`: what an update does with a field.
 */
export interface ImportChoices extends Partial<Omit<ImportOptions, (typeof otherwise)[number]>> {
  /** Values that the importer asks for beside the file: a tenant, an owner. */
  context?: Readonly<Record<string, string | number | bigint>>;
  /**
   * Columns of the file → fields; null: a column is left out. The others are suggested. `default`: what a blank cell counts as.
   *
   * @example mapping: { "E-mail": "email", Country: { field: "country", default: "FR" }, Notes: null }
   */
  mapping?: SaidColumns;
  /**
   * Fields whose values are not the cells of one column.
   *
   * @example values: { source: { kind: "constant", value: "Fair 2026" }, name: { kind: "join", columns: ["First", "Last"], separator: " " } }
   */
  values?: Readonly<Record<string, FieldSource<string>>>;
  /** Takes doubtful columns as they are suggested. Default: they are refused. */
  acceptDoubts?: boolean;
  onDuplicate?: DuplicateStrategy;
  /** What to find duplicates by, the strongest first: fields, or lists of several together. */
  match?: readonly Key[];
  /** Owners by id, e-mail or name. */
  assign?: Assignment;
  /** In whose name. Default `program`. */
  user?: string;
  /** What the file is called. Default: its name, where it has one. */
  fileName?: string;
}

/** Those that are options by the same name. */
export const sameNames = optionNames.filter((name) => !(otherwise as readonly string[]).includes(name)) as Exclude<
  OptionName,
  (typeof otherwise)[number]
>[];

export const choiceNames: readonly string[] = [
  ...([
    "context",
    "mapping",
    "values",
    "acceptDoubts",
    "onDuplicate",
    "match",
    "assign",
    "user",
    "fileName",
  ] as const satisfies readonly (keyof ImportChoices)[]),
  "dialect",
  ...sameNames,
];
