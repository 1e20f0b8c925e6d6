/**
 * The kinds of field an importer can have: what makes each, and what is known of it. A kind is described in fields/, and how its
 * cells are read in values/encoder.ts.
 */
import { boolean, booleanKind } from "./fields/boolean.ts";
import { type ChoiceField, choice, choiceKind } from "./fields/choice.ts";
import { type ColumnsField, columns, columnsKind } from "./fields/columns.ts";
import { date, dateKind } from "./fields/date.ts";
import { datetime, datetimeKind } from "./fields/datetime.ts";
import { decimal, decimalKind } from "./fields/decimal.ts";
import { email, emailKind } from "./fields/email.ts";
import { integer, integerKind } from "./fields/integer.ts";
import { type JsonField, json, jsonKind } from "./fields/json.ts";
import {
  type Choice,
  type Common,
  type Kind,
  type KindIssue,
  type MergeRule,
  type StageType,
  singleMergeRules,
} from "./fields/kind.ts";
import type { Language } from "./fields/language.ts";
import { type ElementField, type InnerField, type ListField, list, listKind } from "./fields/list.ts";
import { phone, phoneKind } from "./fields/phone.ts";
import { type ReferenceField, reference, referenceKind } from "./fields/reference.ts";
import { text, textKind } from "./fields/text.ts";
import { time, timeKind } from "./fields/time.ts";
import { url, urlKind } from "./fields/url.ts";
import { uuid, uuidKind } from "./fields/uuid.ts";

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
  text,
  email,
  phone,
  integer,
  decimal,
  date,
  datetime,
  time,
  boolean,
  choice,
  url,
  uuid,
  list,
  columns,
  json,
  reference,
};

export type Field = ElementField | ListField | ColumnsField | JsonField | ReferenceField;
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
  time: timeKind,
  boolean: booleanKind,
  choice: choiceKind,
  url: urlKind,
  uuid: uuidKind,
  list: listKind(innerKind, innerStageType),
  columns: columnsKind(innerKind, innerStageType),
  json: jsonKind(innerKind),
  reference: referenceKind,
} satisfies { readonly [K in FieldKind]: Kind<FieldOf<K>> } & Record<keyof typeof field, unknown>;

function innerKind(inner: InnerField): Kind<InnerField> {
  return kindOf(inner as Field) as unknown as Kind<InnerField>;
}

function innerStageType(inner: InnerField): StageType {
  return stageTypeOf(inner as Field);
}

/** Whether it is the name of a kind. */
export function isFieldKind(name: unknown): name is FieldKind {
  return typeof name === "string" && Object.hasOwn(kinds, name);
}

/** What is known of a field's kind. */
export function kindOf({ kind }: Pick<Field, "kind">): Kind<Field & Common> {
  return kinds[kind] as unknown as Kind<Field & Common>;
}

/** The type of a field's column in the stage. */
export function stageTypeOf(field: Field): StageType {
  const { stage } = kindOf(field);
  return typeof stage === "function" ? stage(field) : stage;
}

/** The fields that a field is made of, by their place in it; none of most. */
export function innerFields(field: Field): Readonly<Record<string, Field>> {
  return (kindOf(field).inner?.(field) ?? {}) as Readonly<Record<string, Field>>;
}

/** What an update may do with a field. */
export function mergeRulesOf(field: Field): readonly MergeRule[] {
  return kindOf(field).mergeRules ?? singleMergeRules;
}

/** What a value of a field is called in a language; the value itself where it has no label. */
export function choiceLabel(field: Field, value: string, language: Language): string {
  const { label } = choicesOf(field)?.find((each) => each.value === value) ?? {};
  return label?.[language] ?? label?.en ?? value;
}

/** The values that a field, or a list's element, can have, where these are few; null elsewhere. */
export function choicesOf(field: Field): Choice[] | null {
  const one = field.kind === "list" || field.kind === "columns" ? field.element : field;
  return kindOf(one).choices?.(one) ?? null;
}

/** The value of a field as a row check sees it. Dates are ISO 8601 text, decimals text: neither loses anything. */
export type FieldValue<F extends Field> = F extends ListField<infer E> | ColumnsField<infer E>
  ? FieldValue<E>[]
  : F extends ChoiceField<infer V>
    ? V
    : ReturnType<(typeof kinds)[F["kind"]]["value"]>;

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
