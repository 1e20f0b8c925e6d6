/** What a program says of how a file is read, checked: nothing else has looked at it before. */
import { SluiceError } from "../core/errors.ts";
import { shortRowChoices, totalsChoices, trims } from "../core/reading.ts";
import { refuseUnknown } from "../core/refuse-unknown.ts";
import { type DialectHints, isDelimiter, quoteEscapes, quotes } from "../core/row.ts";

const checks: Readonly<Record<keyof DialectHints, { holds(value: unknown): boolean; takes: string }>> = {
  encoding: { holds: isWord, takes: "the name of an encoding" },
  delimiter: {
    holds: (value) => typeof value === "string" && isDelimiter(value),
    takes: "one ASCII character, or up to four, and no quote",
  },
  quote: oneOf(quotes),
  escape: oneOf(quoteEscapes),
  headerRow: {
    holds: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
    takes: "a row's number, or 0 for a file without a header",
  },
  sheet: { holds: isWord, takes: "a sheet's name, or its place from 1 as text" },
  entry: { holds: isWord, takes: "the name of a file in the zip archive, or its place from 1 as text" },
  nulls: { holds: (value) => Array.isArray(value) && value.every(isWord), takes: "a list of words" },
  trim: oneOf(trims),
  shortRows: oneOf(shortRowChoices),
  totals: oneOf(totalsChoices),
};

/** @throws SluiceError `invalid` naming what cannot be. */
export function checkDialect(dialect: DialectHints = {}): void {
  refuseUnknown("importFile: dialect", "option", dialect, Object.keys(checks));
  for (const [name, value] of Object.entries(dialect)) {
    const { holds, takes } = checks[name as keyof DialectHints];
    if (value !== undefined && !holds(value))
      throw new SluiceError("invalid", `importFile: dialect.${name} takes ${takes}, not ${JSON.stringify(value)}.`);
  }
}

function oneOf(values: readonly string[]): { holds(value: unknown): boolean; takes: string } {
  return { holds: (value) => values.includes(value as string), takes: `one of: ${values.join(", ")}` };
}

function isWord(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "";
}
