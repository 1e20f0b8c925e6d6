/** Reads text cells: unchanged, escaped for COPY, valid UTF-8, within their limits. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { SluiceError } from "../core/errors.ts";
import { isPromise } from "../core/field.ts";
import type { ReferenceField } from "../core/fields/reference.ts";
import type { TextField } from "../core/fields/text.ts";
import { matcherOf } from "../core/pattern/pattern.ts";
import { storableText } from "../core/storable.ts";
import { copyEscapes } from "./copy-text.ts";
import { refusingDays } from "./date-damage.ts";
import {
  decodeCell,
  type Encode,
  type Finding,
  isDigit,
  isExcelNotation,
  isWarning,
  sequenceLength,
} from "./encode.ts";
import type { FieldReader } from "./read-field.ts";
import { neverVerbatim, verbatim } from "./verbatim.ts";

export const encodingInvalid: Finding = { code: "encoding_invalid" };
export const nulCharacter: Finding = { code: "nul_character" };
export const spreadsheetDamage: Finding = { code: "spreadsheet_damage" };

/** 1 for the ASCII characters that COPY takes unescaped. */
const asItStands = new Uint8Array(256);
asItStands.fill(1, 0x01, 0x80);
for (let byte = 0; byte < 0x80; byte++) if (copyEscapes[byte] !== 0) asItStands[byte] = 0;

/** Text, unchanged. */
export const encodePlainText: Encode = (bytes, start, end, out) => {
  out.reserve(2 * (end - start));
  const target = out.bytes;
  let at = out.length;
  let i = start;
  for (;;) {
    let byte = 0;
    while (i < end && asItStands[(byte = bytes[i])] === 1) {
      target[at++] = byte;
      i++;
    }
    if (i >= end) break;
    if (byte >= 0x80) {
      const length = sequenceLength(bytes, i, end);
      if (length === 0) return encodingInvalid;
      for (let k = 0; k < length; k++) target[at++] = bytes[i++];
    } else if (byte === 0) {
      return nulCharacter;
    } else {
      target[at++] = 0x5c;
      target[at++] = copyEscapes[byte];
      i++;
    }
  }
  out.length = at;
  return null;
};

/** Characters that the text of one cell may have; a field may say less. What is longer is a file in a cell. */
export const maxTextChars = 1_000_000;

/** The encoder of a text field; `identifier`: E-notation in it is damage, since no identifier looks so. */
export function textEncoder(field: TextField, identifier: boolean): Encode {
  const { minLength, maxLength = maxTextChars, pattern } = field;
  const limits: Encode[] = [];
  if (identifier) {
    limits.push((bytes, start, end) => (isExcelNotation(bytes, start, end) ? spreadsheetDamage : null));
  }
  const most = Math.min(maxLength, maxTextChars);
  limits.push(lengthLimit(most));
  if (minLength !== undefined) {
    const tooShort: Finding = { code: "text_too_short", params: { min: minLength } };
    limits.push((bytes, start, end) => (characters(bytes, start, end) < minLength ? tooShort : null));
  }
  if (pattern !== undefined) {
    const matches = matcherOf(pattern);
    const mismatch: Finding = { code: "text_pattern", params: { pattern: pattern.source } };
    limits.push((bytes, start, end) => (matches(decodeCell(bytes, start, end)) ? null : mismatch));
  }
  if (limits.length === 1) {
    // The common case without a loop over limits: a cell cannot have more characters than bytes.
    const [limit] = limits;
    return (bytes, start, end, out) =>
      (end - start > most ? limit(bytes, start, end, out) : null) ?? encodePlainText(bytes, start, end, out);
  }
  return (bytes, start, end, out) => {
    for (const limit of limits) {
      const finding = limit(bytes, start, end, out);
      if (finding !== null) return finding;
    }
    return encodePlainText(bytes, start, end, out);
  };
}

function lengthLimit(max: number): Encode {
  const tooLong: Finding = { code: "text_too_long", params: { max } };
  return (bytes, start, end) => (end - start > max && characters(bytes, start, end) > max ? tooLong : null);
}

const plainLimit = lengthLimit(maxTextChars);

/** Text, unchanged, of any reasonable length. */
export const encodeBoundedText: Encode = (bytes, start, end, out) =>
  plainLimit(bytes, start, end, out) ?? encodePlainText(bytes, start, end, out);

/** A spreadsheet that took a code for a number has taken one or two zeros; more digits are missing for another reason. */
export const maxLostZeros = 2;

