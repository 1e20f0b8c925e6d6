/** A whole number. */
import { whole } from "../shape/shape.ts";
import { type Common, type FieldOptions, type Kind, made, type StageType } from "./kind.ts";

export interface NumberLimits {
  min?: number | undefined;
  max?: number | undefined;
}
export type IntegerField = Common & NumberLimits & { readonly kind: "integer" };

/** A whole number within ±2^53 and the limits. */
export function integer(options: FieldOptions & NumberLimits = {}): IntegerField {
  return made("integer", options);
}

const bigint: StageType = { type: "bigint", base: "int8", category: "N" };

/** Beyond it a number in JavaScript is no longer the one that was written. */
const mostWhole = Number.MAX_SAFE_INTEGER;

/** Limits of Postgres's own types; `int8` has more than a number in JavaScript. */
const columnLimits: Readonly<Record<string, readonly [number?, number?]>> = {
  int2: [-32_768, 32_767],
  int4: [-2_147_483_648, 2_147_483_647],
  int8: [],
};

/** A number as TypeScript has it: `2_147_483_647`. */
export function numberCode(value: number | undefined): string | undefined {
  if (value === undefined) return undefined;
  const [digits, fraction] = String(value).split(".");
  const grouped = digits.replace(/\B(?=(?:\d{3})+$)/g, "_");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A number of the field's own limits. */
export function numberWithin({ min, max }: NumberLimits, number: number): number {
  return Math.min(Math.max(number, min ?? number), max ?? number);
}

/** The limits in JSON Schema. */
export function limitsSchema({ min, max }: NumberLimits): { minimum?: number; maximum?: number } {
  return { ...(min !== undefined && { minimum: min }), ...(max !== undefined && { maximum: max }) };
}

export const integerKind = {
  options: { min: whole(-mostWhole, mostWhole), max: whole(-mostWhole, mostWhole) },
  limits: ["min", "max"],
  stage: bigint,
  key: "value",
  isWords: false,
  evidence: "decimal_mark",
  issues: {
    integer_invalid: {
      severity: "error",
      text: {
        en: "{field} is not a whole number.",
        fr: "{field} n’est pas un nombre entier.",
        sv: "{field} är inget heltal.",
      },
      title: { en: "not a whole number", fr: "pas un nombre entier", sv: "inget heltal" },
    },
  },
  value: (stored) => Number(stored),
  json: (stored) => stored,
  schema: (field) => ({ type: "integer", ...limitsSchema(field) }),
  example: (field) => String(numberWithin(field, 1)),
  samples: () => ["1"],
  // Postgres would keep the lowest bit of it.
  neverFits: ({ base }) => base === "bit",
  draft({ typeName, allowed }) {
    if (!Object.hasOwn(columnLimits, typeName)) return null;
    const [least, most] = columnLimits[typeName];
    return { options: { min: numberCode(allowed.min ?? least), max: numberCode(allowed.max ?? most) } };
  },
} as const satisfies Kind<IntegerField>;
