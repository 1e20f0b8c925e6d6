/**
 * What the rest of a file suggests for a column whose own cells do not say how they are read: its other columns, the language of its
 * header, the program that wrote it. A suggestion is no proof: the doubt stays.
 */
import type { ReadingReason, Transform } from "../core/import.ts";
import type { Dialect } from "../core/row.ts";
import { headerHabit } from "./header-language.ts";
import type { ColumnProfile } from "./profile.ts";

/** What a column's cells count up to; a profile has it, and so has what is counted of all rows. */
export type ReadingCounts = Pick<ColumnProfile, "header" | "dateOrders" | "decimalMarks">;

export interface Suggested<T> {
  value: T;
  reason: ReadingReason;
}

export interface FileEvidence {
  dateOrder: Suggested<"dmy" | "mdy"> | null;
  decimalMark: Suggested<NonNullable<Transform["decimalMark"]>> | null;
}

/** A few cells that fit only the other order or mark are slips; more mean that there is no order at all. */
export function isContradictory(a: number, b: number): boolean {
  return 10 * Math.min(a, b) > Math.max(a, b);
}

/** @param columns those whose cells are dates or numbers, whatever they feed */
export function fileEvidence(
  columns: readonly ReadingCounts[],
  headers: readonly string[],
  dialect?: Dialect,
): FileEvidence {
  const habit = headerHabit(headers);
  // Excel parts cells by a semicolon just where the comma is taken by decimals (the system's list separator).
  const isContinental = dialect !== undefined && "delimiter" in dialect && dialect.delimiter === ";";
  const mark = agreed(columns.map(({ decimalMarks: { comma, point } }) => won([",", comma], [".", point])));
  const order = agreed(
    columns.map(({ dateOrders: { dmy, mdy } }) => won(["dmy" as const, dmy], ["mdy" as const, mdy])),
  );
  return {
    decimalMark:
      mark !== null
        ? { value: mark as "," | ".", reason: "columns" }
        : isContinental
          ? { value: ",", reason: "origin" }
          : habit === "continental"
            ? { value: ",", reason: "language" }
            : null,
    dateOrder:
      order !== null
        ? { value: order, reason: "columns" }
        : mark === "," || isContinental
          ? { value: "dmy", reason: mark === "," ? "columns" : "origin" }
          : habit !== null
            ? { value: habit === "american" ? "mdy" : "dmy", reason: "language" }
            : null,
  };
}

type Counted<T> = readonly [value: T, count: number];

function won<T>(a: Counted<T>, b: Counted<T>): T | null {
  if (a[1] === b[1] || isContradictory(a[1], b[1])) return null;
  return a[1] > b[1] ? a[0] : b[0];
}

/** What all say that say something. */
function agreed<T>(votes: readonly (T | null)[]): T | null {
  const said = new Set(votes.filter((vote) => vote !== null));
  return said.size === 1 ? [...said][0] : null;
}

/** Share of a column's cells that must be dates, or numbers, before they tell of others. */
const leastShare = 0.8;

/** The columns of a sample whose cells tell of others. */
export function tellingColumns(profiles: readonly ColumnProfile[]): ReadingCounts[] {
  const none = { dmy: 0, mdy: 0, ymd: 0, either: 0 };
  return profiles.map((profile) => ({
    header: profile.header,
    dateOrders: profile.shares.date >= leastShare ? profile.dateOrders : none,
    decimalMarks:
      profile.shares.decimal >= leastShare && profile.shares.date < leastShare
        ? profile.decimalMarks
        : { comma: 0, point: 0, either: 0 },
  }));
}
