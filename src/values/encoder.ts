/** How the fields of each kind are read, and the encoders of one. */
import type { Field, FieldKind, FieldOf } from "../core/field.ts";
import type { Encode } from "./encode.ts";
import { dateReader, datetimeReader } from "./encode-date.ts";
import { emailReader } from "./encode-email.ts";
import { decimalReader, integerReader } from "./encode-number.ts";
import { phoneReader } from "./encode-phone.ts";
import { referenceReader, textReader, withSchema } from "./encode-text.ts";
import { booleanReader, choiceReader } from "./encode-words.ts";
import type { EncoderOptions, FieldReader } from "./read-field.ts";
import { neverVerbatim, type Verbatim } from "./verbatim.ts";

const readers = {
  text: textReader,
  email: emailReader,
  phone: phoneReader,
  integer: integerReader,
  decimal: decimalReader,
  date: dateReader,
  datetime: datetimeReader,
  boolean: booleanReader,
  choice: choiceReader,
  reference: referenceReader,
} satisfies { readonly [K in FieldKind]: FieldReader<FieldOf<K>> };

function readerOf({ kind }: Field): FieldReader<Field> {
  return readers[kind] as FieldReader<Field>;
}

export interface Encoders {
  encode: Encode;
  /** For cells that the file typed: their text is in plain form, whatever the column's own marks and orders. */
  encodeTyped: Encode;
  /** Cells that `encode` takes unchanged. */
  verbatim: Verbatim;
}

export function encodersOf(name: string, field: Field, options: EncoderOptions): Encoders {
  const reader = readerOf(field);
  const encode = reader.encoder(field, options);
  const encodeTyped = reader.typed?.(field, encode) ?? encode;
  const { validate } = field;
  if (validate === undefined)
    return { encode, encodeTyped, verbatim: reader.verbatim?.(field, options) ?? neverVerbatim };
  // What a validator returns is in plain form too.
  const plain = reader.encoder(field, { ...options, transform: {}, column: {} });
  const checked = withSchema(encode, validate, name, plain);
  return {
    encode: checked,
    encodeTyped: encodeTyped === encode ? checked : withSchema(encodeTyped, validate, name, plain),
    verbatim: neverVerbatim,
  };
}

/** A value of the stage, from its JSON, as the field's encoder had written it. */
export function writtenText(field: Field, stored: string): string {
  return readerOf(field).written?.(field, stored) ?? stored;
}
