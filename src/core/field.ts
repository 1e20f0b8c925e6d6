/**
 * The kinds of field an importer can have, as plain data made by the functions of `field`. How a cell is read into one
 * stands in values/encode-*.ts.
 */
import type { StandardSchemaV1 } from "@standard-schema/spec";

export const languages = ["en", "fr", "sv"] as const;
export type Language = (typeof languages)[number];

/** What an update does with a field: take the file's value unless it is blank, only fill what is blank, leave the record as it is, or take the file's value even when it is blank. */
export type MergeRule = "overwrite" | "fill" | "never" | "clear";
export const mergeRules: readonly MergeRule[] = ["overwrite", "fill", "never", "clear"];

/**
 * How another table is bounded by the importer's context: names of context values whose columns are called there as in the
 * target, or each context value's name with the column that has it there: `{ tenant_id: "org_id" }`.
 */
export type ContextScope = readonly string[] | Readonly<Record<string, string>>;

/** What every kind of field has. */
export interface FieldOptions {
  /** A blank cell makes the row invalid. */
  required?: boolean | undefined;
  /** Headers that mean this field, by language; case, accents and punctuation do not matter. */
  aliases?: Partial<Record<Language, readonly string[]>> | undefined;
  /** What a person reads, by language; also understood as an alias. */
  label?: Partial<Record<Language, string>> | undefined;
  /** Default `overwrite`. */
  merge?: MergeRule | undefined;
  /** Column of the target table; default: the field's name. */
  column?: string | undefined;
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

interface Common {
  readonly required: boolean;
  readonly aliases: Partial<Record<Language, readonly string[]>>;
  readonly label: Partial<Record<Language, string>>;
  readonly merge: MergeRule;
  readonly column?: string;
  readonly validate?: StandardSchemaV1<string, unknown>;
  readonly context?: ContextScope;
  readonly shared?: boolean;
}

export interface TextLimits {
  /** In characters (Unicode code points). */
  minLength?: number | undefined;
  /** In characters (Unicode code points). */
  maxLength?: number | undefined;
  /** The whole text must match. */
  pattern?: RegExp | undefined;
}
export interface NumberLimits {
  min?: number | undefined;
  max?: number | undefined;
}
export interface YearOptions {
  /**
   * The first year that two digits can mean, the last being 99 years later. Default 1969, as POSIX has it: `68` is 2068, `69`
   * is 1969. For birthdays say 1925 or so.
   */
  twoDigitYearsFrom?: number | undefined;
}
export interface ReferenceOptions {
  /** Table the value is looked up in, optionally with its schema: `profiles` or `crm.profiles`. */
  table: string;
  /** Columns a cell is compared with, case ignored; the first that knows it decides. */
  by: readonly string[];
  /** Column whose value is stored. Default `id`. */
  id?: string | undefined;
}

export type TextField = Common & TextLimits & { readonly kind: "text" };
export type EmailField = Common & { readonly kind: "email" };
export type PhoneField = Common & { readonly kind: "phone"; readonly country: string };
export type IntegerField = Common & NumberLimits & { readonly kind: "integer" };
export type DecimalField = Common & NumberLimits & { readonly kind: "decimal"; readonly scale?: number };
export type DateField = Common & YearOptions & { readonly kind: "date" };
export type DatetimeField = Common & YearOptions & { readonly kind: "datetime"; readonly timeZone: string };
export type BooleanField = Common & { readonly kind: "boolean" };
export type ChoiceField<V extends string = string> = Common & {
  readonly kind: "choice";
  /** Stored value → the words that mean it, in any language. */
  readonly values: Readonly<Record<V, readonly string[]>>;
};
export type ReferenceField = Common & { readonly kind: "reference" } & ReferenceOptions;

export type Field =
  | TextField
  | EmailField
  | PhoneField
  | IntegerField
  | DecimalField
  | DateField
  | DatetimeField
  | BooleanField
  | ChoiceField
  | ReferenceField;
export type FieldKind = Field["kind"];

/** The value of a field as a row check sees it. Dates are ISO 8601 text, decimals text: neither loses anything. */
export type FieldValue<F extends Field> = F extends IntegerField
  ? number
  : F extends BooleanField
    ? boolean
    : F extends ChoiceField<infer V>
      ? V
      : string;

/** A field as its options have it, which defineImporter looks through: only there it has a name. */
function made<K extends FieldKind, O extends object>(kind: K, options: O): O & Common & { kind: K } {
  const isObject = typeof options === "object" && options !== null && !Array.isArray(options);
  const given = isObject
    ? Object.entries(options).filter(([, value]) => value !== undefined)
    : [["wrongOptions", options]];
  const plain = { required: false, aliases: {}, label: {}, merge: "overwrite" };
  return { ...plain, ...Object.fromEntries(given), kind } as unknown as O & Common & { kind: K };
}

/** Whether something is to be waited for, of whatever library. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

/**
 * The makers of fields.
 *
 * @example
 * const fields = {
 *   email: field.email({ required: true }),
 *   price: field.decimal({ min: 0, aliases: { fr: ["Prix"] } }),
 *   status: field.choice({ new: ["Nouveau"], won: ["Gagné"] }),
 * };
 */
export const field = {
  /** Text as it stands: leading zeros, long digits and `1E5` stay. Surrounding spaces go. */
  text(options: FieldOptions & TextLimits = {}): TextField {
    return made("text", options);
  },
  /** An e-mail address (the part of RFC 5322 people really have), in lower case. */
  email(options: FieldOptions = {}): EmailField {
    return made("email", options);
  },
  /** A phone number, stored as E.164 (`+33612345678`). `country` (ISO 3166-1, default `FR`) reads national forms. */
  phone(options: FieldOptions & { country?: string | undefined } = {}): PhoneField {
    return { country: "FR", ...made("phone", options) };
  },
  /** A whole number within ±2^53 and the limits. */
  integer(options: FieldOptions & NumberLimits = {}): IntegerField {
    return made("integer", options);
  },
  /** A decimal number, kept exactly; `scale` is the most digits after the mark. */
  decimal(options: FieldOptions & NumberLimits & { scale?: number | undefined } = {}): DecimalField {
    return made("decimal", options);
  },
  /** A calendar day, stored as `date`. */
  date(options: FieldOptions & YearOptions = {}): DateField {
    return made("date", options);
  },
  /** A moment, stored as `timestamptz`; without an offset in the cell it is read in `timeZone` (IANA, default `UTC`). */
  datetime(options: FieldOptions & YearOptions & { timeZone?: string | undefined } = {}): DatetimeField {
    return { timeZone: "UTC", ...made("datetime", options) };
  },
  /** Yes or no, in English, French and Swedish words, `1` and `0`. */
  boolean(options: FieldOptions = {}): BooleanField {
    return made("boolean", options);
  },
  /** One of a few values, each with the words that mean it. */
  choice<const V extends string>(
    values: Readonly<Record<V, readonly string[]>>,
    options: FieldOptions = {},
  ): ChoiceField<V> {
    return { ...made("choice", options), values };
  },
  /**
   * A record of another table, found by what the cell says. An importer with a context says of each whose records they are:
   * `context: ["tenant_id"]`, or `shared: true`.
   */
  reference(options: FieldOptions & ReferenceOptions): ReferenceField {
    return made("reference", options);
  },
};
