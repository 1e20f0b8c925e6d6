/** Which rows of an import are looked at: by how they stand, by one kind of issue, by a text in any cell; all of them at once. */
import type { IssueCode, RowFilter } from "../../../client/index.ts";

export interface ReviewFilter {
  status: "all" | "invalid" | "valid";
  issue: { code: IssueCode; field: string | null } | null;
  search: string;
}

export const noFilter: ReviewFilter = { status: "all", issue: null, search: "" };

export function isFiltered({ status, issue, search }: ReviewFilter): boolean {
  return status !== "all" || issue !== null || search !== "";
}

export function isSameIssue(a: ReviewFilter["issue"], b: ReviewFilter["issue"]): boolean {
  return a === b || (a !== null && b !== null && a.code === b.code && a.field === b.field);
}

/** As the API asks for it. */
export function queryOf({ status, issue, search }: ReviewFilter): RowFilter {
  return {
    ...(status !== "all" && { status }),
    ...(issue !== null && { issue: issue.code }),
    ...(issue?.field != null && { field: issue.field }),
    ...(search !== "" && { search }),
  };
}
