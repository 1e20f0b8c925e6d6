/**
 * What an encoder is: it reads one cell's bytes into COPY text or says what is wrong with them. Each kind of field has
 * one, in encode-*.ts.
 */
import { type IssueCode, type IssueParams, issueSeverity } from "../core/issue.ts";
import type { CopyText } from "./copy-text.ts";

/** What is wrong with a cell, or worth knowing. Where it says nothing of the cell itself it is made once per field, so that a bad cell costs no memory. */
export interface Finding {
  readonly code: IssueCode;
  readonly params?: IssueParams;
}

/** A warning, or an info: whether the cell is taken nevertheless. */
export function isWarning(finding: Finding): boolean {
  return issueSeverity[finding.code] !== "error";
}

/** Whether it is only counted: nobody has to look at the row. */
export function isInfo(code: IssueCode): boolean {
  return issueSeverity[code] === "info";
}

/**
 * Appends the value of `bytes[start, end)` (trimmed, never empty) to `out`, or returns what is wrong. After an error
 * `out` may hold a part of the value: the caller drops the row. After a warning or an info it holds the value; of a cell
 * that says it has none (`blank_word`) nothing.
 */
export type Encode = (bytes: Uint8Array, start: number, end: number, out: CopyText) => Finding | null;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A cell's text; invalid bytes become U+FFFD. */
export function decodeCell(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}

/** A cell's text; null where it is no UTF-8. */
export function decodeStrictly(bytes: Uint8Array, start: number, end: number): string | null {
  const text = decodeCell(bytes, start, end);
  if (!text.includes("\ufffd")) return text;
  // The cell may have the character itself.
  for (let i = start; i < end; ) {
    const length = sequenceLength(bytes, i, end);
    if (length === 0) return null;
    i += length;
  }
  return text;
}

/**
 * Length of the UTF-8 sequence at `at` (RFC 3629, section 4), 0 when there is none: an overlong form, a surrogate, a
 * cut sequence.
 */
export function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at];
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  if (at + 1 >= end) return 0;
  const second = bytes[at + 1];
  if (first < 0xe0) return (second & 0xc0) === 0x80 ? 2 : 0;
  if (at + 2 >= end || (bytes[at + 2] & 0xc0) !== 0x80) return 0;
  if (first < 0xf0) {
    const low = first === 0xe0 ? 0xa0 : 0x80;
    const high = first === 0xed ? 0x9f : 0xbf;
    return second >= low && second <= high ? 3 : 0;
  }
  if (at + 3 >= end || (bytes[at + 3] & 0xc0) !== 0x80) return 0;
  const low = first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xf4 ? 0x8f : 0xbf;
  return second >= low && second <= high ? 4 : 0;
}

/**
 * What Excel leaves of a long number or a phone: `3,36E+10`. Digits are lost, so nothing can repair it.
 */
export function isExcelNotation(bytes: Uint8Array, start: number, end: number): boolean {
  let i = start;
  while (i < end && isDigit(bytes[i])) i++;
  if (i === start || i >= end) return false;
  if (bytes[i] === 0x2c || bytes[i] === 0x2e) {
    i++;
    while (i < end && isDigit(bytes[i])) i++;
  }
  if (i + 2 >= end || (bytes[i] | 0x20) !== 0x65 || bytes[i + 1] !== 0x2b) return false;
  i += 2;
  const exponent = i;
  while (i < end && isDigit(bytes[i])) i++;
  return i === end && i > exponent;
}

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
