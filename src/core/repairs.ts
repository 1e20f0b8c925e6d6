/**
 * Repairs: computed fixes for the cells of one kind of issue. A person sees what they would do before they are made, as an edit
 * of many rows. What each makes of a cell is in staging/repairer.ts.
 */
import type { IssueCode } from "./issue.ts";

/**
 * `leading_zeros`: zeros that a spreadsheet dropped are put back. `email`: slips in an address (`a @ b.fr`, `a@b,com`).
 * `closest_choice`: the one choice that a misspelt word is closest to. `first_value`: of several values in
 * a cell the first, where each of them is one of the field's. `row_above`: the value of the nearest row above that has
 * one. `leave_empty`: the cell is emptied. The first ones change the least.
 */
export const repairKinds = [
  "leading_zeros",
  "email",
  "closest_choice",
  "first_value",
  "row_above",
  "leave_empty",
] as const;
export type RepairKind = (typeof repairKinds)[number];

/** One repair of one kind of issue in one field. */
export interface RepairChoice {
  field: string;
  code: IssueCode;
  repair: RepairKind;
}

/** A repair with the rows whose cell is right after it. */
export interface RepairOffer extends RepairChoice {
  rows: number;
  /** Some of them, in the order of the file; different cells before equal ones. */
  samples: RepairSample[];
}

/** A cell before and after a repair. */
export interface RepairSample {
  row: number;
  before: string;
  after: string;
}

/** Rows of a repair that are shown before it is made. */
export const repairSamples = 5;

/** Characters of the longest cell that is repaired by what it says; longer ones can only be emptied. */
export const maxRepairChars = 300;
