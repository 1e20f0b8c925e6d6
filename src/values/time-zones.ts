/**
 * Time zones as people write them (`CEST`, `UTC+2`, `Europe/Paris`, `Eastern Time`), in a form that Postgres reads: `UTC`, an offset
 * such as `+02:00`, or a name of the IANA database. Abbreviations are what they say to the letter: CET is an hour before UTC in summer
 * too. Those that several countries use are ambiguous, and are read only where the field's own zone is one of theirs.
 */
import { fold } from "./fold.ts";

/** What a word says: a zone, one of several, or no zone at all. */
export type NamedZone = { readonly zone: string } | { readonly oneOf: readonly string[] } | null;

/** Abbreviations that mean one thing wherever they are used in tables, as in Postgres's own list (`timezonesets/Default`). */
const abbreviations: ReadonlyMap<string, string> = new Map(
  Object.entries({
    UTC: "UTC GMT UT Z ZULU WET WEZ",
    "+01:00": "CET MEZ WEST WESZ",
    "+02:00": "CEST MESZ EET OEZ SAST",
    "+03:00": "EEST OESZ MSK TRT",
    "+08:00": "AWST HKT SGT",
    "+09:00": "JST KST",
    "+09:30": "ACST",
    "+10:00": "AEST",
    "+10:30": "ACDT",
    "+11:00": "AEDT",
    "+12:00": "NZST",
    "+13:00": "NZDT",
    "-03:00": "BRT",
    "-04:00": "EDT",
    "-05:00": "EST CDT",
    "-06:00": "MDT",
    "-07:00": "MST PDT",
    "-08:00": "PST AKDT",
    "-09:00": "AKST",
    "-10:00": "HST",
  }).flatMap(([zone, words]) => words.split(" ").map((word): [string, string] => [word, zone])),
);

/** Those that are several, each with the zones it is used in, the most widely known first. */
const ambiguous: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  IST: {
    "+05:30": "Asia/Kolkata Asia/Calcutta",
    "+02:00": "Asia/Jerusalem Asia/Tel_Aviv Israel",
    "+01:00": "Europe/Dublin Eire",
  },
  CST: {
    "-06:00": "America/Chicago America/Winnipeg America/Mexico_City America/Costa_Rica America/Regina US/Central",
    "+08:00": "Asia/Shanghai Asia/Taipei Asia/Macau PRC",
    "-05:00": "America/Havana Cuba",
  },
  BST: { "+01:00": "Europe/London GB", "+06:00": "Asia/Dhaka", "+11:00": "Pacific/Bougainville" },
  AST: {
    "-04:00": "America/Halifax America/Puerto_Rico America/Barbados Atlantic/Bermuda",
    "+03:00": "Asia/Riyadh Asia/Baghdad Asia/Kuwait",
  },
  GST: { "+04:00": "Asia/Dubai Asia/Muscat", "-02:00": "Atlantic/South_Georgia" },
  SST: { "+08:00": "Asia/Singapore", "-11:00": "Pacific/Pago_Pago Pacific/Midway" },
};

/** Zones by what people call them where they do not say whether it is summer. */
const spoken: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "America/New_York": "et|eastern|eastern time|eastern time us canada|us eastern",
    "America/Chicago": "ct|central time|central time us canada|us central",
    "America/Denver": "mt|mountain time|mountain time us canada|us mountain",
    "America/Los_Angeles": "pt|pacific time|pacific time us canada|us pacific",
    "Europe/London": "uk time|british time",
    "Europe/Paris": "heure francaise|french time",
    "Europe/Berlin": "deutsche zeit|german time",
    "Europe/Stockholm": "svensk tid|swedish time",
    UTC: "coordinated universal time|universal time|temps universel|greenwich mean time|greenwich",
  }).flatMap(([zone, words]) => words.split("|").map((word): [string, string] => [word, zone])),
);

let cities: ReadonlyMap<string, string> | null = null;

/** `new york` → `America/New_York`, as the machine's own data knows them. */
function zoneOfCity(folded: string): string | undefined {
  cities ??= new Map(
    Intl.supportedValuesOf("timeZone").map((zone) => [fold(zone.slice(zone.lastIndexOf("/") + 1)), zone]),
  );
  return cities.get(folded);
}

/** `UTC+2`, `GMT+02:00`, `+0200`, `-5`. Postgres takes none beyond 15:59. */
const offset = /^(?:UTC|GMT)?\s?([+\-\u2212])\s?(0?\d|1[0-5])(?::?([0-5]\d))?$/i;

/**
 * The zone that a text names. `own`: the zone of the field, which decides what `IST` is where it is one of its zones.
 *
 * @example zoneNamed("CEST") // { zone: "+02:00" }
 */
export function zoneNamed(text: string, own?: string): NamedZone {
  const word = text.trim();
  const numeric = offset.exec(word);
  if (numeric !== null) {
    const [, sign, hours, minutes = "00"] = numeric;
    const isZero = Number(hours) === 0 && Number(minutes) === 0;
    return { zone: isZero ? "UTC" : `${sign === "+" ? "+" : "-"}${hours.padStart(2, "0")}:${minutes}` };
  }
  const upper = word.toUpperCase();
  const known = abbreviations.get(upper);
  if (known !== undefined) return { zone: known };
  if (Object.hasOwn(ambiguous, upper)) {
    const meanings = Object.entries(ambiguous[upper]);
    const ours =
      own === undefined ? undefined : meanings.find(([zone, names]) => zone === own || names.split(" ").includes(own));
    return ours === undefined ? { oneOf: meanings.map(([zone]) => zone) } : { zone: ours[0] };
  }
  return word.includes("/") && isZone(word) ? { zone: word } : null;
}

/** The same of what stands in a header, where a place is enough: `Paris`, `heure de Paris`, `Eastern Time`. */
export function zonePlaced(text: string, own?: string): NamedZone {
  const named = zoneNamed(text, own);
  if (named !== null) return named;
  const folded = fold(text);
  const bare = folded
    .replace(/^(?:in|heure(?: de| d)?|hora(?: de)?|zeit|tid|all times)\s/, "")
    .replace(/\s(?:time|zeit|tid)$/, "");
  const zone = spoken.get(folded) ?? spoken.get(bare) ?? zoneOfCity(bare);
  return zone === undefined ? (bare === folded ? null : zoneNamed(bare, own)) : { zone };
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
