/** Who gets the records, while a person is still choosing: each way keeps what was chosen for it, and may be unfinished. */
import type { Assignment } from "../../../client/index.ts";

export type Mode = Assignment["mode"];

export interface AssignmentDraft {
  mode: Mode;
  owner: string | null;
  owners: readonly { owner: string; weight: number }[];
  column: string | null;
  fallback: string | null;
  /** Cell → owner. */
  values: Readonly<Record<string, string>>;
}

export function draftOf(assignment: Assignment, before?: AssignmentDraft): AssignmentDraft {
  const draft = before ?? { mode: "none", owner: null, owners: [], column: null, fallback: null, values: {} };
  switch (assignment.mode) {
    case "none":
      return { ...draft, mode: "none" };
    case "single":
      return { ...draft, mode: "single", owner: assignment.owner };
    case "round-robin":
      return { ...draft, mode: "round-robin", owners: assignment.owners };
    case "column": {
      const { column, fallback = null, values = {} } = assignment;
      return { ...draft, mode: "column", column, fallback, values };
    }
  }
}

/** As the server takes it; null: something is still to be chosen. */
export function assignmentOf({ mode, owner, owners, column, fallback, values }: AssignmentDraft): Assignment | null {
  switch (mode) {
    case "none":
      return { mode };
    case "single":
      return owner === null ? null : { mode, owner };
    case "round-robin":
      return owners.length === 0 ? null : { mode, owners: [...owners] };
    case "column":
      if (column === null) return null;
      return {
        mode,
        column,
        ...(fallback !== null && { fallback }),
        ...(Object.keys(values).length > 0 && { values: { ...values } }),
      };
  }
}

/** A valid weight; what is typed beyond the limits is clamped. */
export function weightOf(typed: string): number {
  const weight = Math.round(Number(typed));
  return Number.isFinite(weight) ? Math.min(100, Math.max(1, weight)) : 1;
}
