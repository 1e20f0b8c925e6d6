/** OpenDocument spreadsheets (ODS: LibreOffice, OpenOffice, Google Sheets, Excel) as a Format. */
import { SluiceError } from "../../core/errors.ts";
import type { Format } from "../../core/ports.ts";
import { detectOds, surveyOds } from "./detect.ts";
import { readOds } from "./read.ts";

export const ods: Format = {
  detect: detectOds,
  read(source, dialect, options) {
    if (dialect.format !== "ods") throw new SluiceError("internal", `The ODS reader was given ${dialect.format}.`);
    return readOds(source, dialect, options);
  },
  sheets: surveyOds,
};
