/** Workbooks of Office Open XML (XLSX, XLSM) as a Format: one of their sheets, row by row. */
import { SluiceError } from "../../core/errors.ts";
import type { Format } from "../../core/ports.ts";
import { detectXlsx } from "./detect.ts";
import { readXlsx } from "./read.ts";
import { surveyXlsx } from "./survey.ts";

export const xlsx: Format = {
  detect: detectXlsx,
  read(source, dialect, options) {
    if (dialect.format !== "xlsx") throw new SluiceError("internal", `The XLSX reader was given ${dialect.format}.`);
    return readXlsx(source, dialect, options);
  },
  sheets: surveyXlsx,
};
