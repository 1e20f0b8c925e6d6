/**
 * Reading, validating and encoding alone, without a database: what application code on Papa Parse needs to turn the
 * file into the text that COPY takes.
 */
import { type Lead, readLead } from "./lead-rules.ts";
import { eachPieceOfRows } from "./papa-rows.ts";
import { secondsSince } from "./peer-outcome.ts";

export interface EncodeOutcome {
  rows: number;
  valid: number;
  /** Bytes of COPY text made, in UTF-8. */
  bytes: number;
  seconds: number;
  rowsPerSecond: number;
}

/** Reads the leads file at `csvPath` and makes a line of COPY text of every valid row. */
export async function papaEncode(csvPath: string): Promise<EncodeOutcome> {
  const startedAt = performance.now();
  let rows = 0;
  let valid = 0;
  let bytes = 0;
  await eachPieceOfRows(csvPath, (piece) => {
    let text = "";
    for (const cells of piece) {
      rows++;
      const lead = readLead(cells);
      if (typeof lead === "string") continue;
      valid++;
      text += copyLine(lead);
    }
    bytes += Buffer.from(text).length;
  });
  const seconds = secondsSince(startedAt);
  return { rows, valid, bytes, seconds, rowsPerSecond: rows / seconds };
}

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/** Postgres manual, COPY, "Text Format". */
function copyLine(lead: Lead): string {
  let line = "";
  for (let index = 0; index < lead.length; index++) {
    if (index > 0) line += "\t";
    const value = lead[index];
    if (value === null) line += "\\N";
    else line += SPECIAL.test(value) ? value.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character]) : value;
  }
  return `${line}\n`;
}
