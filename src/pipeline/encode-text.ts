/** Reads text cells: as they stand, escaped for COPY, valid UTF-8, within their limits. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { SluiceError } from "../errors.ts";
import type { TextField } from "../field.ts";
import { type CopyText, copyEscapes } from "./copy-text.ts";
import { decodeCell, type Encode, type Finding, isExcelNotation, sequenceLength } from "./encode.ts";

export const encodingInvalid: Finding = { code: "encoding_invalid" };
export const nulCharacter: Finding = { code: "nul_character" };
export const spreadsheetDamage: Finding = { code: "spreadsheet_damage" };

/** Text as it stands. */
export const encodePlainText: Encode = (bytes, start, end, out) => {
  out.reserve(2 * (end - start));
  const target = out.bytes;
  let at = out.length;
  for (let i = start; i < end; i++) {
    const byte = bytes[i];
    if (byte >= 0x80) {
      const length = sequenceLength(bytes, i, end);
      if (length === 0) return encodingInvalid;
      target[at++] = byte;
      for (let k = 1; k < length; k++) target[at++] = bytes[++i];
    } else if (byte > 0x1f && byte !== 0x5c) {
      target[at++] = byte;
    } else if (byte === 0) {
      return nulCharacter;
    } else {
      const escape = copyEscapes[byte];
      if (escape !== 0) {
        target[at++] = 0x5c;
        target[at++] = escape;
      } else {
        target[at++] = byte;
      }
    }
  }
  out.length = at;
  return null;
};

/** The encoder of a text field; `identifier`: E-notation in it is damage, since no identifier looks so. */
export function textEncoder(field: TextField, identifier: boolean): Encode {
  const { minLength, maxLength, pattern } = field;
  const limits: Encode[] = [];
  if (identifier) {
    limits.push((bytes, start, end) => (isExcelNotation(bytes, start, end) ? spreadsheetDamage : null));
  }
  if (maxLength !== undefined) {
    const tooLong: Finding = { code: "text_too_long", params: { max: maxLength } };
    limits.push((bytes, start, end) =>
      end - start > maxLength && characters(bytes, start, end) > maxLength ? tooLong : null,
    );
  }
  if (minLength !== undefined) {
    const tooShort: Finding = { code: "text_too_short", params: { min: minLength } };
    limits.push((bytes, start, end) => (characters(bytes, start, end) < minLength ? tooShort : null));
  }
  if (pattern !== undefined) {
    const whole = new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace(/[gy]/g, ""));
    const mismatch: Finding = { code: "text_pattern", params: { pattern: pattern.source } };
    limits.push((bytes, start, end) => (whole.test(decodeCell(bytes, start, end)) ? null : mismatch));
  }
  if (limits.length === 0) return encodePlainText;
  return (bytes, start, end, out) => {
    for (const limit of limits) {
      const finding = limit(bytes, start, end, out);
      if (finding !== null) return finding;
    }
    return encodePlainText(bytes, start, end, out);
  };
}

function characters(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let i = start; i < end; i++) if ((bytes[i] & 0xc0) !== 0x80) count++;
  return count;
}

/** Passes what `encode` wrote through a user's own validator; its output, as text, takes the value's place. */
export function withSchema(encode: Encode, schema: StandardSchemaV1<string, unknown>, fieldName: string): Encode {
  return (bytes, start, end, out) => {
    const before = out.length;
    const finding = encode(bytes, start, end, out);
    if (finding !== null) return finding;
    const value = out.read(before, out.length);
    const result = schema["~standard"].validate(value);
    if (result instanceof Promise) {
      throw new SluiceError("invalid", `The validator of the field "${fieldName}" is asynchronous. Look values up with field.reference, or make it synchronous.`);
    }
    if (result.issues !== undefined) {
      return { code: "value_rejected", params: { message: result.issues.map((issue) => issue.message).join("; ") } };
    }
    if (result.value !== value) rewrite(out, before, result.value);
    return null;
  };
}

function rewrite(out: CopyText, from: number, value: unknown): void {
  out.length = from;
  if (value === null || value === undefined) {
    out.null();
  } else {
    out.text(value instanceof Date ? value.toISOString() : String(value));
  }
}
