/** Which of a workbook's sheets is meant. */
import { SluiceError, type Telling, told } from "../../core/errors.ts";
import type { Sheet, Workbook } from "./workbook.ts";

/** How many sheets a message names. */
const namedSheets = 20;

/**
 * The sheet a person names: by its name in any case, else by its place from 1.
 *
 * @throws SluiceError `invalid` naming the sheets there are.
 */
export function sheetByHint(workbook: Workbook, hint: string): Sheet {
  const { sheets, archive } = workbook;
  const folded = hint.trim().toLowerCase();
  const found =
    sheets.find(({ name }) => name === hint) ??
    sheets.find(({ name }) => name.trim().toLowerCase() === folded) ??
    sheets.find(({ index }) => String(index) === folded);
  if (found !== undefined) return found;
  throw new SluiceError(
    "invalid",
    told`${archive.fileName} has no sheet "${hint}". Available: ${sheetNames(sheets)}. Give one of these names, or its position starting at 1.`,
    { next: { code: "choose_sheet" } },
  );
}

/** The sheet of a dialect: the one of its name at its place, else the one of its name. */
export function chosenSheet(workbook: Workbook, chosen: { sheet: string; sheetIndex: number }): Sheet {
  const named = workbook.sheets.filter(({ name }) => name === chosen.sheet);
  const found = named.find(({ index }) => index === chosen.sheetIndex) ?? named[0];
  return found ?? sheetByHint(workbook, chosen.sheet);
}

/** `1 "Orders", 2 "Customers"`, for a message. */
export function sheetNames(sheets: readonly Sheet[]): string | Telling {
  const names = sheets.slice(0, namedSheets).map(({ name, index }) => `${index} "${name}"`);
  return sheets.length > namedSheets ? told`${names} and ${sheets.length - namedSheets} more` : names.join(", ");
}
