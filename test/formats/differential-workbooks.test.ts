/**
 * Workbooks beside LibreOffice: each file of the corpus that LibreOffice 7.4 opens has its CSV export committed
 * (`test/corpus/make.ts`), values as they would be typed in in US English. The two must agree cell by cell, but for the
 * differences named here.
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readOutcome } from "../corpus/read-outcome.ts";
import { memorySource } from "../memory-source.ts";

const files = new URL("../corpus/files/", import.meta.url);

/** Cells where Sluice says something else on purpose: what it says, by file and cell. */
const ownWay: Record<string, Record<string, string>> = {
  // LibreOffice counts from 1899-12-30, so that it has no 29 February 1900; Excel's first 59 days are a day later.
  "date-serials.xlsx": { A2: "=1900-01-01", A3: "=1900-02-28" },
  // A moment of day 0 is a time of no day.
  "dates-1904.xlsx": { B2: "=12:00:00" },
  // LibreOffice computes; Sluice reads what was computed when the file was saved.
  "formulas-without-values.xlsx": { B2: "", B3: "" },
  "inline-strings.xlsx": { A3: "a<b" },
  // OpenDocument's values have no midnight.
  "libreoffice-types.ods": { E4: "=1970-01-01" },
  // A boolean may be written as a word (XML Schema part 2, 3.2.2); LibreOffice wants a number.
  "booleans-errors.xlsx": { B5: "=true", D5: "=3" },
  // Escapes (22.9.2.19) in inline strings: Excel reads them everywhere.
  "escapes.xlsx": { A2: "A\nB\r tab\tend", B2: "é € _xZZZZ_ _x12_", A3: "a\nb\rc" },
  "shared-strings.xlsx": { B4: "a\rb_x000D_cA" },
};
/** The sheet that LibreOffice exports is the first, hidden or not. */
const sheets: Record<string, string> = { "sheets.xlsx": "Notes" };

const exported = readdirSync(new URL("exported/", files)).map((name) => name.replace(/\.csv$/, ""));

describe("a workbook gives what LibreOffice exports of it", () => {
  it.each(exported)("%s", async (name) => {
    const bytes = readFileSync(new URL(name.replace(/^libreoffice-/, "libreoffice/"), files));
    const theirs = parse(readFileSync(new URL(`exported/${name}.csv`, files), "utf8"));
    const sheet = sheets[name];
    const outcome = await readOutcome(memorySource(name, bytes), { hints: sheet === undefined ? {} : { sheet } });
    if (outcome.error !== null) throw outcome.error;
    const ours = new Map(outcome.rows.map(({ number, cells }) => [number, cells]));
    const wrong: string[] = [];
    const last = Math.max(theirs.length, ...ours.keys());
    for (let row = 1; row <= last; row++) {
      const [own, other] = [ours.get(row) ?? [], theirs[row - 1] ?? []];
      for (let c = 0; c < Math.max(own.length, other.length); c++) {
        const cell = `${String.fromCharCode(65 + c)}${row}`;
        const [mine, expected] = [own[c] ?? "", other[c] ?? ""];
        const known = ownWay[name]?.[cell];
        if (known === undefined ? !agree(mine, expected) : mine !== known) wrong.push(`${cell}: ${mine} | ${expected}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

/** Whether a cell as corpus-case.ts writes it holds what LibreOffice shows. */
function agree(ours: string, theirs: string): boolean {
  const typed = ours.startsWith("=");
  const text = /^[=!]/.test(ours) ? ours.slice(1) : ours;
  // A line break in a cell: LibreOffice has no bare carriage return.
  if (text.replaceAll(/\r\n?/g, "\n") === theirs) return true;
  if (!typed) return false;
  if (/^(true|false)$/.test(text)) return text.toUpperCase() === theirs;
  const duration = secondsOf(text);
  if (duration !== null) return duration === secondsOf(theirs);
  if (/^\d{4}-/.test(text)) return text.replace("T", " ") === isoOf(theirs);
  const [, digits, percent] = /^(.*?)(%?)$/.exec(theirs) ?? [];
  return digits !== "" && sameNumber(Number(text) * (percent ? 100 : 1), Number(digits));
}

/** LibreOffice shows 15 digits. */
function sameNumber(ours: number, theirs: number): boolean {
  return Number(ours.toPrecision(15)) === theirs;
}

/** A time or a duration in seconds: `PT36H30M`, `08:30:00`, `36:30:00`, `12:05:00 AM`. */
function secondsOf(text: string): number | null {
  const iso = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(text);
  if (iso !== null) return 3600 * Number(iso[1] ?? 0) + 60 * Number(iso[2] ?? 0) + Number(iso[3] ?? 0);
  const clock = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)(?: (AM|PM))?$/.exec(text);
  if (clock === null) return null;
  const hours = clock[4] === undefined ? Number(clock[1]) : (Number(clock[1]) % 12) + (clock[4] === "PM" ? 12 : 0);
  return 3600 * hours + 60 * Number(clock[2]) + Number(clock[3]);
}

/** `03/15/2023 08:30:00` as `2023-03-15 08:30:00`; a first number above 12 is a day, as French formats have it. */
function isoOf(text: string): string {
  const [, first, second, year, rest] = /^(\d\d)\/(\d\d)\/(\d{4})(.*)$/.exec(text) ?? [];
  if (year === undefined) return text;
  const [month, day] = Number(first) > 12 ? [second, first] : [first, second];
  return `${year}-${month}-${day}${rest}`;
}

/** RFC 4180 with commas. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    if (quoted === undefined && plain === "" && end === "" && rows.at(-1)?.length === 0) continue;
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === "\n") rows.push([]);
  }
  if (rows.at(-1)?.length === 0) rows.pop();
  return rows;
}
