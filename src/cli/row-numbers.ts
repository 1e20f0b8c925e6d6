/** Rows of a file as a person names them on the command line: `all`, or numbers and stretches such as `4,7-9`. */
import type { RowsOf } from "../core/store/review.ts";
import { mostEditedRows } from "../engine/review-session.ts";
import { NeedsDecision } from "./decision.ts";

const highest = 2 ** 31 - 1;

/** @throws NeedsDecision */
export function rowNumbers(text: string): RowsOf {
  if (text === "all") return { within: {} };
  const stretches = text.split(",").map((part) => {
    const [, first, last = first] = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (!(from >= 1 && from <= to && to <= highest))
      throw new NeedsDecision(
        `--rows "${text}": name rows by their numbers in the file, such as 4,7-9, or all of them: all.`,
      );
    return { from, to };
  });
  if (stretches.length === 1) return stretches[0];
  if (stretches.reduce((sum, { from, to }) => sum + to - from + 1, 0) > mostEditedRows)
    throw new NeedsDecision(
      `--rows "${text}" is more than ${mostEditedRows} rows. Name one stretch at a time, such as 2-50000.`,
    );
  const rows = stretches.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, k) => from + k));
  return { rows: [...new Set(rows)] };
}
