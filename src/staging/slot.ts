/** A column of the stage: which cell of a row it takes, and how that is read. */
import { SluiceError } from "../core/errors.ts";
import { type Field, kindOf } from "../core/field.ts";
import type { Mapping } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { StageColumn } from "../core/store/stage-column.ts";
import type { Encode } from "../values/encode.ts";
import { refusalOf } from "../values/encode-bare.ts";
import { encodeBoundedText, maxTextChars } from "../values/encode-text.ts";
import { encodersOf } from "../values/encoder.ts";
import type { Encoders } from "../values/read-field.ts";
import { type Verbatim, verbatim } from "../values/verbatim.ts";
import { textOf } from "./own-value.ts";

/** Flat, since it is read for every cell of a file. */
export interface Slot extends Verbatim {
  name: string;
  /** Null for the cell that names the owner. */
  field: Field | null;
  /** The cell's place in a row. */
  column: number;
  required: boolean;
  /** What a blank cell counts as; null: a blank. */
  fallback: { bytes: Uint8Array; encode: Encode } | null;
  /** A blank cell is not simply a blank. */
  heedsBlank: boolean;
  /** A cell that is not blank may come to nothing: by the field's validator, or as a list of nothing. */
  mayBlank: boolean;
  /** Words such as `#N/A` are blanks. */
  heedsBlankWords: boolean;
  encode: Encode;
  /** The same for most cells, at once; what it refuses `encode` may take. */
  quick: Encode;
  /** For cells that the file typed. */
  encodeTyped: Encode;
}

/** A column of the stage whose value comes from a cell. */
export type CellColumn = StageColumn & { column: number };

export function hasCell(column: StageColumn): column is CellColumn {
  return column.column !== null;
}

/**
 * `isLate`: what a blank cell counts as is made of the row's other values, and whether there is one is known then.
 *
 * @throws SluiceError `invalid` for a default that is no value.
 */
export function slotOf(
  { name, column }: CellColumn,
  importer: Importer,
  mapping: Mapping,
  keys: readonly string[],
  isLate = false,
): Slot {
  const field = Object.hasOwn(importer.fields, name) ? importer.fields[name] : null;
  const own = mapping.columns.find((each) => each.column === column);
  const mapped = own ?? mapping.fields?.[column - mapping.columns.length];
  const { transform = {}, default: said } = mapped?.field === name ? mapped : {};
  const {
    encode,
    quick,
    encodeTyped,
    verbatim: plain,
    heedsBlankWords,
  }: Encoders = field === null
    ? ownerEncoders
    : encodersOf(name, field, {
        transform,
        column: own,
        isKey: keys.includes(name),
        isSought: keys.includes(name) || findsRecords(importer, name),
      });
  const required = !isLate && (field?.required ?? false);
  const mayBlank = field !== null && (field.validate !== undefined || kindOf(field).mayBlank === true);
  const byDefinition = field === null || isLate ? null : ownDefault(name, field, importer);
  if (byDefinition !== null) refuseWrongDefault(byDefinition, name, encodeTyped, importer);
  const fallback =
    said !== undefined
      ? { bytes: Buffer.from(said.trim()), encode }
      : byDefinition === null
        ? null
        : { bytes: Buffer.from(byDefinition), encode: encodeTyped };
  return {
    name,
    field,
    column,
    required,
    fallback,
    heedsBlank: required || fallback !== null,
    mayBlank,
    heedsBlankWords,
    encode,
    quick,
    encodeTyped,
    ...plain,
  };
}

const ownerEncoders: Encoders = {
  encode: encodeBoundedText,
  quick: encodeBoundedText,
  encodeTyped: encodeBoundedText,
  verbatim: verbatim({ most: maxTextChars }),
  heedsBlankWords: false,
};

/** Whether a record of the importer's is found by the field. */
function findsRecords({ records = [] }: Importer, name: string): boolean {
  return records.some(({ keys }) => keys.flat().some(({ source }) => source.kind === "field" && source.field === name));
}

/** The definition's own default, as the text of a cell. */
function ownDefault(name: string, field: Field, { name: importer }: Importer): string | null {
  if (typeof field.default === "function") return null;
  return textOf(field.default, { importer, place: `fields.${name}.default`, kind: field.kind });
}

function refuseWrongDefault(text: string, name: string, encode: Encode, importer: Importer): void {
  const finding = refusalOf(encode, text);
  if (finding === null) return;
  throw new SluiceError(
    "invalid",
    `Importer "${importer.name}": fields.${name}.default is "${text}", which the field itself does not take (${finding.code}). Correct it in the definition.`,
  );
}
