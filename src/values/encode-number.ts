/**
 * Reads whole and decimal numbers by the column's own decimal mark. Plain digits go from bytes to bytes; what has group
 * marks, signs or a currency is read as text.
 */
import type { DecimalField } from "../core/fields/decimal.ts";
import type { IntegerField } from "../core/fields/integer.ts";
import type { Transform } from "../core/import.ts";
import type { CopyText } from "./copy-text.ts";
import { dateDamage, isDay, refusingTypedDays } from "./date-damage.ts";
import { decodeCell, type Encode, type Finding, isDigit, isExcelNotation } from "./encode.ts";
import { spreadsheetDamage } from "./encode-text.ts";
import type { FieldReader } from "./read-field.ts";
import { readNumber, readShownNumber } from "./read-number.ts";

/** How a text becomes a number: by the column's marks, or in plain form where the file typed it. */
type Read = (text: string) => string | null;

/** Nobody writes a longer number; the digits of a decimal end at 200. */
const maxBytes = 400;

/** Digits that a double keeps apart. */
const safeDigits = 15;

/** The encoder of an integer field. `12,0` is 12; `12,5` is not an integer. */
export function integerEncoder(field: IntegerField, transform: Transform): Encode {
  return integersBy(field, (text) => readNumber(text, transform.decimalMark), false);
}

/** The same for cells that the file typed as numbers. */
export function typedIntegerEncoder(field: IntegerField): Encode {
  return integersBy(field, readShownNumber, true);
}

function integersBy(field: IntegerField, read: Read, isTyped: boolean): Encode {
  const invalid: Finding = { code: "integer_invalid" };
  const outside = limitFindings(field.min ?? -Number.MAX_SAFE_INTEGER, field.max ?? Number.MAX_SAFE_INTEGER);
  return (bytes, start, end, out) => {
    let value = 0;
    let i = start;
    if (end - start <= safeDigits) while (i < end && isDigit(bytes[i])) value = 10 * value + (bytes[i++] - 0x30);
    if (i < end) {
      if (end - start > maxBytes) return invalid;
      if (!isTyped && isExcelNotation(bytes, start, end)) return spreadsheetDamage;
      const text = decodeCell(bytes, start, end);
      const number = read(text);
      if (number === null || !/^-?\d+(?:\.0*)?$/.test(number)) return isDay(text) ? dateDamage(text) : invalid;
      value = Number(number);
    }
    const finding = outside(value);
    if (finding !== null) return finding;
    out.integer(value);
    return null;
  };
}

/** The encoder of a decimal field: every digit is kept. */
export function decimalEncoder(field: DecimalField, transform: Transform): Encode {
  const mark = transform.decimalMark;
  return decimalsBy(field, (text) => readNumber(text, mark), mark);
}

/** The same for cells that the file typed as numbers. A percentage is then the fraction that it means: `12.5 %` is 0.125. */
export function typedDecimalEncoder(field: DecimalField): Encode {
  return decimalsBy(field, readShownNumber, ".", true);
}

function decimalsBy(field: DecimalField, read: Read, mark: Transform["decimalMark"], isTyped = false): Encode {
  const { scale, min, max } = field;
  const invalid: Finding = { code: "decimal_invalid" };
  const tooFine: Finding = { code: "decimal_invalid", params: { scale: scale ?? 0 } };
  const outside = limitFindings(min ?? Number.NEGATIVE_INFINITY, max ?? Number.POSITIVE_INFINITY);
  const isLimited = min !== undefined || max !== undefined;
  const writePlain = plainWriter(mark, scale ?? Number.POSITIVE_INFINITY);
  return (bytes, start, end, out) => {
    const before = out.length;
    if (writePlain(bytes, start, end, out)) {
      const finding = isLimited ? outside(Number(out.bytes.toString("latin1", before, out.length))) : null;
      if (finding !== null) out.length = before;
      return finding;
    }
    if (end - start > maxBytes) return invalid;
    if (!isTyped && isExcelNotation(bytes, start, end)) return spreadsheetDamage;
    const text = decodeCell(bytes, start, end);
    const number = read(text);
    if (number === null) return isDay(text) ? dateDamage(text) : invalid;
    if (number.length > 200) return invalid;
    const fraction = number.split(".")[1] ?? "";
    if (scale !== undefined && fraction.replace(/0+$/, "").length > scale) return tooFine;
    const finding = outside(Number(number));
    if (finding !== null) return finding;
    out.text(number);
    return null;
  };
}

/** Numbers longer than this are read as text. */
const maxPlainBytes = 40;

/**
 * Writes `-1234,5` unchanged except for the mark, which becomes a point; false when the number is not that simple or has more digits after the
 * mark than `scale`.
 */
function plainWriter(
  mark: Transform["decimalMark"],
  scale: number,
): (bytes: Uint8Array, start: number, end: number, out: CopyText) => boolean {
  const comma = mark === "." ? -1 : 0x2c;
  const point = mark === "," ? -1 : 0x2e;
  return (bytes, start, end, out) => {
    if (end - start > maxPlainBytes) return false;
    out.reserve(maxPlainBytes);
    const target = out.bytes;
    let at = out.length;
    let i = start;
    if (bytes[i] === 0x2d) target[at++] = bytes[i++];
    // A number begins with a digit, and with a zero only where nothing else precedes the mark.
    if (i >= end || !isDigit(bytes[i])) return false;
    if (bytes[i] === 0x30 && i + 1 < end && isDigit(bytes[i + 1])) return false;
    while (i < end && isDigit(bytes[i])) target[at++] = bytes[i++];
    if (i < end) {
      if ((bytes[i] !== comma && bytes[i] !== point) || end - i - 1 > scale || i + 1 === end) return false;
      target[at++] = 0x2e;
      i++;
      while (i < end && isDigit(bytes[i])) target[at++] = bytes[i++];
      if (i < end) return false;
    }
    out.length = at;
    return true;
  };
}

function limitFindings(min: number, max: number): (value: number) => Finding | null {
  const tooSmall: Finding = { code: "number_too_small", params: { min } };
  const tooLarge: Finding = { code: "number_too_large", params: { max } };
  return (value) => (value < min ? tooSmall : value > max ? tooLarge : null);
}

export const integerReader: FieldReader<IntegerField> = {
  encoder: (field, { transform }) => integerEncoder(field, transform),
  typed: (field) => refusingTypedDays(typedIntegerEncoder(field)),
};

export const decimalReader: FieldReader<DecimalField> = {
  encoder: (field, { transform }) => decimalEncoder(field, transform),
  typed: (field) => refusingTypedDays(typedDecimalEncoder(field)),
  shown: (_field, stored, { transform }) => (transform.decimalMark === "," ? stored.replace(".", ",") : stored),
};
