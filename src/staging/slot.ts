/** A column of the stage: which cell of a row it takes, and how that is read. */
import type { Field } from "../core/field.ts";
import type { Mapping } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { StageColumn } from "../core/store/stage-column.ts";
import type { Encode } from "../values/encode.ts";
import { encodeBoundedText, maxTextChars } from "../values/encode-text.ts";
import { type Encoders, encodersOf } from "../values/encoder.ts";
import { type Verbatim, verbatim } from "../values/verbatim.ts";

/** Flat, since it is read for every cell of a file. */
export interface Slot extends Verbatim {
  name: string;
  /** Null for the cell that names the owner. */
  field: Field | null;
  /** The cell's place in a row. */
  column: number;
  required: boolean;
  /** The field's validator may make a blank of a value. */
  mayBlank: boolean;
  encode: Encode;
  /** For cells that the file typed. */
  encodeTyped: Encode;
}

export function slotOf(
  { name, column }: StageColumn,
  importer: Importer,
  mapping: Mapping,
  keys: readonly string[],
): Slot {
  const field = Object.hasOwn(importer.fields, name) ? importer.fields[name] : null;
  const mapped = mapping.columns.find((each) => each.column === column);
  const { transform = {} } = mapped ?? {};
  const {
    encode,
    encodeTyped,
    verbatim: plain,
  }: Encoders = field === null
    ? { encode: encodeBoundedText, encodeTyped: encodeBoundedText, verbatim: verbatim({ most: maxTextChars }) }
    : encodersOf(name, field, { transform, column: mapped, isKey: keys.includes(name) });
  const required = field?.required ?? false;
  const mayBlank = field?.validate !== undefined;
  return { name, field, column, required, mayBlank, encode, encodeTyped, ...plain };
}
