/** What a file seems to be, as `sluice inspect` prints it: suggestions for open columns, and what would come of the file. */
import type { Analysis } from "../core/analysis.ts";
import type { Language } from "../core/fields/language.ts";
import { textIn } from "../locale/told.ts";

/** Empty where there is nothing beyond the mapping to tell. */
export function analysisText({ columns, structure, spans }: Analysis, language: Language): string {
  const suggested = columns
    .filter(({ isSuggested }) => isSuggested)
    .map(({ header, field, reason }) => `  ${header.slice(0, 30).padEnd(30)} ${field}?  ${textIn(language, reason)}\n`);
  const counted = structure.filter(({ count }) => count !== null);
  const made = counted.map(
    ({ record, table, count, isAtLeast, reason }) =>
      `  ${(record ?? table).slice(0, 30).padEnd(30)} ${`${isAtLeast ? "≥ " : ""}${count}`.padStart(9)}  ${textIn(language, reason)}\n`,
  );
  const days = spans.map(({ from, to, reason }) => `  ${`${from} – ${to}`.padEnd(30)} ${textIn(language, reason)}\n`);
  return [
    ...(suggested.length > 0 ? [`\nIt may be:\n${suggested.join("")}`] : []),
    // Of one table, the number of rows says it.
    ...(counted.length > 1 ? [`\nWhat would come of it:\n${made.join("")}${days.join("")}`] : []),
  ].join("");
}