/**
 * The same encoder for a column of codes of `width` digits: one that is shorter has lost zeros, and a warning says so. `pad`:
 * they are put back.
 */
export function withLostZeros(encode: Encode, width: number, pad: boolean): Encode {
  const padded = Buffer.alloc(width, "0");
  return (bytes, start, end, out) => {
    const length = end - start;
    if (length >= width || length < width - maxLostZeros || length === 0) return encode(bytes, start, end, out);
    for (let i = start; i < end; i++) if (!isDigit(bytes[i])) return encode(bytes, start, end, out);
    padded.fill(0x30);
    padded.set(bytes.subarray(start, end), width - length);
    const finding = pad ? encode(padded, 0, width, out) : encode(bytes, start, end, out);
    return finding ?? { code: "leading_zero_lost", params: { value: padded.toString("latin1") } };
  };
}

function characters(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let i = start; i < end; i++) if ((bytes[i] & 0xc0) !== 0x80) count++;
  return count;
}

/**
 * Passes what `encode` wrote through a user's own validator; its output takes the value's place, read by `encodeOutput` as
 * if it were in a cell, so that it fits the field's column. No output is a blank cell.
 */
export function withSchema(
  encode: Encode,
  schema: StandardSchemaV1<string, unknown>,
  fieldName: string,
  encodeOutput: Encode,
): Encode {
  return (bytes, start, end, out) => {
    const before = out.length;
    const finding = encode(bytes, start, end, out);
    if (finding !== null && (!isWarning(finding) || finding.code === "blank_word")) return finding;
    const value = out.read(before, out.length);
    const result = askValidator(schema, value, fieldName);
    if (result.issues !== undefined) {
      return {
        code: "value_rejected",
        params: { message: storableText(result.issues.map((issue) => issue.message).join("; ")) },
      };
    }
    if (result.value === value) return finding;
    out.length = before;
    const output = outputText(result.value, fieldName);
    if (output === "") return finding;
    const cell = Buffer.from(output);
    return encodeOutput(cell, 0, cell.length, out) ?? finding;
  };
}

/** What a user's own validator says of a text; held to what one may answer. */
function askValidator(
  schema: StandardSchemaV1<string, unknown>,
  value: string,
  fieldName: string,
): StandardSchemaV1.Result<unknown> {
  const refuse = (what: string, cause?: unknown): never => {
    throw new SluiceError("invalid", `The validator of the field "${fieldName}" ${what}`, { cause });
  };
  let result: ReturnType<(typeof schema)["~standard"]["validate"]>;
  try {
    result = schema["~standard"].validate(value);
  } catch (cause) {
    return refuse(`failed: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  if (isPromise(result)) {
    Promise.resolve(result).catch(() => {});
    return refuse("is asynchronous. Look values up with field.reference, or make it synchronous.");
  }
  if (typeof result !== "object" || result === null || !("value" in result || Array.isArray(result.issues)))
    return refuse("answers with what is no result. By Standard Schema it is { value } or { issues: [{ message }] }.");
  return result;
}

function outputText(value: unknown, fieldName: string): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object" || typeof value === "function" || typeof value === "symbol") {
    throw new SluiceError(
      "invalid",
      `The validator of the field "${fieldName}" returned an object. Let it return text, a number, a boolean, a Date or null.`,
    );
  }
  return String(value).trim();
}

export const textReader: FieldReader<TextField> = {
  encoder(field, { transform, column = {}, isKey }) {
    const { repair, nature } = column;
    const text = textEncoder(field, isKey || nature === "identifier");
    const whole = nature === "fraction" ? refusingDays(text) : text;
    const width = transform.padTo ?? repair?.width;
    return width === undefined ? whole : withLostZeros(whole, width, transform.padTo !== undefined);
  },
  verbatim(field, { transform, column = {}, isKey, isSought = isKey }) {
    const { repair, nature } = column;
    if (field.pattern !== undefined || field.minLength !== undefined || nature === "fraction") return neverVerbatim;
    return verbatim({
      // A shorter one may have lost zeros.
      least: transform.padTo ?? repair?.width,
      // A cell cannot have more characters than bytes.
      most: Math.min(field.maxLength ?? maxTextChars, maxTextChars),
      // What a spreadsheet made of an identifier begins with a digit.
      words: isKey || nature === "identifier",
      seen: isSought,
    });
  },
};

export const referenceReader: FieldReader<ReferenceField> = {
  encoder: () => encodeBoundedText,
  verbatim: () => verbatim({ most: maxTextChars, names: true, seen: true }),
};
