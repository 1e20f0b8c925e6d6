/**
 * Reads whole and decimal numbers as people write them: group marks, a comma or a point, a sign. Plain digits go from
 * bytes to bytes; everything else is read as text by the column's own decimal mark.
 */
import type { DecimalField, IntegerField } from "../field.ts";
import type { Transform } from "../import.ts";
import { decodeCell, type Encode, type Finding, isDigit, isExcelNotation } from "./encode.ts";
import { spreadsheetDamage } from "./encode-text.ts";

/** Space, no-break space, narrow no-break space, apostrophes: thousands marks that mean nothing else. */
const groupMarks = /(?<=\d)[ \u00a0\u202f'\u2019](?=\d{3}(?!\d))/g;

/**
 * A number's text in the shortest plain form (`-1234.5`), or null when it is none. Without `mark`, a lone comma or
 * point is the decimal mark, and one that comes twice is not.
 */
export function readNumber(text: string, mark: Transform["decimalMark"]): string | null {
  let plain = text.replace(groupMarks, "").replace(/^\u2212/, "-");
  const points = plain.split(".").length - 1;
  const commas = plain.split(",").length - 1;
  const decimal = mark ?? likelyMark(plain, points, commas);
  const group = decimal === "," ? "." : ",";
  if (plain.includes(group)) {
    if (!new RegExp(`^[+-]?\\d{1,3}(?:\\${group}\\d{3})+(?:\\${decimal}\\d*)?$`).test(plain)) return null;
    plain = plain.replaceAll(group, "");
  }
  plain = plain.replace(decimal, ".");
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(plain);
  if (match === null || (match[2] === "" && !match[3])) return null;
  const whole = match[2].replace(/^0+(?=\d)/, "") || "0";
  const fraction = match[3] ?? "";
  return `${match[1] === "-" ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

function likelyMark(plain: string, points: number, commas: number): "," | "." {
  if (points > 0 && commas > 0) return plain.lastIndexOf(",") > plain.lastIndexOf(".") ? "," : ".";
  return commas === 1 || points > 1 ? "," : ".";
}

/** The encoder of an integer field. `12,0` is 12; `12,5` is no integer. */
export function integerEncoder(field: IntegerField, transform: Transform): Encode {
  const invalid: Finding = { code: "integer_invalid" };
  const outside = limitFindings(field.min ?? -Number.MAX_SAFE_INTEGER, field.max ?? Number.MAX_SAFE_INTEGER);
  return (bytes, start, end, out) => {
    let value = 0;
    let i = start;
    if (end - start <= 15) while (i < end && isDigit(bytes[i])) value = 10 * value + (bytes[i++] - 0x30);
    if (i < end) {
      if (isExcelNotation(bytes, start, end)) return spreadsheetDamage;
      const text = readNumber(decodeCell(bytes, start, end), transform.decimalMark);
      if (text === null || !/^-?\d+(?:\.0*)?$/.test(text)) return invalid;
      value = Number(text);
    }
    const finding = outside(value);
    if (finding !== null) return finding;
    out.integer(value);
    return null;
  };
}

/** The encoder of a decimal field: every digit is kept. */
export function decimalEncoder(field: DecimalField, transform: Transform): Encode {
  const invalid: Finding = { code: "decimal_invalid" };
  const tooFine: Finding = { code: "decimal_invalid", params: { scale: field.scale ?? 0 } };
  const outside = limitFindings(field.min ?? -Infinity, field.max ?? Infinity);
  return (bytes, start, end, out) => {
    if (isExcelNotation(bytes, start, end)) return spreadsheetDamage;
    const text = readNumber(decodeCell(bytes, start, end), transform.decimalMark);
    if (text === null || text.length > 200) return invalid;
    const fraction = text.split(".")[1] ?? "";
    if (field.scale !== undefined && fraction.replace(/0+$/, "").length > field.scale) return tooFine;
    const finding = outside(Number(text));
    if (finding !== null) return finding;
    out.text(text);
    return null;
  };
}

function limitFindings(min: number, max: number): (value: number) => Finding | null {
  const tooSmall: Finding = { code: "number_too_small", params: { min } };
  const tooLarge: Finding = { code: "number_too_large", params: { max } };
  return (value) => (value < min ? tooSmall : value > max ? tooLarge : null);
}
