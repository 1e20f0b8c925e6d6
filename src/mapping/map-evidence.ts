/**
 * How a mapped column's cells are to be read, by their own evidence: the order of dates, the decimal mark, a spreadsheet's
 * damage; and what a person must decide where the cells do not say.
 */
import { type Field, kindOf } from "../core/field.ts";
import type { ColumnMapping } from "../core/import.ts";
import { type ColumnProfile, isPostalName } from "./profile.ts";

/** Adds the transform, the doubt, the repair that is offered. What a person has said stays. */
export function withEvidence(column: ColumnMapping, field: Field, profile: ColumnProfile): ColumnMapping {
  switch (kindOf(field).evidence) {
    case "date_order":
      return column.transform?.dateOrder === undefined ? withDateOrder(column, profile) : column;
    case "decimal_mark":
      return column.transform?.decimalMark === undefined ? withDecimalMark(column, profile) : column;
    case "damage":
      return withDamage(column, profile);
    default:
      return column;
  }
}

/** Share of a column's cells that makes them its rule. */
const leastShare = 0.8;
/** A few cells that fit only the other order or mark are slips; more mean that there is no order at all. */
const isContradictory = (a: number, b: number): boolean => 10 * Math.min(a, b) > Math.max(a, b);

function withDateOrder(column: ColumnMapping, { dateOrders, signs, filled }: ColumnProfile): ColumnMapping {
  if (filled > 0 && signs.serials >= leastShare * filled) {
    return { ...column, transform: { ...column.transform, dateOrder: "serial" }, doubt: column.doubt ?? "date_serial" };
  }
  const { dmy, mdy, ymd, either } = dateOrders;
  const dateOrder = mdy > dmy ? "mdy" : ymd > 0 && dmy === 0 && either === 0 ? "ymd" : "dmy";
  const doubtful = dmy === 0 && mdy === 0 ? either > 0 : isContradictory(dmy, mdy);
  return { ...column, transform: { ...column.transform, dateOrder }, ...(doubtful && { doubt: "date_order" }) };
}

function withDecimalMark(column: ColumnMapping, { decimalMarks }: ColumnProfile): ColumnMapping {
  const { comma, point, either } = decimalMarks;
  if (comma + point + either === 0) return column;
  const doubtful = comma === 0 && point === 0 ? either > 0 : isContradictory(comma, point);
  return {
    ...column,
    transform: { ...column.transform, decimalMark: comma > point ? "," : "." },
    ...(doubtful && { doubt: "decimal_mark" }),
  };
}

function withDamage(column: ColumnMapping, profile: ColumnProfile): ColumnMapping {
  const nature = natureOf(profile);
  const width = column.transform?.padTo === undefined ? codeWidth(column, profile) : null;
  const { counts } = profile.digits;
  return {
    ...column,
    ...(nature !== null && { nature }),
    ...(width !== null && {
      repair: { kind: "pad_zeros", width, cells: (counts[width - 1] ?? 0) + (counts[width - 2] ?? 0) },
    }),
  };
}

/** Digits from which on a spreadsheet shows a number as `1.23E+11`, but for a narrow column. */
const longNumber = 8;

function natureOf({ filled, digits, signs, shares, leadingZeros }: ColumnProfile): ColumnMapping["nature"] | null {
  const long = digits.counts.reduce((sum, count, length) => (length >= longNumber ? sum + count : sum), 0);
  if (filled > 0 && long + signs.excelNotations >= leastShare * filled) return "identifier";
  // What is a date now says nothing of what the others are.
  const dates = signs.dayMonths + Math.round(shares.date * filled);
  const others = filled - dates;
  const numbers = Math.round(shares.decimal * filled) + leadingZeros;
  const { fractions } = signs;
  const areFractions = fractions >= others / 2 && fractions + numbers >= leastShare * others;
  return others >= 3 && 2 * dates < filled && areFractions ? "fraction" : null;
}

/** Digits of a postal code in most countries whose codes may begin with a zero. */
const postalDigits = 5;

/**
 * How many digits the codes of a column have where shorter ones must have lost zeros: five in most postal codes, or what
 * nearly all cells have and some begin with a zero.
 */
function codeWidth({ header, field }: ColumnMapping, { filled, digits }: ColumnProfile): number | null {
  const { counts, zeros } = digits;
  if (filled === 0) return null;
  if (isPostalName(header) || isPostalName(field ?? "")) {
    return (counts[postalDigits] ?? 0) > filled / 2 ? postalDigits : null;
  }
  const width = counts.findIndex((count, length) => length >= 3 && count >= leastShare * filled && zeros[length] > 0);
  return width < 0 ? null : width;
}
