/**
 * What a kind of field is: everything that is known of it without reading a byte. Each kind is described in a file of its own
 * next to this one and listed in field.ts; how its cells are read is in values/encode-*.ts, listed in values/encoder.ts.
 */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Check } from "../shape/shape.ts";
import type { Language } from "./language.ts";

/**
 * What an update does with a field: take the file's value unless it is blank, only fill what is blank, leave the record as it is, or
 * take the file's value even when it is blank. `append` is for lists: what the record does not have yet goes behind what it has.
 */
export type MergeRule = "overwrite" | "fill" | "never" | "clear" | "append";
export const mergeRules: readonly MergeRule[] = ["overwrite", "fill", "never", "clear", "append"];
/** Those of a field with one value. */
export const singleMergeRules: readonly MergeRule[] = ["overwrite", "fill", "never", "clear"];

/**
 * How another table is bounded by the importer's context: names of context values whose columns are called there as in the
 * target, or each context value's name with the column that has it there: `{ tenant_id: "org_id" }`.
 */
export type ContextScope = readonly string[] | Readonly<Record<string, string>>;

/** A row as the functions of its fields see it: the other fields' values, null where there is none. Annotate it for its types. */
// biome-ignore lint/suspicious/noExplicitAny: which fields there are is not known where a field is made
export type OtherValues = Readonly<Record<string, any>>;

/** Makes a value of a row. As a method's type it takes a row that is annotated: `(row: { starts: string | null }) => …`. */
export type OwnFunction = { of(row: OtherValues): unknown }["of"];

/** What a field can have where nothing is said of it: as its cell would say it, or as a row check sees it. */
export type DefaultValue = string | number | bigint | boolean | Date | readonly (string | number | boolean)[];

/** Names of columns by language, which need not be one that Sluice speaks. */
export type Aliases = Readonly<Record<string, readonly string[]>>;

/** What every kind of field has. */
export interface FieldOptions {
  /** A blank cell makes the row invalid. */
  required?: boolean | undefined;
  /** Headers that mean this field, by any language (`de`, `pt-BR`); case, accents and punctuation do not matter. */
  aliases?: Aliases | undefined;
  /** What a person reads, by language; also understood as an alias. */
  label?: Partial<Record<Language, string>> | undefined;
  /** Default `overwrite`. */
  merge?: MergeRule | undefined;
  /**
   * What a blank counts as, and every row where no column feeds the field: a value, or a function of the row's other values.
   *
   * @example ends: field.date({ default: (row) => row.starts })
   */
  default?: DefaultValue | OwnFunction | undefined;
  /**
   * Makes the field's value of the row's others; no column feeds it. A list is one of a list field. Dates are ISO 8601 text.
   *
   * @example full_name: field.text({ derive: (row) => `${row.first_name} ${row.last_name}` })
   */
  derive?: OwnFunction | undefined;
  /**
   * Column of the target table; default: the field's name. `null`: it has none, and is only looked at by `checks`, or goes where a
   * record of `records` says.
   */
  column?: string | null | undefined;
  /** Any Standard Schema validator (Zod, Valibot, ArkType …), called with the cell's normalised text. It must be synchronous. */
  validate?: StandardSchemaV1<string, unknown> | undefined;
  /**
   * Which records of another table the value may point at, where it is a reference or its column has a foreign key: those
   * that share these context values. Default for a foreign key: the context values whose columns the other table has too.
   */
  context?: ContextScope | undefined;
  /** The table that the value points at is everybody's: its records are found whatever the import's context. */
  shared?: boolean | undefined;
}

/** A field as its maker returns it, whatever its kind. */
export interface Common {
  readonly required: boolean;
  readonly aliases: Aliases;
  readonly label: Partial<Record<Language, string>>;
  readonly merge: MergeRule;
  readonly default?: FieldOptions["default"];
  readonly derive?: FieldOptions["derive"];
  readonly column?: string | null;
  readonly validate?: StandardSchemaV1<string, unknown>;
  readonly context?: ContextScope;
  readonly shared?: boolean;
}

/** A field as its options have it, which defineImporter looks through: only there it has a name. */
export function made<K extends string, O extends object>(kind: K, options: O): O & Common & { kind: K } {
  const isObject = typeof options === "object" && options !== null && !Array.isArray(options);
  const given = isObject
    ? Object.entries(options).filter(([, value]) => value !== undefined)
    : [["wrongOptions", options]];
  const plain = { required: false, aliases: {}, label: {}, merge: "overwrite" };
  return { ...plain, ...Object.fromEntries(given), kind } as unknown as O & Common & { kind: K };
}

/** A type of Postgres, by its name in SQL, in `pg_type`, and its category there (`pg_type.typcategory`). */
export interface StageType {
  readonly type: string;
  readonly base: string;
  readonly category: string;
}

export const textType: StageType = { type: "text", base: "text", category: "S" };

type Json = string | number | boolean | Json[] | { [name: string]: Json };
export type JsonSchema = Record<string, Json>;

/** Severity of an issue, and what it says: `text` of one row, `title` of many, in a few words. See core/issue.ts. */
export interface KindIssue {
  readonly severity: "error" | "warning" | "info";
  readonly text: Readonly<Record<Language, string>>;
  readonly title: Readonly<Record<Language, string>>;
}

