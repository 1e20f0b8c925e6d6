/**
 * How a mapped column's cells are to be read, by their own evidence: the order of dates, the decimal mark, a spreadsheet's
 * damage; and what a person must decide where the cells do not say.
 */
import { type Field, kindOf } from "../core/field.ts";
import type { ListField } from "../core/fields/list.ts";
import type { BlankOffer, ColumnMapping } from "../core/import.ts";
import { isProgramWord } from "../values/blank-words.ts";
import { type FileEvidence, isContradictory, type Suggested } from "./file-evidence.ts";
import { headerZone } from "./header-zone.ts";
import { withListEvidence } from "./list-evidence.ts";
import { type ColumnProfile, isPostalName } from "./profile.ts";

/**
 * Adds the transform, the doubt, the repair that is offered. What a person has said stays. `file`: what the rest of the file suggests,
 * asked only where the cells do not say.
 */
export function withEvidence(
  column: ColumnMapping,
  field: Field,
  profile: ColumnProfile,
  file: () => FileEvidence,
): ColumnMapping {
  switch (kindOf(field).evidence) {
    case "date_order":
      return withZone(isSaid(column, "dateOrder") ? column : withDateOrder(column, profile, file), field);
    case "decimal_mark":
      return isSaid(column, "decimalMark") ? column : withDecimalMark(column, profile, file);
    case "damage":
      return withDamage(column, profile);
    case "separator":
      return withListEvidence(column, field as ListField, profile, (...of) => withEvidence(...of, file));
    default:
      return column;
  }
}

/** Whether a person has said it; what is remembered of another file's evidence is a suggestion. */
function isSaid({ transform, readBy }: ColumnMapping, name: "dateOrder" | "decimalMark"): boolean {
  return transform?.[name] !== undefined && readBy === undefined;
}

/** What is suggested where the cells do not say: what is remembered, unless this file's other columns show something else. */
function suggestedBy<T>(remembered: T | undefined, own: Suggested<T> | null, usual: T): Suggested<T> {
  const isContradicted = own?.reason === "columns" && own.value !== remembered;
  if (remembered !== undefined && !isContradicted) return { value: remembered, reason: "remembered" };
  return own ?? { value: usual, reason: "usual" };
}

/** Share of a column's cells that makes them its rule. */
const leastShare = 0.8;

function withDateOrder(
  column: ColumnMapping,
  { dateOrders, signs, filled, blanks }: ColumnProfile,
  file: () => FileEvidence,
): ColumnMapping {
  const said = filled - blanks;
  const remembered = column.transform?.dateOrder;
  if (said > 0 && signs.serials >= leastShare * said) {
    return {
      ...column,
      transform: { ...column.transform, dateOrder: "serial" },
      readBy: "cells",
      ...(remembered !== "serial" && { doubt: column.doubt ?? "date_serial" }),
    };
  }
  const { dmy, mdy, ymd, either } = dateOrders;
  const order = remembered === "dmy" || remembered === "mdy" ? remembered : undefined;
  if (dmy + mdy + ymd + either === 0 && order !== undefined) return { ...column, readBy: "remembered" };
  if (dmy === 0 && mdy === 0 && either > 0) {
    const { value, reason } = suggestedBy(order, file().dateOrder, "dmy");
    return {
      ...column,
      transform: { ...column.transform, dateOrder: value },
      readBy: reason,
      ...(reason !== "remembered" && { doubt: "date_order" }),
    };
  }
  const dateOrder = mdy > dmy ? "mdy" : ymd > 0 && dmy === 0 ? "ymd" : "dmy";
  return {
    ...column,
    transform: { ...column.transform, dateOrder },
    readBy: dmy + mdy + ymd === 0 ? "usual" : "cells",
    ...(isContradictory(dmy, mdy) && { doubt: "date_order" }),
  };
}

function withDecimalMark(
  column: ColumnMapping,
  { decimalMarks }: ColumnProfile,
  file: () => FileEvidence,
): ColumnMapping {
  const { comma, point, either } = decimalMarks;
  const remembered = column.transform?.decimalMark;
  if (comma + point + either === 0) return { ...column, readBy: remembered === undefined ? "usual" : "remembered" };
  if (comma === 0 && point === 0) {
    const { value, reason } = suggestedBy(remembered, file().decimalMark, ".");
    return {
      ...column,
      transform: { ...column.transform, decimalMark: value },
      readBy: reason,
      ...(reason !== "remembered" && { doubt: "decimal_mark" }),
    };
  }
  return {
    ...column,
    transform: { ...column.transform, decimalMark: comma > point ? "," : "." },
    readBy: "cells",
    ...(isContradictory(comma, point) && { doubt: "decimal_mark" }),
  };
}

/** The zone that the header names, where nobody has said another. */
function withZone(column: ColumnMapping, field: Field): ColumnMapping {
  if (field.kind !== "datetime" || column.transform?.timeZone !== undefined) return column;
  const zone = headerZone(column.header, field.timeZone)?.zone ?? null;
  if (zone === null) return column;
  if ("zone" in zone) return { ...column, transform: { ...column.transform, timeZone: zone.zone } };
  return {
    ...column,
    transform: { ...column.transform, timeZone: zone.oneOf[0] },
    doubt: column.doubt ?? "time_zone",
  };
}

function withDamage(column: ColumnMapping, profile: ColumnProfile): ColumnMapping {
  const nature = natureOf(profile);
  const width = column.transform?.padTo === undefined ? codeWidth(column, profile) : null;
  const { counts } = profile.digits;
  const blanks = column.transform?.blankWords === undefined ? blankOffer(profile) : null;
  return {
    ...column,
    ...(blanks !== null && { blanks }),
    ...(nature !== null && { nature }),
    ...(width !== null && {
      repair: { kind: "pad_zeros", width, cells: (counts[width - 1] ?? 0) + (counts[width - 2] ?? 0) },
    }),
  };
}

/** Fewer cells, or a smaller share of them, may be people called Null. */
const leastBlanks = 3;
const leastBlankShare = 0.05;
const maxBlankWords = 10;

/** The words for a null that a text column has many of. */
function blankOffer({ top, filled }: ColumnProfile): BlankOffer | null {
  const found = top.filter(({ value }) => isProgramWord(value)).slice(0, maxBlankWords);
  const cells = found.reduce((sum, { count }) => sum + count, 0);
  return cells >= leastBlanks && cells >= leastBlankShare * filled
    ? { words: found.map(({ value }) => value), cells }
    : null;
}

/** Digits from which on a spreadsheet shows a number as `1.23E+11`, but for a narrow column. */
const longNumber = 8;

function natureOf(profile: ColumnProfile): ColumnMapping["nature"] | null {
  const { digits, signs, shares, leadingZeros } = profile;
  const filled = profile.filled - profile.blanks;
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
function codeWidth({ header, field }: ColumnMapping, profile: ColumnProfile): number | null {
  const { counts, zeros } = profile.digits;
  const filled = profile.filled - profile.blanks;
  if (filled === 0) return null;
  if (isPostalName(header) || isPostalName(field ?? "")) {
    return (counts[postalDigits] ?? 0) > filled / 2 ? postalDigits : null;
  }
  const width = counts.findIndex((count, length) => length >= 3 && count >= leastShare * filled && zeros[length] > 0);
  return width < 0 ? null : width;
}
