/** What a cell reads as while a header is searched for: a column's name, or data. */
import { isFilled } from "./sample-row.ts";

/** Digits, and what separates them in numbers, dates and phones. */
const digitsAndMarks = /^[\s\d.,:/+()%€$£-]*$/;

/** Words that stand for a missing value, in the languages of the importers' people and their neighbours'. */
const missingWords =
  /^(-+|–|—|\?+|\.+|x|n\/?a|nan|nil|none|null|unknown|not available|tb[acd]|pending|inconnue?|aucune?|néant|non renseignée?|okänd|saknas|ingen|inget|unbekannt|keine?r?|ohne|offen)$/i;

/** A name may be a column's; data (numbers, dates, phones, e-mails) is none. */
export function reads(cell: string): "blank" | "name" | "data" {
  if (!isFilled(cell)) return "blank";
  return cell.includes("@") || (digitsAndMarks.test(cell) && /\d/.test(cell)) ? "data" : "name";
}

/** Whether a cell may name something: `n/a` and `unknown` name nothing. */
export function mayName(cell: string): boolean {
  return reads(cell) === "name" && !missingWords.test(cell.trim());
}

/** What of a column's cells reads as data, 0 to 1; null where all are blank. */
export function shareOfData(values: readonly string[]): number | null {
  const filled = values.filter((value) => isFilled(value) && !missingWords.test(value.trim()));
  if (filled.length === 0) return null;
  return filled.filter((value) => reads(value) === "data").length / filled.length;
}
