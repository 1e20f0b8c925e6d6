/** The CSV family as a Format: delimited text in any dialect. */
import type { Format } from "../../ports.ts";
import { detectCsv } from "./detect.ts";
import { readCsv } from "./read.ts";

export const csv: Format = { detect: detectCsv, read: readCsv };
