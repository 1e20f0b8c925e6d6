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
  /** Records are found by it: what nobody sees of a text is left out. Default: whether it is a key. */
  isSought?: boolean;
}

/** What reads the cells of one column. */
export interface Encoders {
  encode: Encode;
  /** The same for most cells, at once; what it refuses `encode` may take. */
  quick: Encode;
  /** For cells that the file typed: their text is in plain form, whatever the column's own marks and orders. */
  encodeTyped: Encode;
  /** Cells that `encode` takes unchanged. */
  verbatim: Verbatim;
  /** Words such as `#N/A` are blanks. */
  heedsBlankWords: boolean;
}

/** What makes the encoders of a field, whatever its kind. */
export type EncodersOf = (name: string, field: Field, options: EncoderOptions) => Encoders;

export interface FieldReader<F extends Field> {
  encoder(field: F, options: EncoderOptions): Encode;
  /** The same encoder for values with what people write around them. It is asked for what the encoder refuses. */
  surrounded?(encode: Encode): Encode;
  /** For cells that the file typed, where they are read in another way: ISO 8601 dates, `true` and text never are. */
  typed?(field: F, encode: Encode, options: EncoderOptions): Encode;
  /** Text that needs no look at what it says. */
  verbatim?(field: F, options: EncoderOptions): Verbatim;
  /** A value as the encoder had written it, from the stage's JSON. Default: the same text. */
  written?(field: F, stored: string): string;
  /** A value of the stage, from its JSON, as a cell that is read so would have it. Default: the same text. */
  shown?(field: F, stored: string, options: Pick<EncoderOptions, "transform">): string;
}
