/** Reads days and moments by the column's own order of day and month. */
import type { DateField, DatetimeField } from "../core/field.ts";
import type { Transform } from "../core/import.ts";
import { decodeCell, type Encode, type Finding } from "./encode.ts";
import { readMoment } from "./read-moment.ts";

/** No day with a weekday, a month's name, a time and an offset is longer. */
const maxBytes = 80;

/** The encoder of a date field. A time of midnight behind the day is a spreadsheet's and goes. */
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

/** The encoder of a datetime field. A day alone is its midnight; without an offset the field's time zone holds. */
export function datetimeEncoder(field: DatetimeField, transform: Transform): Encode {
  const order = transform.dateOrder ?? "dmy";
  const invalid: Finding = { code: "datetime_invalid", params: { order } };
  return (bytes, start, end, out) => {
    if (end - start > maxBytes) return invalid;
    const moment = readMoment(decodeCell(bytes, start, end), order, field.twoDigitYearsFrom);
    if (moment === null) return invalid;
    out.text(`${moment.day} ${moment.time ?? "00:00:00"} ${moment.offset ?? field.timeZone}`);
    return null;
  };
}
