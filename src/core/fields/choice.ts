/** One of a few values. */
import { type Check, firstOf, listOf, mapOf, shown, text } from "../shape/shape.ts";
import { type Common, type FieldOptions, type Kind, made, stringTypes, textType } from "./kind.ts";

export type ChoiceField<V extends string = string> = Common & {
  readonly kind: "choice";
  /** Stored value → the words that mean it, in any language. */
  readonly values: Readonly<Record<V, readonly string[]>>;
};

/** One of a few values, each with the words that mean it. */
export function choice<const V extends string>(
  values: Readonly<Record<V, readonly string[]>>,
  options: FieldOptions = {},
): ChoiceField<V> {
  return { ...made("choice", options), values };
}

/** A value's words, each meaning no other value. */
const choices: Check = (value, place) => {
  if (Array.isArray(value) && value.every((each) => typeof each === "string"))
    return `${place} is a list. Give each value its words: { ${value.map((each) => `${JSON.stringify(each)}: []`).join(", ")} }`;
  const wrong = mapOf(listOf(text), { least: 1 })(value, place);
  if (wrong !== null) return wrong;
  const owners = new Map<string, string>();
  return firstOf(Object.entries(value as Record<string, string[]>), ([name, words]) => {
    if (name.trim() === "") return `${place} has a value without a name. A blank cell is no value`;
    return firstOf(words, (word) => {
      const plain = word.trim().toLowerCase();
      const other = owners.get(plain);
      owners.set(plain, name);
      return other === undefined || other === name
        ? null
        : `${place}: ${shown(word)} means both "${other}" and "${name}". Leave it with one of them`;
    });
  });
};

/** A key of an object literal; `__proto__` would be its prototype. */
function keyCode(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

export const choiceKind = {
  options: { values: choices },
  required: ["values"],
  stage: textType,
  key: "word",
  isWords: true,
  issues: {
    choice_unknown: {
      severity: "error",
      text: {
        en: "{field} is not one of: {choices}.",
        fr: "{field} ne fait pas partie de : {choices}.",
        sv: "{field} är inget av: {choices}.",
      },
      title: { en: "not one of the options", fr: "valeur hors de la liste", sv: "inget av valen" },
    },
  },
  value: (stored) => stored,
  schema: ({ values }) => ({ type: "string", enum: Object.keys(values) }),
  example({ values }) {
    const [value, words] = Object.entries(values)[0] ?? ["", []];
    return words[0] ?? value;
  },
  samples: ({ values }) => Object.keys(values),
  choices: ({ values }) => Object.entries(values).map(([value, words]) => ({ value, words: [...words] })),
  loss({ values }, { labels }) {
    const strange = labels === null ? [] : Object.keys(values).filter((value) => !labels.includes(value));
    return strange.length === 0
      ? null
      : `it has no value ${strange.map((value) => `"${value}"`).join(", ")}, and rows that say so are refused`;
  },
  draft({ typeName, labels, allowed }) {
    const values = labels ?? allowed.values ?? null;
    if (values === null) return null;
    return {
      first: `{ ${values.map((value) => `${keyCode(value)}: []`).join(", ")} }`,
      notes: ["Add the words that your files use for each value."],
      mayBeKey: labels === null && stringTypes.has(typeName),
    };
  },
} as const satisfies Kind<ChoiceField>;
