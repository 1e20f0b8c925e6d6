/** One of a few values. */
import { keyCode } from "../shape/key-code.ts";
import { type Check, firstOf, listOf, mapOf, objectOf, shown, text } from "../shape/shape.ts";
import { type Choice, type Common, type FieldOptions, type Kind, made, stringTypes, textType } from "./kind.ts";
import { type Language, languages } from "./language.ts";

/** What a value is called, by language, and other words that mean it. */
export interface NamedChoice {
  label?: Partial<Record<Language, string>> | undefined;
  words?: readonly string[] | undefined;
}

/** The words that mean a value, in any language; or what it is called, which is understood as well. */
export type ChoiceMeaning = readonly string[] | NamedChoice;

export type ChoiceField<V extends string = string> = Common & {
  readonly kind: "choice";
  /** Stored value → what means it. */
  readonly values: Readonly<Record<V, ChoiceMeaning>>;
};

/**
 * One of a few values, each with the words that mean it, or with what people call it by language.
 *
 * @example
 * field.choice({ new: ["Nouveau"], won: ["Gagné"] })
 * field.choice({ new: { label: { en: "New", fr: "Nouveau", sv: "Ny" }, words: ["fresh"] } })
 */
export function choice<const V extends string>(
  values: Readonly<Record<V, ChoiceMeaning>>,
  options: FieldOptions = {},
): ChoiceField<V> {
  return { ...made("choice", options), values };
}

/** A value with all that means it, its labels first. */
function choiceOf(value: string, meaning: ChoiceMeaning): Choice {
  if (!("label" in meaning || "words" in meaning))
    return { value, label: {}, words: [...(meaning as readonly string[])] };
  const { label = {}, words = [] } = meaning;
  const named = Object.values(label).filter((each) => each !== undefined);
  return { value, label, words: [...new Set([...named, ...words])] };
}

const labelled = objectOf({
  label: objectOf(Object.fromEntries(languages.map((name) => [name, text]))),
  words: listOf(text),
});
const meaning: Check = (value, place) => (Array.isArray(value) ? listOf(text)(value, place) : labelled(value, place));

/** A value's words, each meaning no other value. */
const choices: Check = (value, place) => {
  if (Array.isArray(value) && value.every((each) => typeof each === "string"))
    return `${place} is a list. Give each value its words: { ${value.map((each) => `${JSON.stringify(each)}: []`).join(", ")} }`;
  const wrong = mapOf(meaning, { least: 1 })(value, place);
  if (wrong !== null) return wrong;
  const owners = new Map<string, string>();
  return firstOf(Object.entries(value as Record<string, ChoiceMeaning>), ([name, given]) => {
    const { words } = choiceOf(name, given);
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

/** A cell that means a value: what it is called, else its first word. */
export function shownChoice({ value, label, words }: Choice, language: Language): string {
  return label[language] ?? label.en ?? words[0] ?? value;
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
  example({ values }, language) {
    const [first] = Object.entries(values).map(([value, given]) => choiceOf(value, given));
    return first === undefined ? "" : shownChoice(first, language);
  },
  samples: ({ values }) => Object.keys(values),
  choices: ({ values }) => Object.entries(values).map(([value, given]) => choiceOf(value, given)),
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
