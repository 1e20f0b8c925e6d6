/** One cell through an encoder, or a file through everything before the database. */
import type { Field } from "../../src/core/field.ts";
import type { Transform } from "../../src/core/import.ts";
import { CopyText } from "../../src/values/copy-text.ts";
import { type Encode, type Finding, isWarning } from "../../src/values/encode.ts";
import { encodersOf } from "../../src/values/encoder.ts";
import type { EncoderOptions } from "../../src/values/read-field.ts";

/** The value in the stage, null for SQL's null, or what is wrong. A warning comes with its value. */
export type Outcome = string | null | Finding | { warning: Finding; value: string | null };

/** Encodes a cell that stands in the middle of other bytes, behind other values. */
export function encodeCell(encode: Encode, cell: string | Uint8Array): Outcome {
  const content = typeof cell === "string" ? Buffer.from(cell) : cell;
  const bytes = Buffer.concat([Buffer.from('9"0'), content, Buffer.from('0"9')]);
  const out = new CopyText(4);
  out.text("before");
  const start = out.length;
  const finding = encode(bytes, 3, 3 + content.length, out);
  if (finding !== null && !isWarning(finding)) return finding;
  if (out.bytes.toString("latin1", 0, start) !== "before") throw new Error("the value before was overwritten");
  const value = start === out.length ? null : out.read(start, out.length);
  return finding === null ? value : { warning: finding, value };
}

/** Encodes with the encoder of a field. */
export function encoded(field: Field, cell: string | Uint8Array, transform: Transform = {}, isKey = false): Outcome {
  return encodeCell(encodersOf("it", field, { transform, isKey }).encode, cell);
}

/** Encodes in a column that the mapping knows more of. */
export function encodedIn(
  column: EncoderOptions["column"],
  field: Field,
  cell: string,
  transform: Transform = {},
): Outcome {
  return encodeCell(encodersOf("it", field, { transform, column, isKey: false }).encode, cell);
}

/** Encodes a cell that the file typed. */
export function encodedTyped(field: Field, cell: string, transform: Transform = {}): Outcome {
  return encodeCell(encodersOf("it", field, { transform, isKey: false }).encodeTyped, cell);
}

/** The code of what is wrong, or the value in quotes; both with a warning. */
export function brief(outcome: Outcome): string {
  if (outcome === null) return "null";
  if (typeof outcome === "string") return JSON.stringify(outcome);
  return "code" in outcome ? outcome.code : `${JSON.stringify(outcome.value)} ${outcome.warning.code}`;
}
