/**
 * What all rows of a file say of readings that its first rows had suggested: another order of day and month, another decimal mark, none
 * that fits them all, dates that a spreadsheet has turned around. What a person has said stays; what is found of it is told all the same.
 */
import type { ColumnMapping, DateOrder, Mapping, MappingDoubt, Transform } from "../core/import.ts";
import type { IssueCode, IssueCount } from "../core/issue.ts";
import type { Dialect } from "../core/row.ts";
import { type FileEvidence, fileEvidence, isContradictory } from "./file-evidence.ts";
import type { RowReading } from "./row-readings.ts";

export interface DecidedAgain {
  /** The same object where nothing changes. */
  mapping: Mapping;
  /** What is to be told of the file, once it is read by that mapping. */
  findings: IssueCount[];
}

export function decideAgain(mapping: Mapping, readings: readonly RowReading[], dialect: Dialect): DecidedAgain {
  const findings: IssueCount[] = [];
  const columns = [...mapping.columns];
  const file = (): FileEvidence => fileEvidence(readings, dialect.columns, dialect);
  for (const reading of readings) {
    const column = columns[reading.column];
    if (column === undefined || column.field !== reading.field) continue;
    const note = (code: IssueCode, count: number): void => {
      if (count > 0) findings.push({ field: reading.field, code, count });
    };
    columns[reading.column] =
      reading.kind === "date_order"
        ? decideOrder(column, reading, file, note)
        : decideMark(column, reading, file, note);
  }
  const isSame = columns.every((column, k) => column === mapping.columns[k]);
  return { mapping: isSame ? mapping : { ...mapping, columns }, findings };
}

type Note = (code: IssueCode, count: number) => void;

function decideOrder(
  column: ColumnMapping,
  { dateOrders, plainDays, seen }: RowReading,
  file: () => FileEvidence,
  note: Note,
): ColumnMapping {
  const { dmy, mdy, either } = dateOrders;
  const present = column.transform?.dateOrder ?? "dmy";
  if (isHalfSwapped({ dateOrders, plainDays, seen })) note("dates_half_swapped", plainDays.early);
  const isOpen = dmy === 0 && mdy === 0;
  const order = isOpen ? file().dateOrder : { value: mdy > dmy ? "mdy" : "dmy", reason: "cells" };
  const used = column.readBy === undefined ? present : (order?.value ?? present);
  if (isMixed(...(used === "mdy" ? ([mdy, dmy] as const) : ([dmy, mdy] as const))))
    note("reading_mixed", used === "mdy" ? dmy : mdy);
  if (column.readBy === undefined || dmy + mdy + either === 0) return column;
  if (column.readBy === "whole_file") note("reading_changed", dmy + mdy + either);
  if (isOpen && !isSettled(column, "date_order") && order?.reason !== "columns") note("reading_open", either);
  const isBinding = !isOpen || order?.reason === "columns" || present === "ymd";
  const wanted: DateOrder = isBinding ? ((order?.value as DateOrder) ?? "dmy") : present;
  return wanted === present ? column : readAnew(column, { dateOrder: wanted });
}

function decideMark(
  column: ColumnMapping,
  { decimalMarks }: RowReading,
  file: () => FileEvidence,
  note: Note,
): ColumnMapping {
  const { comma, point, either } = decimalMarks;
  const present = column.transform?.decimalMark;
  const isOpen = comma === 0 && point === 0;
  const mark = isOpen ? file().decimalMark : { value: comma > point ? "," : ".", reason: "cells" };
  const used = column.readBy === undefined ? present : (mark?.value ?? present);
  if (present !== undefined && isMixed(...(used === "," ? ([comma, point] as const) : ([point, comma] as const))))
    note("reading_mixed", used === "," ? point : comma);
  if (column.readBy === undefined || comma + point + either === 0) return column;
  if (column.readBy === "whole_file") note("reading_changed", comma + point + either);
  if (isOpen && !isSettled(column, "decimal_mark") && mark?.reason !== "columns") note("reading_open", either);
  // Without a mark each cell is read by itself, which is right as long as each says which it has.
  if (present === undefined && either === 0) return column;
  const isBinding = !isOpen || mark?.reason === "columns" || present === undefined;
  const wanted = isBinding ? ((mark?.value as "," | ".") ?? ".") : present;
  return wanted === present ? column : readAnew(column, { decimalMark: wanted });
}

/** Whether somebody was asked about it: of this file, or of another whose mapping is remembered. */
function isSettled({ doubt, readBy }: ColumnMapping, about: MappingDoubt): boolean {
  return doubt === about || readBy === "remembered";
}

/** Whether more than a few slips do not fit the reading that is used. */
function isMixed(fitting: number, others: number): boolean {
  return others > 0 && (others > fitting || isContradictory(fitting, others));
}

function readAnew({ doubt, ...column }: ColumnMapping, reading: Transform): ColumnMapping {
  const isDecided = doubt === "date_order" || doubt === "decimal_mark";
  return {
    ...column,
    transform: { ...column.transform, ...reading },
    readBy: "whole_file",
    ...(doubt !== undefined && !isDecided && { doubt }),
  };
}

/** Share of days up to the twelfth. */
const earlyShare = 12 / 30.4;
/** How likely it may be that days fall so by chance. */
const atMostChance = 0.05;

/**
 * A spreadsheet of another country makes dates of `05/03/2024`, with day and month swapped, and leaves `13/03/2024` a text: then none of
 * the file's own dates is after the twelfth, and all that are written out are.
 */
function isHalfSwapped({
  dateOrders,
  plainDays,
  seen,
}: Pick<RowReading, "dateOrders" | "plainDays" | "seen">): boolean {
  const { dmy, mdy, either } = dateOrders;
  if (plainDays.late > 0 || either > 0 || dmy > 0 === mdy > 0) return false;
  const [plain, written] = [bitsOf(seen.plain), bitsOf(seen.written)];
  if (plain < 2) return false;
  return earlyShare ** plain * (1 - earlyShare) ** written < atMostChance;
}

function bitsOf(mask: number): number {
  let count = 0;
  for (let rest = mask >>> 0; rest !== 0; rest >>>= 1) count += rest & 1;
  return count;
}
