/** A time of day. */
import { type Common, type FieldOptions, type Kind, made, type StageType } from "./kind.ts";

export type TimeField = Common & { readonly kind: "time" };

/** A time of day, stored as `time`: `14:30`, `9h30`, `9.30`, `9:30 PM`, or a spreadsheet's fraction of a day. */
export function time(options: FieldOptions = {}): TimeField {
  return made("time", options);
}

const timeType: StageType = { type: "time without time zone", base: "time", category: "D" };

export const timeKind = {
  options: {},
  stage: timeType,
  key: "value",
  isWords: false,
  issues: {
    time_invalid: {
      severity: "error",
      text: {
        en: "{field} is not a time of day, such as 14:30.",
        fr: "{field} n’est pas une heure, comme 14:30.",
        sv: "{field} är inget klockslag, som 14:30.",
      },
      title: { en: "not a time of day", fr: "pas une heure", sv: "inget klockslag" },
    },
  },
  value: (stored) => stored,
  schema: () => ({ type: "string", format: "time" }),
  example: (_field, language) => (language === "fr" ? "14h30" : "14:30"),
  samples: () => ["14:30:00"],
  draft: ({ typeName }) => (typeName === "time" ? {} : null),
} as const satisfies Kind<TimeField>;
