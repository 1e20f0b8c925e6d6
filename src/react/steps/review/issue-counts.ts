/** The counts of an import after one row was edited, before the server has told them. */
import type { Import, Issue, Report, Row } from "../../../client/index.ts";

export const afterEdit = {
  job({ validRows, invalidRows }: Import, before: Row, after: Row): Pick<Import, "validRows" | "invalidRows"> {
    const right = Number(after.status === "valid") - Number(before.status === "valid");
    return { validRows: validRows + right, invalidRows: invalidRows - right };
  },

  /** Kinds of issue that were not there before come with the server's next answer. */
  report(report: Report, before: Row, after: Row): Report {
    const change = new Map<string, number>();
    const add = (issues: readonly Issue[], step: number): void => {
      for (const { code, field } of issues) {
        const key = `${code} ${field}`;
        change.set(key, (change.get(key) ?? 0) + step);
      }
    };
    add(before.issues, -1);
    add(after.issues, 1);
    const issues = report.issues
      .map((each) => ({ ...each, count: each.count + (change.get(`${each.code} ${each.field}`) ?? 0) }))
      .filter(({ count }) => count > 0);
    return { ...report, issues };
  },
};
