/** Reads days and moments by the column's own order of day and month. */
import type { DateField } from "../core/fields/date.ts";
import type { DatetimeField } from "../core/fields/datetime.ts";
import type { Transform } from "../core/import.ts";
import { withMemo } from "./cell-memo.ts";
import { decodeCell, type Encode, type Finding } from "./encode.ts";
import { withIsoDay, withIsoMoment } from "./encode-iso.ts";
import type { FieldReader } from "./read-field.ts";
import { readMoment } from "./read-moment.ts";

/** No day with a weekday, a month's name, a time and an offset is longer. */
const maxBytes = 80;

/** The encoder of a date field. A time of midnight after the day comes from a spreadsheet and is dropped. */
export function dateEncoder(field: Pick<DateField, "twoDigitYearsFrom">, transform: Transform): Encode {
  const order = transform.dateOrder ?? "dmy";
  const invalid: Finding = { code: "date_invalid", params: { order } };
  return (bytes, start, end, out) => {
    if (end - start > maxBytes) return invalid;
    const moment = readMoment(decodeCell(bytes, start, end), order, field.twoDigitYearsFrom);
    if (moment === null || (moment.time !== null && !/^00:00:00(?:\.0*)?$/.test(moment.time))) return invalid;
    out.text(moment.day);
    return null;
  };
}

/** The encoder of a datetime field. A day alone is its midnight; without an offset the column's time zone holds, else the field's. */
export function datetimeEncoder(field: DatetimeField, transform: Transform): Encode {
  const order = transform.dateOrder ?? "dmy";
  const timeZone = transform.timeZone ?? field.timeZone;
  const invalid: Finding = { code: "datetime_invalid", params: { order } };
  return (bytes, start, end, out) => {
    if (end - start > maxBytes) return invalid;
    const moment = readMoment(decodeCell(bytes, start, end), order, field.twoDigitYearsFrom, timeZone);
    if (moment === null) return invalid;
    if (moment.unknownZone !== undefined) return { code: "time_zone_unknown", params: { zone: moment.unknownZone } };
    out.text(`${moment.day} ${moment.time ?? "00:00:00"} ${moment.offset ?? timeZone}`);
    return null;
  };
}

export const dateReader: FieldReader<DateField> = {
  encoder: (field, { transform }) => withIsoDay(withMemo(dateEncoder(field, transform))),
};

export const datetimeReader: FieldReader<DatetimeField> = {
  encoder: (field, { transform }) =>
    withIsoMoment(withMemo(datetimeEncoder(field, transform)), transform.timeZone ?? field.timeZone),
  written: ({ timeZone }, stored) => (stored === "" ? stored : momentIn(stored, timeZone)),
};

/** `2024-01-31T07:30:00+00:00` → `2024-01-31 08:30:00 Europe/Paris`; unchanged where JavaScript has no such moment. */
function momentIn(text: string, timeZone: string): string {
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) return text;
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  }).formatToParts(moment);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((each) => each.type === type)?.value ?? "";
  const fraction = /\.\d+/.exec(text)?.[0] ?? "";
  const day = `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`;
  return `${day} ${part("hour")}:${part("minute")}:${part("second")}${fraction} ${timeZone}`;
}
