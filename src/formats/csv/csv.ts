/** The CSV family as a Format: delimited text in any dialect. */
import { SluiceError } from "../../core/errors.ts";
import type { Format } from "../../core/ports.ts";
import { detectCsv } from "./detect.ts";
import { readCsv } from "./read.ts";

export const csv: Format = {
  detect: detectCsv,
  read(source, dialect, options) {
    if (dialect.format !== "csv") throw new SluiceError("internal", `The CSV reader was given ${dialect.format}.`);
    return readCsv(source, dialect, options);
  },
};
