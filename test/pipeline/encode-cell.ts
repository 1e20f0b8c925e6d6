/** One cell through an encoder, or a file through everything before the database. */
import type { Field } from "../../src/field.ts";
import type { Transform } from "../../src/import.ts";
import { CopyText } from "../../src/pipeline/copy-text.ts";
import type { Encode, Finding } from "../../src/pipeline/encode.ts";
import { encoderOf } from "../../src/pipeline/encoder.ts";

/** The value in the stage, null for SQL's null, or what is wrong. */
export type Outcome = string | null | Finding;

/** Encodes a cell that stands in the middle of other bytes, behind other values. */
export function encodeCell(encode: Encode, cell: string | Uint8Array): Outcome {
  const content = typeof cell === "string" ? Buffer.from(cell) : cell;
  const bytes = Buffer.concat([Buffer.from('9"0'), content, Buffer.from('0"9')]);
  const out = new CopyText(4);
  out.text("before");
  const start = out.length;
  const finding = encode(bytes, 3, 3 + content.length, out);
  if (finding !== null) return finding;
  if (out.bytes.toString("latin1", 0, start) !== "before") throw new Error("the value before was overwritten");
  return out.bytes.toString("latin1", start, out.length) === "\\N" ? null : out.read(start, out.length);
}

/** Encodes with the encoder of a field. */
export function encoded(field: Field, cell: string | Uint8Array, transform: Transform = {}, isKey = false): Outcome {
  return encodeCell(encoderOf("it", field, transform, isKey), cell);
}

/** The code of what is wrong, or the value in quotes. */
export function brief(outcome: Outcome): string {
  if (outcome === null) return "null";
  return typeof outcome === "string" ? JSON.stringify(outcome) : outcome.code;
}
