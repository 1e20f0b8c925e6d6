/** What was decided of how a file is read, as `sluice inspect` prints it: each with what came second, and the flag that takes it instead. */
import type { Language } from "../core/fields/language.ts";
import type { Mapping } from "../core/import.ts";
import type { ChoiceSubject, ReadingChoice } from "../core/reading-choice.ts";
import { textIn } from "../locale/told.ts";
import { dialectFlagNames } from "./dialect-flags.ts";

/** The runners-up that come close. Empty where there is none. */
export function closeChoicesText(choices: readonly ReadingChoice[], mapping: Mapping, language: Language): string {
  const close = choices.filter(({ runnerUp }) => runnerUp?.isClose);
  const lines = close.map((choice) => `  ${"or".padStart(11)}  ${runnerUpText(choice, mapping, language)}\n`);
  return lines.join("");
}

/** All of them. */
export function choicesText(choices: readonly ReadingChoice[], mapping: Mapping, language: Language): string {
  const rows = choices.map((choice) => [
    `${subjectOf(choice)} ${said(choice.of, choice.chosen)}`,
    choice.runnerUp === null ? "" : `or ${runnerUpText(choice, mapping, language)}`,
  ]);
  const width = Math.min(40, Math.max(0, ...rows.map(([first]) => first.length)));
  return `\nHow it is read, and what came second:\n${rows.map(([first, second]) => `  ${first.padEnd(width)}  ${second}`.trimEnd()).join("\n")}\n`;
}

function runnerUpText(choice: ReadingChoice, mapping: Mapping, language: Language): string {
  const { runnerUp } = choice;
  if (runnerUp === null) return "";
  const value = `${subjectOf(choice)} ${said(choice.of, runnerUp.value)}`;
  return `${value}: ${textIn(language, runnerUp.reason)} (${flagText(choice, runnerUp.value, mapping)})`;
}

const subjects: Readonly<Record<ChoiceSubject, string>> = {
  delimiter: "delimiter",
  encoding: "encoding",
  quote: "quote",
  headerRow: "header",
  sheet: "sheet",
  dateOrder: "dates",
  decimalMark: "decimal mark",
};

function subjectOf({ of, column }: ReadingChoice): string {
  return column === undefined ? subjects[of] : `${column}: ${subjects[of]}`;
}

const orders: Readonly<Record<string, string>> = { dmy: "day first", mdy: "month first", ymd: "year first" };

function said(of: ChoiceSubject, value: string | number): string {
  switch (of) {
    case "headerRow":
      return value === 0 ? "none" : `in row ${value}`;
    case "dateOrder":
      return orders[value] ?? String(value);
    case "delimiter":
    case "sheet":
    case "decimalMark":
      return JSON.stringify(value);
    default:
      return String(value);
  }
}

function flagText({ of, column }: ReadingChoice, value: string | number, { columns }: Mapping): string {
  if (of === "dateOrder" || of === "decimalMark") {
    const field = columns.find(({ header }) => header === column)?.field ?? "field";
    const how = of === "dateOrder" ? value : value === "," ? "comma" : "point";
    return `--map "${column}=${field}:${how}"`;
  }
  const text = String(value);
  if (text === "\t") return `${dialectFlagNames[of]} tab`;
  if (text === '"') return `${dialectFlagNames[of]} '"'`;
  return `${dialectFlagNames[of]} ${/^[\w.-]+$/.test(text) ? text : `"${text}"`}`;
}
