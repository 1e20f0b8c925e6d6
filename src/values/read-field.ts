/** How the cells of a kind of field are read: what each kind has in its encode-*.ts, listed in encoder.ts. */
import type { Field } from "../core/field.ts";
import type { ColumnMapping, Transform } from "../core/import.ts";
import type { Encode } from "./encode.ts";
import type { Verbatim } from "./verbatim.ts";

/** What decides, besides the field, how a column's cells are read. */
export interface EncoderOptions {
  transform: Transform;
  /** The column's own ways, as the mapping knows them. */
  column?: Pick<ColumnMapping, "repair" | "nature">;
  /** Duplicates are recognised by the field. */
  isKey: boolean;
}

export interface FieldReader<F extends Field> {
  encoder(field: F, options: EncoderOptions): Encode;
  /** For cells that the file typed, where they are read in another way: ISO 8601 dates, `true` and text never are. */
  typed?(field: F, encode: Encode): Encode;
  /** Text that needs no look at what it says. */
  verbatim?(field: F, options: EncoderOptions): Verbatim;
  /** A value as the encoder had written it, from the stage's JSON. Default: the same text. */
  written?(field: F, stored: string): string;
}