/** A column of the target table, as `sluice check` compares it with a field. */
export interface TargetColumnType {
  /** The type below all domains, as `pg_type.typname`. */
  readonly base: string;
  /** `pg_type.typcategory`: `S` text, `N` numbers, `D` dates, `B` boolean, `E` enum, `A` arrays, `U` others. */
  readonly category: string;
  /** Of an enum. */
  readonly labels: readonly string[] | null;
  /** Of `numeric(p, s)`. */
  readonly scale: number | null;
  /** Of `varchar(n)` and `char(n)`. */
  readonly maxLength: number | null;
  /** What an array's elements are; null for what is no array. */
  readonly element: TargetColumnType | null;
}

/** A column of a table that `sluice init` looks for a field for. */
export interface FoundColumn {
  /** In snake case. */
  readonly name: string;
  /** As `pg_type.typname`: `varchar`, `int4`. */
  readonly typeName: string;
  readonly precision: number | null;
  readonly scale: number | null;
  readonly maxLength: number | null;
  /** Labels of an enum; of an array, its elements'. */
  readonly labels: readonly string[] | null;
  /** What its CHECKs allow. */
  readonly allowed: { values?: string[]; min?: number; max?: number; minLength?: number; maxLength?: number };
}

/** The field of a column, as code: `field.decimal({ scale: 2 })`. */
export interface DraftedField {
  /** The options as TypeScript, by their names; those that are undefined are left out. */
  readonly options?: Readonly<Record<string, string | undefined>>;
  /** What precedes the options. */
  readonly first?: string;
  /** What the reader has to know or decide, a sentence each. */
  readonly notes?: readonly string[];
  /** Whether duplicates can be recognised by it. Default true. */
  readonly mayBeKey?: boolean;
}

/** A value of a field that has a few. */
export interface Choice {
  value: string;
  /** What people call it, by language. */
  label: Partial<Record<Language, string>>;
  /** What means it beside the value itself, in any language, its labels among them. */
  words: string[];
}

/** How a key of the kind is compared, staged value with record (postgres/match/match-keys.ts). */
export type KeyComparison =
  /** As values of its own type. */
  | "value"
  /** As text, to the letter. */
  | "exact"
  /** As text whose case says nothing; to the letter where the table's unique index tells it apart by case. */
  | "any_case"
  /** As text that the stage has in lower case. */
  | "lower_case"
  /** As text, also where the column is an enum. */
  | "word"
  /** By the id that the word was looked up to. */
  | "looked_up"
  /** It is no key: it holds several values. */
  | "none";

/** Types that a string column of Postgres can have, as `pg_type.typname`. */
export const stringTypes: ReadonlySet<string> = new Set(["text", "varchar", "bpchar", "citext", "name"]);

/** Everything that Sluice knows of a kind of field but how to read its cells. */
export interface Kind<F extends Common> {
  /** What each of its own options must look like. */
  readonly options: Readonly<Record<Exclude<keyof F, keyof FieldOptions | "kind">, Check>>;
  /** Its own options that must be given. */
  readonly required?: readonly string[];
  /** Its own options that the API passes to a page, as the limits of what can be entered. */
  readonly limits?: readonly (keyof F & string)[];
  /** Type of its columns in the stage; where it depends on the field, `stageTypeOf` of core/field.ts says it. */
  readonly stage: StageType | ((field: F) => StageType);
  readonly key: KeyComparison;
  /** Its values are words: they are searched in the review, and a template's cells keep them as they are typed. */
  readonly isWords: boolean;
  /** What is learnt from a column's cells on how to read them (mapping/map-evidence.ts). */
  readonly evidence?: "date_order" | "decimal_mark" | "damage" | "separator";
  /** The fields that it is made of, by their place in it: `element`. Its own options and issues come first. */
  inner?(field: F): Readonly<Record<string, Common & { readonly kind: string }>>;
  /** They have columns of their own, which they are found by. */
  readonly areColumns?: boolean;
  /** A cell that is not blank may come to nothing: separators without a value. */
  readonly mayBlank?: boolean;
  /** What an update may do with it. Default: what it may with one value. */
  readonly mergeRules?: readonly MergeRule[];
  /** The issues that only this kind has. */
  readonly issues: Readonly<Record<string, KindIssue>>;
  /** A value as a row check sees it, from its COPY text. */
  value(text: string, field: F): unknown;
  /** A value as a member of a document, in JSON, from its COPY text. Default: a string. */
  json?(text: string, field: F): string;
  /** What its values are in JSON Schema (draft 2020-12). */
  schema(field: F): JsonSchema;
  /** A cell that a template shows; blank where none can be made up. */
  example(field: F, language: Language): string;
  /** Texts such as its cells become, on which a custom validator is tried. */
  samples(field: F): readonly string[];
  /** The values it can have, each with the words that mean it, where these are few. */
  choices?(field: F): Choice[];
  /** Whether no value of it can be one of the column's, though Postgres has a cast. */
  neverFits?(column: TargetColumnType): boolean;
  /** What of its values the column does not take, as a clause; null: nothing. */
  loss?(field: F, column: TargetColumnType): string | null;
  /** The field that `sluice init` writes for a column; null: the column is not of this kind. */
  draft?(column: FoundColumn): DraftedField | null;
}
