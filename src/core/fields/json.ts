/** A document: a cell of JSON, or several columns that are its members. */
import { type Check, firstOf, flag, isObject, shown } from "../shape/shape.ts";
import { type Common, type FieldOptions, type Kind, made, type StageType } from "./kind.ts";
import type { ElementField, InnerField, KindOf, ListField } from "./list.ts";

/** The members of a document that have columns of their own, each with how its cells are read. */
export type JsonShape = Readonly<Record<string, ElementField | ListField>>;

export interface JsonOptions {
  /** Columns that feed no other field become members by their headers, as text. */
  rest?: boolean | undefined;
}

export type JsonField = Common & { readonly kind: "json"; readonly shape: JsonShape; readonly rest: boolean };

/**
 * A document, stored as `jsonb`: a cell that is a JSON object or array; columns of its members (`custom.size`, found by the names,
 * labels and aliases of the shape); and with `rest` the columns that feed no other field. Members that have a column are taken
 * together with what a cell of JSON says, and go before it. An update changes the members that the file has, and no others.
 *
 * @example
 * custom: field.json({ size: field.integer(), sector: field.text({ aliases: { fr: ["Secteur"] } }) }, { rest: true })
 */
export function json(shape: JsonShape = {}, options: FieldOptions & JsonOptions = {}): JsonField {
  return { rest: false, ...made("json", options), shape };
}

const jsonb: StageType = { type: "jsonb", base: "jsonb", category: "U" };

/** A member's name stands in the mapping after a dot. */
const memberName = /^[^.*\s][^.*]{0,54}$/;

const shape: Check = (value, place) => {
  if (!isObject(value)) return `${place} is ${shown(value)}: it must be an object, as { size: field.integer() }`;
  return firstOf(Object.entries(value), ([name, member]) => {
    if (!memberName.test(name))
      return `${place}: the name "${name}" cannot be used: 1 to 55 characters, without . and *`;
    return typeof member === "function" ? `${place}.${name} is a function. Call it, as field.text()` : null;
  });
};

export const jsonKind = (kindOf: KindOf) =>
  ({
    options: { shape, rest: flag },
    required: ["shape"],
    stage: jsonb,
    key: "none",
    isWords: true,
    inner: (field: JsonField): Readonly<Record<string, InnerField>> => field.shape,
    areColumns: true,
    issues: {
      json_invalid: {
        severity: "error",
        text: {
          en: "{field} is not a JSON object or array.",
          fr: "{field} n’est pas un objet ou un tableau JSON.",
          sv: "{field} är inget JSON-objekt och ingen JSON-lista.",
        },
        title: { en: "not JSON", fr: "pas du JSON", sv: "inte JSON" },
      },
      json_too_deep: {
        severity: "error",
        text: {
          en: "{field} is nested more than {max} levels deep.",
          fr: "{field} est imbriqué sur plus de {max} niveaux.",
          sv: "{field} är kapslat i mer än {max} nivåer.",
        },
        title: { en: "JSON nested too deep", fr: "JSON trop imbriqué", sv: "för djupt kapslad JSON" },
      },
    },
    value: (stored: string): unknown => JSON.parse(stored),
    schema(field: JsonField) {
      const members = Object.entries(field.shape).map(
        ([name, member]) => [name, kindOf(member).schema(member)] as const,
      );
      return {
        type: members.length === 0 && !field.rest ? ["object", "array"] : "object",
        ...(members.length > 0 && { properties: Object.fromEntries(members) }),
      };
    },
    example: () => "",
    samples: () => ["{}"],
    neverFits: ({ base, category }) => base !== "jsonb" && base !== "json" && category !== "S",
    draft: ({ typeName }) => (typeName === "jsonb" || typeName === "json" ? { first: "{}", mayBeKey: false } : null),
  }) as const satisfies Kind<JsonField>;
