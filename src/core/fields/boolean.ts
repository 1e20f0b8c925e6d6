/** Yes or no. */
import { type Common, type FieldOptions, type Kind, made, type StageType } from "./kind.ts";
import type { Language } from "./language.ts";

export type BooleanField = Common & { readonly kind: "boolean" };

/** Yes or no, in English, French and Swedish words, `1` and `0`. */
export function boolean(options: FieldOptions = {}): BooleanField {
  return made("boolean", options);
}

const booleanType: StageType = { type: "boolean", base: "bool", category: "B" };

const yes: Readonly<Record<Language, string>> = { en: "yes", fr: "oui", sv: "ja" };

export const booleanKind = {
  options: {},
  stage: booleanType,
  key: "value",
  isWords: false,
  issues: {
    boolean_invalid: {
      severity: "error",
      text: {
        en: "{field} is neither yes nor no.",
        fr: "{field} n’est ni oui ni non.",
        sv: "{field} är varken ja eller nej.",
      },
      title: { en: "neither yes nor no", fr: "ni oui ni non", sv: "varken ja eller nej" },
    },
  },
  value: (stored) => stored === "t",
  json: (stored) => (stored === "t" ? "true" : "false"),
  schema: () => ({ type: "boolean" }),
  example: (_field, language) => yes[language],
  samples: () => ["t", "f"],
  draft: ({ typeName }) => (typeName === "bool" ? { mayBeKey: false } : null),
} as const satisfies Kind<BooleanField>;
