/** The error values of spreadsheets, as they are in a CSV file that one of them wrote: English, French and Swedish. */

import { decodeCell } from "./encode.ts";

/** ECMA-376 part 1, 18.17.3, the newer ones, and what the translated programs show. */
const errors: ReadonlySet<string> = new Set([
  ...["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"],
  ...["#VALEUR!", "#NOM?", "#NOMBRE!", "#NUL!"],
  ...["#SAKNAS!", "#REFERENS!", "#VÄRDEFEL!", "#DIVISION/0!", "#NAMN?", "#OGILTIGT!", "#SKÄRNING!"],
]);
const maxBytes = 16;
/** A value that is not there, which a formula looked for: in English and French, and in Swedish. */
const notAvailable: ReadonlySet<string> = new Set(["#N/A", "#SAKNAS!"]);

/** Whether an error says no more than that there is no value. */
export function isNotAvailable(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start <= maxBytes && notAvailable.has(decodeCell(bytes, start, end));
}

/** Whether a cell that begins with `#` is an error value. */
export function isSpreadsheetError(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > maxBytes) return false;
  return errors.has(decodeCell(bytes, start, end));
}
