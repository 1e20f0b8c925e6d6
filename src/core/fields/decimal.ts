/** A decimal number, kept exactly. */
import { number, whole } from "../shape/shape.ts";
import { limitsSchema, type NumberLimits, numberCode, numberWithin } from "./integer.ts";
import { type Common, type FieldOptions, type Kind, made, type StageType } from "./kind.ts";

export type DecimalField = Common & NumberLimits & { readonly kind: "decimal"; readonly scale?: number };

/** A decimal number, kept exactly; `scale` is the most digits after the mark. */
export function decimal(options: FieldOptions & NumberLimits & { scale?: number | undefined } = {}): DecimalField {
  return made("decimal", options);
}

const numeric: StageType = { type: "numeric", base: "numeric", category: "N" };

/** As many as `numeric(p, s)` can have, by the Postgres manual, section 8.1.2. */
const mostDigits = 1000;

export const decimalKind = {
  options: { min: number, max: number, scale: whole(0, mostDigits) },
  limits: ["min", "max", "scale"],
  stage: numeric,
  key: "value",
  isWords: false,
  evidence: "decimal_mark",
  issues: {
    decimal_invalid: {
      severity: "error",
      text: {
        en: "{field} is not a number in the expected format.",
        fr: "{field} n’est pas un nombre de la forme attendue.",
        sv: "{field} är inget tal av väntad form.",
      },
      title: {
        en: "not a number in the expected format",
        fr: "pas un nombre de la forme attendue",
        sv: "inget tal av väntad form",
      },
    },
  },
  value: (stored) => stored,
  json: (stored) => stored,
  schema: (field) => ({
    type: "number",
    ...limitsSchema(field),
    ...(field.scale !== undefined && { multipleOf: Number(`1e-${field.scale}`) }),
  }),
  example(field, language) {
    const written = numberWithin(field, 1.5).toFixed(Math.min(field.scale ?? 1, 2));
    return language === "en" ? written : written.replace(".", ",");
  },
  samples: () => ["1.5"],
  loss(field, { base, scale }) {
    if (/^int[248]$/.test(base)) return "numbers with decimals are refused row by row. Use field.integer()";
    if (scale !== null && (field.scale === undefined || field.scale > scale))
      return `more than ${scale} decimals are rounded. Say scale: ${scale}`;
    return null;
  },
  draft({ typeName, precision, scale, allowed }) {
    const limits = { min: numberCode(allowed.min), max: numberCode(allowed.max) };
    if (typeName === "float4" || typeName === "float8") return { options: limits, mayBeKey: false };
    if (typeName === "money") return { options: { scale: "2" }, mayBeKey: false };
    if (typeName !== "numeric") return null;
    if (scale === null || scale < 0) return { options: limits };
    // Beyond 15 digits a JavaScript number cannot say the limit; the database still does.
    const isSayable = precision !== null && scale <= precision && precision <= 15;
    const most = isSayable ? Number(`${"9".repeat(precision - scale) || "0"}.${"9".repeat(scale) || "0"}`) : undefined;
    const least = most === undefined ? undefined : -most;
    return {
      options: {
        scale: String(scale),
        min: numberCode(allowed.min ?? least),
        max: numberCode(allowed.max ?? most),
      },
    };
  },
} as const satisfies Kind<DecimalField>;
