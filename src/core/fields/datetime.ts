/** A moment. */
import { type Check, shown, text } from "../shape/shape.ts";
import { firstYear, type YearOptions } from "./date.ts";
import { type Common, type FieldOptions, type Kind, made, type StageType } from "./kind.ts";

export type DatetimeField = Common & YearOptions & { readonly kind: "datetime"; readonly timeZone: string };

/** A moment, stored as `timestamptz`; without an offset in the cell it is read in `timeZone` (IANA, default `UTC`). */
export function datetime(options: FieldOptions & YearOptions & { timeZone?: string | undefined } = {}): DatetimeField {
  return { timeZone: "UTC", ...made("datetime", options) };
}

const timestamptz: StageType = { type: "timestamptz", base: "timestamptz", category: "D" };

const timeZone: Check = (value, place) => {
  const wrong = text(value, place);
  if (wrong !== null) return wrong;
  try {
    new Intl.DateTimeFormat("en", { timeZone: value as string });
    return null;
  } catch {
    return `${place} is ${shown(value)}, which is no time zone. Use an IANA name, such as Europe/Paris`;
  }
};

export const datetimeKind = {
  options: { twoDigitYearsFrom: firstYear, timeZone },
  limits: ["timeZone"],
  stage: timestamptz,
  key: "value",
  isWords: false,
  evidence: "date_order",
  issues: {
    datetime_invalid: {
      severity: "error",
      text: {
        en: "{field} is not a date with a time (read as {order}).",
        fr: "{field} n’est pas une date avec heure (lue en {order}).",
        sv: "{field} är inget datum med tid (läst som {order}).",
      },
      title: { en: "not a date with a time", fr: "pas une date avec heure", sv: "inget datum med tid" },
    },
  },
  value: (stored) => stored,
  schema: () => ({ type: "string", format: "date-time" }),
  example: () => "2026-01-31 14:30",
  samples: () => ["2024-03-05 14:30:00+00:00"],
  loss: (_field, { base }) => (base === "date" ? "the time of day is dropped. Use field.date()" : null),
  draft: ({ typeName }) =>
    typeName === "timestamptz" || typeName === "timestamp"
      ? {
          options: { timeZone: '"UTC"' },
          notes: ["The time zone of times in the file that name none, as in Europe/Paris."],
        }
      : null,
} as const satisfies Kind<DatetimeField>;
