/**
 * JSON within a cell (RFC 8259), its numbers as they are written: of a number in JavaScript 15 digits are sure, and cells have longer
 * ones.
 */
import { isDigit } from "./encode.ts";
import { readTypedNumber } from "./read-number.ts";

/** A number's own text, which `JSON.stringify` writes again (ECMA-262, "JSON.rawJSON"); TypeScript's libraries lack it. */
interface WrittenNumber {
  readonly rawJSON: string;
}
const { rawJSON, isRawJSON } = JSON as unknown as {
  rawJSON(text: string): WrittenNumber;
  isRawJSON(value: unknown): value is WrittenNumber;
};

/** Whether a text that is JSON has a number that is not sure to come back as it went in: of 16 characters, or with an exponent. */
function mayLose(text: string): boolean {
  let digits = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isDigit(code) || code === point) {
      if (++digits === 16) return true;
    } else if (digits > 0 && (code | 0x20) === letterE) return true;
    else {
      digits = 0;
      if (code === quote) i = stringEnd(text, i);
    }
  }
  return false;
}

function stringEnd(text: string, start: number): number {
  let i = start + 1;
  for (let code = text.charCodeAt(i); code !== quote && i < text.length; code = text.charCodeAt(++i))
    if (code === backslash) i++;
  return i;
}

const point = 0x2e;
const letterE = 0x65;
const quote = 0x22;
const backslash = 0x5c;

/** The value of a text, such numbers in it as `WrittenNumber`. @throws SyntaxError for what is no JSON */
export function parseJson(text: string): unknown {
  const parsed: unknown = JSON.parse(text);
  if (!hasMore(parsed) || !mayLose(text)) return parsed;
  const asWritten = (_key: string, value: unknown, context?: { source: string }): unknown => {
    if (typeof value !== "number" || context === undefined) return value;
    return mayLose(context.source) ? rawJSON(context.source) : value;
  };
  return JSON.parse(text, asWritten);
}

/** Whether there is more than texts in a value. */
function hasMore(value: unknown): boolean {
  return Array.isArray(value) ? value.some((each) => typeof each !== "string") : true;
}

/** Whether a value has others in it. */
export function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null && !isRawJSON(value);
}

/** A number without an exponent, which a column of text would keep. */
export function plainNumber(value: number): string {
  const text = String(value);
  const size = Math.abs(value);
  // ECMA-262, Number::toString: the numbers that it writes with one.
  return size >= 1e21 || size < 1e-6 ? (readTypedNumber(text) ?? text) : text;
}

/** A value as a cell would have it, and whether that is typed: a number, true or false. */
export function jsonCell(value: unknown): { text: string; isTyped: boolean } {
  if (typeof value === "string") return { text: value, isTyped: false };
  if (typeof value === "number") return { text: plainNumber(value), isTyped: true };
  if (value === null) return { text: "", isTyped: false };
  if (isRawJSON(value)) return { text: readTypedNumber(value.rawJSON) ?? value.rawJSON, isTyped: true };
  return typeof value === "object"
    ? { text: JSON.stringify(value), isTyped: false }
    : { text: String(value), isTyped: true };
}
