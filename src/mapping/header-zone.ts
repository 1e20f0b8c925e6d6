/** The time zone that a header names: `Created (UTC)`, `Uhrzeit MEZ`, `created_utc`, `Heure (Paris)`; and what the column is called without it. */
import { type NamedZone, zoneNamed, zonePlaced } from "../values/time-zones.ts";

export interface HeaderZone {
  /** What the column is called besides. */
  name: string;
  /** Null: it says only that times are the place's own, as `(local time)` does. */
  zone: NamedZone;
}

/** Abbreviations that are said without brackets and are no words of a language: French has `est`, German `ist`, English `art`. */
const bare = "UTC|GMT|CET|CEST|MEZ|MESZ|EET|EEST|EST|EDT|CDT|MDT|MST|PST|PDT|MSK|AEST|AEDT|JST";
const withOffset = `(?:UTC|GMT)\\s?[+-]\\s?\\d{1,2}(?::?\\d\\d)?`;
/** Outlook and Teams write the cities of a zone behind it: `Start (UTC+01:00) Amsterdam, Berlin`. */
const inBrackets = /^(.*?)\s*[([]\s*([^()[\]]+?)\s*[)\]]\s*(?:(?<=\d\d[)\]]\s+)[\p{L}\s,]+)?$/su;
const last = new RegExp(`^(.*?\\S)(?:\\s*[,;\u2013\u2014-]\\s*|\\s+)(${withOffset}|${bare})$`, "s");
const first = new RegExp(`^(${withOffset}|${bare})[\\s_-]+(.+)$`, "s");
/** In names of programs lower case is usual: `created_utc`, `date_created_gmt`. */
const snake = /^(.*[a-z\d])_(utc|gmt|cet|cest)$|^(.*[a-z\d])(?:UTC|Utc|GMT|Gmt)$/;
const local =
  /^(?:local|local time|lokal(?: tid| zeit)?|lokalzeit|ortszeit|heure locale|lokal tid|hora local|own time)$/i;
/** `UTC offset` holds a zone, and is no time in one. */
const isAboutZones = /\b(?:offset|zone|time ?zone|tz|diff|decalage|fuseau)\b/i;

/** What is longer is no name of a time. */
const longestHeader = 200;

/** Null where the header names none. `own`: the field's zone. */
export function headerZone(header: string, own?: string): HeaderZone | null {
  if (header.length > longestHeader) return null;
  const found = split(header.trim(), own);
  return found === null || found.name === "" || isAboutZones.test(found.name.replaceAll("_", " ")) ? null : found;
}

function split(header: string, own?: string): HeaderZone | null {
  const bracketed = inBrackets.exec(header);
  if (bracketed !== null) {
    const [, name, inside] = bracketed;
    if (local.test(inside)) return { name, zone: null };
    const zone = zonePlaced(inside, own) ?? zonePlaced(inside.split(",")[0], own);
    return zone === null ? null : { name, zone };
  }
  const snaked = snake.exec(header);
  if (snaked !== null) return { name: snaked[1] ?? snaked[3], zone: zoneNamed(snaked[2] ?? "UTC") };
  const behind = last.exec(header);
  if (behind !== null) return { name: behind[1], zone: zoneNamed(behind[2], own) };
  const before = first.exec(header);
  return before === null ? null : { name: before[2], zone: zoneNamed(before[1], own) };
}
