/** Which of a workbook's sheets is meant: the one a person names, else the likely one of those that can be seen and have rows. */
import { SluiceError, told } from "../../core/errors.ts";
import type { DetectionHints } from "../../core/row.ts";
import type { SampleRow } from "../table/sample-row.ts";
import { likelySheet } from "./likely-sheet.ts";

/** How many sheets a message names. */
const namedSheets = 20;

/** A sheet, as far as it was read. */
export interface SurveyedSheet {
  name: string;
  /** Place in the workbook, from 1. */
  index: number;
  hidden: boolean;
  /** Its first rows. */
  rows: readonly SampleRow[];
}

/**
 * The sheet of a hint (its name in any case, else its place from 1); without one the likely one of those that are visible and
 * have rows, else of those that have rows.
 *
 * @throws SluiceError `invalid`: no such sheet, or no rows.
 */
export function chooseSheet<T extends SurveyedSheet>(
  fileName: string,
  sheets: readonly T[],
  { sheet: hint, names }: Pick<DetectionHints, "sheet" | "names"> = {},
): T {
  if (sheets.length === 0) throw new SluiceError("invalid", told`${fileName} has no sheets. Is it a spreadsheet?`);
  if (hint === undefined) {
    const filled = sheets.filter(({ rows }) => rows.length > 0);
    const visible = filled.filter(({ hidden }) => !hidden);
    const found = likelySheet(visible.length > 0 ? visible : filled, names);
    if (found !== undefined) return found;
    throw new SluiceError("invalid", told`${fileName} has only empty sheets: no header and no rows.`);
  }
  const folded = hint.trim().toLowerCase();
  const found =
    sheets.find(({ name }) => name === hint) ??
    sheets.find(({ name }) => name.trim().toLowerCase() === folded) ??
    sheets.find(({ index }) => String(index) === folded);
  if (found === undefined) {
    const names = sheets.slice(0, namedSheets).map(({ name, index }) => `${index} "${name}"`);
    const listed = `${names.join(", ")}${sheets.length > namedSheets ? " …" : ""}`;
    throw new SluiceError(
      "invalid",
      told`${fileName} has no sheet "${hint}". Available: ${listed}. Give one of these names, or its position starting at 1.`,
      { next: { code: "choose_sheet" } },
    );
  }
  if (found.rows.length > 0) return found;
  throw new SluiceError(
    "invalid",
    told`Sheet ${found.index} (${found.name}) of ${fileName} is empty. Choose another sheet.`,
    { next: { code: "choose_sheet" } },
  );
}
