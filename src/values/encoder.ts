/** Chooses the encoders of a field, and the type its values have in the stage. */
import type { Field } from "../core/field.ts";
import type { ColumnMapping, Transform } from "../core/import.ts";
import { withMemo } from "./cell-memo.ts";
import { refusingDays, refusingTypedDays } from "./date-damage.ts";
import type { Encode } from "./encode.ts";
import { dateEncoder, datetimeEncoder } from "./encode-date.ts";
import { encodeEmail } from "./encode-email.ts";
import { withIsoDay, withIsoMoment } from "./encode-iso.ts";
import { decimalEncoder, integerEncoder, typedDecimalEncoder, typedIntegerEncoder } from "./encode-number.ts";
import { phoneEncoder } from "./encode-phone.ts";
import { encodeBoundedText, maxTextChars, textEncoder, withLostZeros, withSchema } from "./encode-text.ts";
import { choiceEncoder, encodeBoolean } from "./encode-words.ts";
import { neverVerbatim, type Verbatim, verbatim } from "./verbatim.ts";

/** What decides beside the field how a column's cells are read. */
export interface EncoderOptions {
  transform: Transform;
  /** The column's own ways, as the mapping knows them. */
  column?: Pick<ColumnMapping, "repair" | "nature">;
  /** Duplicates are recognised by the field. */
  isKey: boolean;
}

export interface Encoders {
  encode: Encode;
  /** For cells that the file typed: their text is in plain form, whatever the column's own marks and orders. */
  encodeTyped: Encode;
  /** Cells that `encode` takes as they stand. */
  verbatim: Verbatim;
}

export function encodersOf(name: string, field: Field, options: EncoderOptions): Encoders {
  const encode = encoderOfKind(field, options);
  const encodeTyped = typedEncoderOfKind(field, encode);
  const { validate } = field;
  if (validate === undefined) return { encode, encodeTyped, verbatim: verbatimOf(field, options) };
  // What a validator returns is in plain form too.
  const plain = encoderOfKind(field, { ...options, transform: {}, column: {} });
  const checked = withSchema(encode, validate, name, plain);
  return {
    encode: checked,
    encodeTyped: encodeTyped === encode ? checked : withSchema(encodeTyped, validate, name, plain),
    verbatim: neverVerbatim,
  };
}

/** Text that needs no look at what it says. */
function verbatimOf(field: Field, { transform, column = {}, isKey }: EncoderOptions): Verbatim {
  if (field.kind === "reference") return verbatim({ most: maxTextChars });
  if (field.kind !== "text" || field.pattern !== undefined || field.minLength !== undefined) return neverVerbatim;
  const { repair, nature } = column;
  if (nature === "fraction") return neverVerbatim;
  return verbatim({
    // A shorter one may have lost zeros.
    least: transform.padTo ?? repair?.width,
    // A cell of so many bytes cannot have more characters.
    most: Math.min(field.maxLength ?? maxTextChars, maxTextChars),
    // What a spreadsheet made of an identifier begins with a digit.
    words: isKey || nature === "identifier",
  });
}

function encoderOfKind(field: Field, { transform, column = {}, isKey }: EncoderOptions): Encode {
  switch (field.kind) {
    case "text": {
      const { repair, nature } = column;
      const text = textEncoder(field, isKey || nature === "identifier");
      const whole = nature === "fraction" ? refusingDays(text) : text;
      const width = transform.padTo ?? repair?.width;
      return width === undefined ? whole : withLostZeros(whole, width, transform.padTo !== undefined);
    }
    case "email":
      return encodeEmail;
    case "phone":
      return phoneEncoder(field.country);
    case "integer":
      return integerEncoder(field, transform);
    case "decimal":
      return decimalEncoder(field, transform);
    case "date":
      return withIsoDay(withMemo(dateEncoder(field, transform)));
    case "datetime":
      return withIsoMoment(withMemo(datetimeEncoder(field, transform)), field.timeZone);
    case "boolean":
      return withMemo(encodeBoolean);
    case "choice":
      return withMemo(choiceEncoder(field, transform));
    case "reference":
      return encodeBoundedText;
  }
}

/** The same encoder where a typed cell reads as any other: ISO 8601 dates, `true` and text always do. */
function typedEncoderOfKind(field: Field, encode: Encode): Encode {
  switch (field.kind) {
    case "integer":
      return refusingTypedDays(typedIntegerEncoder(field));
    case "decimal":
      return refusingTypedDays(typedDecimalEncoder(field));
    case "phone":
    case "choice":
      return refusingTypedDays(encode);
    default:
      return encode;
  }
}
