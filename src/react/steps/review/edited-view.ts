/** The rows that are shown, as an edit is kept to them. */
import type { EditedView } from "../../../client/index.ts";
import type { ReviewFilter } from "./FilterBar.tsx";

export function editedView({ status, issues, search, where }: ReviewFilter): EditedView {
  return {
    ...(status !== "all" && { status: [status] }),
    ...(issues.length > 0 && { issues: issues.map(({ code, field }) => ({ issue: code, field })) }),
    ...(search !== "" && { search }),
    ...(Object.keys(where).length > 0 && { where: { ...where } as Record<string, string[]> }),
  };
}
