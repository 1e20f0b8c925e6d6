/** How the fields of each kind are read, and the encoders of one. */
import type { Field, FieldKind, FieldOf } from "../core/field.ts";
import { encodingBare, heedsBlankWords } from "./encode-bare.ts";
import { columnsReader } from "./encode-columns.ts";
import { dateReader, datetimeReader } from "./encode-date.ts";
import { emailReader } from "./encode-email.ts";
import { jsonReader } from "./encode-json.ts";
import { listReader } from "./encode-list.ts";
import { decimalReader, integerReader } from "./encode-number.ts";
import { phoneReader } from "./encode-phone.ts";
import { referenceReader, textReader, withSchema } from "./encode-text.ts";
import { timeReader } from "./encode-time.ts";
import { urlReader } from "./encode-url.ts";
import { uuidReader } from "./encode-uuid.ts";
import { booleanReader, choiceReader } from "./encode-words.ts";
import type { EncoderOptions, Encoders, FieldReader } from "./read-field.ts";
import { neverVerbatim, type Verbatim } from "./verbatim.ts";

const readers = {
  text: textReader,
  email: emailReader,
  phone: phoneReader,
  integer: integerReader,
  decimal: decimalReader,
  date: dateReader,
  datetime: datetimeReader,
  time: timeReader,
  boolean: booleanReader,
  choice: choiceReader,
  url: urlReader,
  uuid: uuidReader,
  list: listReader(encodersOf, writtenText, shownText),
  columns: columnsReader(encodersOf, writtenText),
  json: jsonReader(encodersOf),
  reference: referenceReader,
} satisfies { readonly [K in FieldKind]: FieldReader<FieldOf<K>> };

function readerOf({ kind }: Field): FieldReader<Field> {
  return readers[kind] as FieldReader<Field>;
}

export function encodersOf(name: string, field: Field, options: EncoderOptions): Encoders {
  const reader = readerOf(field);
  const { isKey, isSought = isKey, transform } = options;
  const words = transform.blankWords;
  const read = reader.encoder(field, options);
  const encode = encodingBare(reader.surrounded?.(read) ?? read, field, { isSought, words });
  const quick = words === undefined && heedsBlankWords(field) ? read : encode;
  const typed = reader.typed?.(field, read, options) ?? encode;
  const encodeTyped = words === undefined || typed === encode ? typed : encodingBare(typed, field, { isSought, words });
  const blanks = { heedsBlankWords: heedsBlankWords(field) };
  const { validate } = field;
  if (validate === undefined)
    return { encode, quick, encodeTyped, verbatim: verbatimOf(reader, field, { ...options, isSought }), ...blanks };
  // What a validator returns is in plain form too.
  const plain = reader.encoder(field, { ...options, transform: {}, column: {} });
  const checked = withSchema(encode, validate, name, plain);
  return {
    encode: checked,
    quick: checked,
    encodeTyped: encodeTyped === encode ? checked : withSchema(encodeTyped, validate, name, plain),
    verbatim: neverVerbatim,
    ...blanks,
  };
}

/** What needs no look, where no word is a blank: such a word is no longer than the longest of them. */
function verbatimOf(reader: FieldReader<Field>, field: Field, options: EncoderOptions): Verbatim {
  const plain = reader.verbatim?.(field, options) ?? neverVerbatim;
  const lengths = (options.transform.blankWords ?? []).map((word) => Buffer.byteLength(word) + 1);
  return lengths.length === 0 ? plain : { ...plain, least: Math.max(plain.least, ...lengths) };
}

/** A value of the stage, from its JSON, as a cell of the column would have it. */
export function shownText(field: Field, stored: string, transform: EncoderOptions["transform"] = {}): string {
  return readerOf(field).shown?.(field, stored, { transform }) ?? stored;
}

/** A value of the stage, from its JSON, as the field's encoder had written it. */
export function writtenText(field: Field, stored: string): string {
  return readerOf(field).written?.(field, stored) ?? stored;
}
