/** Reads a day with a time as people and spreadsheets write it: the day in ISO 8601, the clock in its parts. */
import type { DateOrder } from "../core/import.ts";
import { readDay, serialDay } from "./read-day.ts";
import { zoneNamed } from "./time-zones.ts";

export interface Moment {
  /** `YYYY-MM-DD` */
  day: string;
  /** `HH:MM:SS`, with a fraction of at most six digits; null where there is none. */
  time: string | null;
  /** As Postgres reads it (`Z`, `+02:00`, `Europe/Paris`); null where there is none. */
  offset: string | null;
  /** What the cell calls its zone, where that is none that is known, or one of several. */
  unknownZone?: string;
}

/** `14:30`, `14.30`, `14h30`, `14 h 30 min 15 s`, `14h`, `2:30:15 PM`, with a fraction and an offset. Postgres takes none beyond 15:59. */
const clock =
  /^(?<hour>\d{1,2})(?:\s?[:h.]\s?(?<minute>\d{2})(?:\s?(?:[:.]|m(?:in)?)\s?(?<second>\d{2})(?:[.,](?<fraction>\d{1,6})\d*)?(?:\s?s)?|\s?min)?|\s?(?:h|(?=[ap]\.?m)))(?:\s?Uhr)?\s*(?<half>[ap]\.?m\.?|[fe]m)?\s*(?:(?<zulu>Z)|(?:UTC|GMT)?(?<sign>[+-])(?<offsetHour>\d|0\d|1[0-5])(?::?(?<offsetMinute>[0-5]\d))?|(?<utc>UTC|GMT))?$/i;

/** Where the day may end and the clock begin. */
const seams = /T(?=\d)|,?\s+(?:(?:à|at|kl\.?)\s+)?(?=\d)|,(?=\d{1,2}[:h])/gi;

/**
 * A zone's name behind the clock: `CEST`, `Europe/Paris`; in brackets as Java writes it behind an offset. What is in capitals is meant as
 * one even where it is unknown.
 */
const zoneBehind =
  /(?<=[\dhmsZMr.])(?:\s+\(?|\[|\s*\()((?:[A-Za-z]+\/)?[A-Za-z][A-Za-z_/-]{1,40}(?:[+-]\d{1,2}(?::?\d\d)?)?)[)\]]?$/;

/** Null when it is not a moment in this order. A day alone has no time. `own`: the zone that decides what `IST` is. */
export function readMoment(text: string, order: DateOrder, twoDigitYearsFrom?: number, own?: string): Moment | null {
  const moment = plainMoment(text, order, twoDigitYearsFrom);
  if (moment !== null && (moment.time === null || moment.offset !== null || !text.endsWith(")"))) return moment;
  const named = zoneBehind.exec(text);
  if (named === null) return moment;
  const inner = moment ?? plainMoment(text.slice(0, named.index).trimEnd(), order, twoDigitYearsFrom);
  if (inner === null || inner.time === null || inner.offset !== null) return inner;
  const zone = zoneNamed(named[1], own);
  if (zone !== null && "zone" in zone) return { ...inner, offset: zone.zone };
  return zone !== null || /^(?![AP]M$)[A-Z]{2,5}$/.test(named[1]) ? { ...inner, unknownZone: named[1] } : moment;
}

function plainMoment(text: string, order: DateOrder, twoDigitYearsFrom?: number): Moment | null {
  if (order === "serial" && /^\d{1,7}(?:[.,]\d+)?$/.test(text)) return serialMoment(Number(text.replace(",", ".")));
  const alone = readDay(text, order, twoDigitYearsFrom);
  if (alone !== null) return { day: alone, time: null, offset: null };
  // JavaScript writes the zone's name after the offset.
  const bare = text.replace(/\s\([^()]*\)$/, "");
  for (const seam of bare.matchAll(seams)) {
    const match = clock.exec(bare.slice(seam.index + seam[0].length));
    if (match === null) continue;
    const day = readDay(bare.slice(0, seam.index), order, twoDigitYearsFrom);
    const time = day === null ? null : timeOf(match.groups ?? {});
    if (day !== null && time !== null) return { day, time, offset: offsetOf(match.groups ?? {}) };
  }
  return null;
}

/** A time of day without an offset; null when it is none. */
export function readClock(text: string): string | null {
  const { groups = {} } = clock.exec(text) ?? {};
  return groups.hour === undefined || offsetOf(groups) !== null ? null : timeOf(groups);
}

type Parts = Record<string, string | undefined>;

function timeOf({ hour = "0", minute = "0", second = "0", fraction, half }: Parts): string | null {
  let hours = Number(hour);
  if (half !== undefined) {
    const isAfternoon = /^[pe]/i.test(half);
    if (hours > 12 ? !isAfternoon : hours === 0) return null;
    if (hours <= 12) hours = (hours % 12) + (isAfternoon ? 12 : 0);
  }
  if (hours > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const time = [String(hours), minute, second].map((part) => part.padStart(2, "0")).join(":");
  return fraction === undefined ? time : `${time}.${fraction}`;
}

function offsetOf({ zulu, utc, sign, offsetHour, offsetMinute }: Parts): string | null {
  if (zulu !== undefined || utc !== undefined) return "Z";
  if (sign === undefined || offsetHour === undefined) return null;
  return `${sign}${offsetHour.padStart(2, "0")}${offsetMinute === undefined ? "" : `:${offsetMinute}`}`;
}

/** A spreadsheet's day number whose fraction is the time, to the millisecond. */
function serialMoment(serial: number): Moment | null {
  let days = Math.floor(serial);
  let ms = Math.round((serial - days) * 86_400_000);
  if (ms === 86_400_000) [days, ms] = [days + 1, 0];
  const day = serialDay(days);
  if (day === null) return null;
  const [time, fraction] = new Date(ms).toISOString().slice(11, 23).split(".");
  return { day, time: ms === 0 ? null : fraction === "000" ? time : `${time}.${fraction}`, offset: null };
}
