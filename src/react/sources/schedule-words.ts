/** A schedule as people say it. What is too rare for words stays as cron writes it. */
import type { ApiLanguage } from "../../client/index.ts";
import { inRegion } from "../locale/region.ts";

/** A schedule whose words are known. `weekdays`: from 0, Sunday. */
export type Rhythm =
  | { every: "minutes" | "hours"; count: number }
  | { every: "hour"; minute: number }
  | { every: "day" | "workday"; hour: number; minute: number }
  | { every: "week"; weekdays: readonly number[]; hour: number; minute: number }
  | { every: "month"; day: number; hour: number; minute: number };

const nicknames: Readonly<Record<string, string>> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
};
const dayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const workdays = "1,2,3,4,5";

/** Null: it takes cron to say it. @example rhythmOf("0 6 * * 1-5") // { every: "workday", hour: 6, minute: 0 } */
export function rhythmOf(schedule: string): Rhythm | null {
  const written = schedule.trim();
  const fields = (nicknames[written.toLowerCase()] ?? written).split(/\s+/);
  if (fields.length !== 5) return null;
  const [minutes, hours, days, months, weekdays] = fields;
  if (months !== "*") return null;
  if (days === "*" && weekdays === "*") {
    const often = oftenOf(minutes, hours);
    if (often !== null) return often;
  }
  const minute = numberIn(minutes, 0, 59);
  const hour = numberIn(hours, 0, 23);
  if (minute === null || hour === null) return null;
  if (weekdays === "*") {
    if (days === "*") return { every: "day", hour, minute };
    const day = numberIn(days, 1, 31);
    return day === null ? null : { every: "month", day, hour, minute };
  }
  // Cron takes a day that fits either of the two.
  if (days !== "*") return null;
  const those = weekdaysOf(weekdays);
  if (those === null) return null;
  if (those.join() === workdays) return { every: "workday", hour, minute };
  return those.length === 7 ? { every: "day", hour, minute } : { every: "week", weekdays: those, hour, minute };
}

/** More than once a day. A step that its unit is no multiple of has a shorter one at the end, which words would hide. */
function oftenOf(minutes: string, hours: string): Rhythm | null {
  const isEvery = (field: string): boolean => field === "*" || field === "*/1";
  if (isEvery(hours)) {
    if (isEvery(minutes)) return { every: "minutes", count: 1 };
    const count = stepOf(minutes, 60);
    if (count !== null) return { every: "minutes", count };
    const minute = numberIn(minutes, 0, 59);
    if (minute === null) return null;
    return minute === 0 ? { every: "hours", count: 1 } : { every: "hour", minute };
  }
  const count = stepOf(hours, 24);
  return count !== null && numberIn(minutes, 0, 59) === 0 ? { every: "hours", count } : null;
}

function stepOf(field: string, unit: number): number | null {
  const [, step] = /^\*\/(\d{1,2})$/.exec(field) ?? [];
  const count = Number(step);
  return count > 0 && count < unit && unit % count === 0 ? count : null;
}

function numberIn(field: string, least: number, most: number): number | null {
  const number = Number(field);
  return /^\d{1,2}$/.test(field) && number >= least && number <= most ? number : null;
}

/** From 0, Sunday, which is also 7; null where a part is none. */
function weekdaysOf(field: string): number[] | null {
  const found = new Set<number>();
  for (const part of field.split(",")) {
    const ends = part.split("-").map((name) => {
      const place = dayNames.indexOf(name.toUpperCase());
      return place >= 0 ? place : numberIn(name, 0, 7);
    });
    const [first, last = first] = ends;
    if (ends.length > 2 || first === null || last === null || first > last) return null;
    for (let day = first; day <= last; day++) found.add(day % 7);
  }
  return [...found].sort((a, b) => a - b);
}

/** What a rhythm's message puts in: the time of day, the weekdays from Monday on, the day of the month. */
export function rhythmParams(rhythm: Rhythm, language: ApiLanguage): Record<string, string | number> {
  switch (rhythm.every) {
    case "minutes":
    case "hours":
      return { count: rhythm.count };
    case "hour":
      return { minute: rhythm.minute };
    case "month":
      return { day: dayOfMonth(rhythm.day, language), time: timeOf(rhythm, language) };
    case "week": {
      const names = new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" });
      const fromMonday = [...rhythm.weekdays].sort((a, b) => ((a + 6) % 7) - ((b + 6) % 7));
      // The fourth of January 2026 was a Sunday.
      const words = fromMonday.map((day) => names.format(Date.UTC(2026, 0, 4 + day)));
      const list = new Intl.ListFormat(language, { style: "long", type: "conjunction" });
      return { days: list.format(words), time: timeOf(rhythm, language) };
    }
    default:
      return { time: timeOf(rhythm, language) };
  }
}

/** As it is said within a date: "1st", "1er", "1:a". */
function dayOfMonth(day: number, language: ApiLanguage): string {
  if (language === "fr") return day === 1 ? "1er" : String(day);
  const kind = new Intl.PluralRules(language, { type: "ordinal" }).select(day);
  if (language === "sv") return `${day}:${kind === "one" ? "a" : "e"}`;
  return `${day}${{ one: "st", two: "nd", few: "rd", other: "th", many: "th", zero: "th" }[kind]}`;
}

function timeOf({ hour, minute }: { hour: number; minute: number }, language: ApiLanguage): string {
  const clock = new Intl.DateTimeFormat(inRegion(language), { timeStyle: "short", timeZone: "UTC" });
  return clock.format(Date.UTC(2026, 0, 4, hour, minute));
}
