/** What was seen in rows that went in all the same. */
import type { ReactNode } from "react";
import type { Report } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Card } from "../../parts/Card.tsx";
import { IssueTable } from "./IssueTable.tsx";

export function WarnedRows({ report }: { report: Report }): ReactNode {
  const t = useTexts("commit");
  const warnings = report.issues.filter(({ severity }) => severity === "warning");
  if (warnings.length === 0) return null;
  return (
    <Card title={t("warnedTitle")}>
      <div className="stack">
        <p className="muted">{t("warnedHint")}</p>
        <IssueTable label={t("warning")} head={t("warning")} issues={warnings} />
      </div>
    </Card>
  );
}
