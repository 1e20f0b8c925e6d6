/** A calendar day. */
import { whole } from "../shape/shape.ts";
import { type Common, type FieldOptions, type Kind, made, type StageType } from "./kind.ts";

export interface YearOptions {
  /**
   * The first year that two digits can mean, the last being 99 years later. Default 1969, as POSIX has it: `68` is 2068, `69`
   * is 1969. For birthdays say 1925 or so.
   */
  twoDigitYearsFrom?: number | undefined;
}
export type DateField = Common & YearOptions & { readonly kind: "date" };

/** A calendar day, stored as `date`. */
export function date(options: FieldOptions & YearOptions = {}): DateField {
  return made("date", options);
}

const dateType: StageType = { type: "date", base: "date", category: "D" };

export const firstYear = whole(1, 9900);

export const dateKind = {
  options: { twoDigitYearsFrom: firstYear },
  stage: dateType,
  key: "value",
  isWords: false,
  evidence: "date_order",
  issues: {
    date_invalid: {
      severity: "error",
      text: {
        en: "{field} is not a date (read as {order}).",
        fr: "{field} n’est pas une date (lue en {order}).",
        sv: "{field} är inget datum (läst som {order}).",
      },
      title: { en: "not a date", fr: "pas une date", sv: "inget datum" },
    },
  },
  value: (stored) => stored,
  schema: () => ({ type: "string", format: "date" }),
  example: () => "2026-01-31",
  samples: () => ["2024-03-05"],
  loss: (_field, { base }) =>
    base === "timestamptz"
      ? "a day begins at midnight in the time zone of the database. Use field.datetime({ timeZone })"
      : null,
  draft: ({ typeName }) => (typeName === "date" ? {} : null),
} as const satisfies Kind<DateField>;
