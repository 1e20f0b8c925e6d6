/** Text, unchanged. */
import { patternProblem } from "../pattern/pattern.ts";
import { type Check, isPattern, oneOf, shown, whole } from "../shape/shape.ts";
import { type Common, type FieldOptions, type Kind, made, stringTypes, textType } from "./kind.ts";

export interface TextLimits {
  /** In characters (Unicode code points). */
  minLength?: number | undefined;
  /** In characters (Unicode code points). */
  maxLength?: number | undefined;
  /** The whole text must match. */
  pattern?: RegExp | undefined;
}
export interface TextComparison {
  /**
   * How it is compared as a key of the match. Default: as a unique index on its column does, which tells `Ab` from `AB` unless it is
   * over `lower(…)` or a `citext`; `any_case` where there is none.
   */
  compare?: "exact" | "any_case" | undefined;
}
export type TextField = Common & TextLimits & TextComparison & { readonly kind: "text" };

/** Text, unchanged: leading zeros, long digits and `1E5` stay. Surrounding spaces go. */
export function text(options: FieldOptions & TextLimits & TextComparison = {}): TextField {
  return made("text", options);
}

/** Characters of a cell; a text of Postgres ends at 1 GB. */
const mostCharacters = 1_073_741_823;

const pattern: Check = (value, place) => {
  if (!isPattern(value))
    return `${place} is ${shown(value)}: it must be a regular expression, as /[A-Z]{3}/${typeof value === "string" ? ", without quotes" : ""}`;
  const problem = patternProblem(value);
  return problem === null ? null : `${place} is ${value}: ${problem}`;
};

export const textKind = {
  options: {
    minLength: whole(0, mostCharacters),
    maxLength: whole(1, mostCharacters),
    pattern,
    compare: oneOf(["exact", "any_case"]),
  },
  limits: ["minLength", "maxLength", "pattern"],
  stage: textType,
  key: "any_case",
  isWords: true,
  evidence: "damage",
  issues: {
    text_too_long: {
      severity: "error",
      text: {
        en: "{field} is longer than {max} characters.",
        fr: "{field} dépasse {max} caractères.",
        sv: "{field} är längre än {max} tecken.",
      },
      title: { en: "too long", fr: "trop long", sv: "för lång" },
    },
    text_too_short: {
      severity: "error",
      text: {
        en: "{field} is shorter than {min} characters.",
        fr: "{field} compte moins de {min} caractères.",
        sv: "{field} är kortare än {min} tecken.",
      },
      title: { en: "too short", fr: "trop court", sv: "för kort" },
    },
    text_pattern: {
      severity: "error",
      text: {
        en: "{field} does not match the expected format ({pattern}).",
        fr: "{field} n’a pas la forme attendue ({pattern}).",
        sv: "{field} har inte den väntade formen ({pattern}).",
      },
      title: { en: "not in the expected format", fr: "pas de la forme attendue", sv: "inte av väntad form" },
    },
  },
  value: (stored) => stored,
  schema: ({ minLength, maxLength, pattern: form }) => ({
    type: "string",
    ...(minLength !== undefined && { minLength }),
    ...(maxLength !== undefined && { maxLength }),
    ...(form !== undefined && { pattern: `^(?:${form.source})$` }),
  }),
  example: () => "",
  samples: () => ["a", "Anna Berg", "12345"],
  draft({ typeName, maxLength, allowed }) {
    if (!stringTypes.has(typeName)) return null;
    const most = Math.min(maxLength ?? Number.POSITIVE_INFINITY, allowed.maxLength ?? Number.POSITIVE_INFINITY);
    return {
      options: {
        minLength: allowed.minLength?.toString(),
        maxLength: Number.isFinite(most) ? String(most) : undefined,
      },
    };
  },
} as const satisfies Kind<TextField>;
