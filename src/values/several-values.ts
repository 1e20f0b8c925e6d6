/** Several e-mails or phones in one cell: the first that is valid is taken, and a warning names the others. */
import { storableText } from "../core/storable.ts";
import type { CopyText } from "./copy-text.ts";
import { decodeCell, type Encode, type Finding, isWarning } from "./encode.ts";

/** How several values of a kind are written in one cell. */
export interface Several {
  /** What parts them; the next is tried where one does not part the cell into values. */
  separators: readonly {
    mark: RegExp /** It may stand inside a value too: it only parts where all are valid. */;
    isLoose?: boolean;
  }[];
  looksLikeOne(part: string): boolean;
  encodeOne: Encode;
}

/** A cell longer than this holds something else. */
const maxBytes = 1000;
/** Characters of the other values that the warning keeps. */
const maxOthers = 200;

/**
 * Reads a cell that is not a single value: `otherwise` when it is not several either. Separators after one value, and the
 * same value twice, lose nothing and are not reported.
 */
export function firstOfSeveral(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: CopyText,
  kind: Several,
  otherwise: Finding,
): Finding | null {
  if (end - start > maxBytes) return otherwise;
  // Runs of blanks would be tried from each of them on.
  const text = decodeCell(bytes, start, end)
    .replace(/[^\S\r\n]+/g, " ")
    .trim();
  for (const { mark, isLoose = false } of kind.separators) {
    const parts = text.split(mark).filter((part) => part !== "");
    if (parts.length === 0 || (parts.length === 1 && parts[0] === text)) continue;
    if (parts.length > 1 && !parts.every(kind.looksLikeOne)) continue;
    return takeFirst(parts, out, kind.encodeOne, isLoose, otherwise);
  }
  return otherwise;
}

function takeFirst(
  parts: string[],
  out: CopyText,
  encodeOne: Encode,
  needsAll: boolean,
  otherwise: Finding,
): Finding | null {
  const before = out.length;
  const encode = (part: string): string | null => {
    const cell = Buffer.from(part);
    out.length = before;
    const finding = encodeOne(cell, 0, cell.length, out);
    return finding === null || (isWarning(finding) && !needsAll) ? out.read(before, out.length) : null;
  };
  const values = parts.map(encode);
  const first = values.findIndex((value) => value !== null);
  out.length = before;
  if (first < 0 || (needsAll && values.includes(null))) return otherwise;
  const value = values[first] as string;
  out.text(value);
  const others = parts.filter((_, k) => values[k] !== value).join("; ");
  return others === "" ? null : severalValues(value, [others]);
}

/** One value was taken, and these were not. */
export function severalValues(value: string, others: readonly string[]): Finding {
  return {
    code: "several_values",
    params: { value, others: storableText(others.join("; ").slice(0, maxOthers)) },
  };
}

/** The value stood within a name, a label or a link. */
export const valueUnwrapped: Finding = { code: "value_unwrapped" };
