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

const dayMs = 24 * 3600 * 1000;

/**
 * `2024-01-31 08:30:00 Europe/Paris` as `2024-01-31T07:30:00Z`: a document has no time zone that a reader would look up. Where a clock
 * is set back, the later of two moments; where it is set forward, by the clock from before, as Postgres has it (the manual, section B.2).
 */
function isoMoment(stored: string): string {
  const [, day, time, zone] = /^(\S+) (\S+) (.+)$/.exec(stored) ?? [];
  const asUtc = new Date(`${day}T${time}Z`).getTime();
  if (Number.isNaN(asUtc)) return stored;
  if (/^[+-]\d|^Z$/.test(zone)) return new Date(`${day}T${time}${withMinutes(zone)}`).toISOString();
  // By the clock from after a change that is near, if it shows this time at all; else by the one from before.
  const after = offsetOf(zone, asUtc + dayMs);
  const isAfter = offsetOf(zone, asUtc - after) === after;
  return new Date(asUtc - (isAfter ? after : offsetOf(zone, asUtc - dayMs))).toISOString();
}

/** `+02` as `+02:00`. */
function withMinutes(offset: string): string {
  return /^[+-]\d\d$/.test(offset) ? `${offset}:00` : offset;
}

/** Of the zone that was asked for last: a column mostly has one, and making a format takes far longer than using it. */
let zoneFormat: { timeZone: string; format: Intl.DateTimeFormat } | null = null;

/** How far a zone's clock is ahead at a moment, in milliseconds. */
function offsetOf(timeZone: string, at: number): number {
  if (zoneFormat?.timeZone !== timeZone)
    zoneFormat = { timeZone, format: new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" }) };
  const name = zoneFormat.format.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
  const [, sign = "+", hours = "0", minutes = "0", seconds = "0"] =
    /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(name) ?? [];
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === "-" ? -ms : ms;
}

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
    time_zone_unknown: {
      severity: "error",
      text: {
        en: "{field} names the time zone {zone}, which is unknown or means several. Write the offset, such as +02:00.",
        fr: "{field} indique le fuseau {zone}, inconnu ou commun à plusieurs pays. Écrivez le décalage, par exemple +02:00.",
        sv: "{field} anger tidszonen {zone}, som är okänd eller betyder flera. Skriv skillnaden mot UTC, till exempel +02:00.",
      },
      title: {
        en: "time zone unknown, or one of several",
        fr: "fuseau horaire inconnu ou ambigu",
        sv: "tidszonen är okänd eller tvetydig",
      },
    },
  },
  value: (stored) => stored,
  json: (stored) => JSON.stringify(isoMoment(stored)),
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
