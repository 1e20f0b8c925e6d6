/** Chooses the encoder of a field, and the type its values have in the stage. */
import type { Field, FieldKind } from "../field.ts";
import type { Transform } from "../import.ts";
import { withMemo } from "./cell-memo.ts";
import type { Encode } from "./encode.ts";
import { dateEncoder, datetimeEncoder } from "./encode-date.ts";
import { encodeEmail } from "./encode-email.ts";
import { decimalEncoder, integerEncoder } from "./encode-number.ts";
import { phoneEncoder } from "./encode-phone.ts";
import { encodePlainText, textEncoder, withSchema } from "./encode-text.ts";
import { choiceEncoder, encodeBoolean } from "./encode-words.ts";

/** Postgres types of the stage's columns. */
export const stageTypes: Readonly<Record<FieldKind, string>> = {
  text: "text",
  email: "text",
  phone: "text",
  integer: "bigint",
  decimal: "numeric",
  date: "date",
  datetime: "timestamptz",
  boolean: "boolean",
  choice: "text",
  reference: "text",
};

/** The encoder of `field`; `isKey`: duplicates are recognised by it. */
export function encoderOf(name: string, field: Field, transform: Transform, isKey: boolean): Encode {
  const encode = encoderOfKind(field, transform, isKey);
  if (field.validate === undefined) return encode;
  // What a validator returns is in plain form, whatever the column's own marks and orders.
  return withSchema(encode, field.validate, name, encoderOfKind(field, {}, isKey));
}

function encoderOfKind(field: Field, transform: Transform, isKey: boolean): Encode {
  switch (field.kind) {
    case "text":
      return textEncoder(field, isKey);
    case "email":
      return encodeEmail;
    case "phone":
      return phoneEncoder(field.country);
    case "integer":
      return integerEncoder(field, transform);
    case "decimal":
      return decimalEncoder(field, transform);
    case "date":
      return withMemo(dateEncoder(transform));
    case "datetime":
      return withMemo(datetimeEncoder(field, transform));
    case "boolean":
      return withMemo(encodeBoolean);
    case "choice":
      return withMemo(choiceEncoder(field, transform));
    case "reference":
      return encodePlainText;
  }
}
