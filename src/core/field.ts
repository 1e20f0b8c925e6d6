/**
 * The kinds of field an importer can have: what makes each, and what is known of it. A kind is described in fields/, and how its
 * cells are read in values/encoder.ts.
 */
import { type BooleanField, boolean, booleanKind } from "./fields/boolean.ts";
import { type ChoiceField, choice, choiceKind } from "./fields/choice.ts";
import { type DateField, date, dateKind } from "./fields/date.ts";
import { type DatetimeField, datetime, datetimeKind } from "./fields/datetime.ts";
import { type DecimalField, decimal, decimalKind } from "./fields/decimal.ts";
import { type EmailField, email, emailKind } from "./fields/email.ts";
import { type IntegerField, integer, integerKind } from "./fields/integer.ts";
import type { Common, Kind, KindIssue } from "./fields/kind.ts";
import type { Language } from "./fields/language.ts";
import { type PhoneField, phone, phoneKind } from "./fields/phone.ts";
import { type ReferenceField, reference, referenceKind } from "./fields/reference.ts";
import { type TextField, text, textKind } from "./fields/text.ts";

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
export const field = { text, email, phone, integer, decimal, date, datetime, boolean, choice, reference };

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
export type FieldOf<K extends FieldKind> = Extract<Field, { kind: K }>;

/** What is known of each kind. */
export const kinds = {
  text: textKind,
  email: emailKind,
  phone: phoneKind,
  integer: integerKind,
  decimal: decimalKind,
  date: dateKind,
  datetime: datetimeKind,
  boolean: booleanKind,
  choice: choiceKind,
  reference: referenceKind,
} satisfies { readonly [K in FieldKind]: Kind<FieldOf<K>> } & Record<keyof typeof field, unknown>;

/** Whether it is the name of a kind. */
export function isFieldKind(name: unknown): name is FieldKind {
  return typeof name === "string" && Object.hasOwn(kinds, name);
}

/** What is known of a field's kind. */
export function kindOf({ kind }: Pick<Field, "kind">): Kind<Field & Common> {
  return kinds[kind] as unknown as Kind<Field & Common>;
}

/** The value of a field as a row check sees it. Dates are ISO 8601 text, decimals text: neither loses anything. */
export type FieldValue<F extends Field> =
  F extends ChoiceField<infer V> ? V : ReturnType<(typeof kinds)[F["kind"]]["value"]>;

/** Codes of the issues that only fields of one kind have. */
export type KindIssueCode = { [K in FieldKind]: keyof (typeof kinds)[K]["issues"] }[FieldKind];

export const kindIssues = Object.assign({}, ...Object.values(kinds).map(({ issues }) => issues)) as Readonly<
  Record<KindIssueCode, KindIssue>
>;

/** What the issues of the kinds say in a language. */
export function kindWords(language: Language, of: "text" | "title"): Readonly<Record<KindIssueCode, string>> {
  const words = Object.entries<KindIssue>(kindIssues).map(([code, issue]) => [code, issue[of][language]]);
  return Object.fromEntries(words) as Record<KindIssueCode, string>;
}

/** Whether something is to be waited for, of whatever library. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
