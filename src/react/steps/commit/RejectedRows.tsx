/** Rows that did not go in: why, as a file to correct, and the way back for it. */
import type { ReactNode } from "react";
import type { Import, Report } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Card } from "../../parts/Card.tsx";
import { Download } from "../../parts/Download.tsx";
import { ScrollTable } from "../../parts/ScrollTable.tsx";
import { CorrectedFile } from "./CorrectedFile.tsx";

export function RejectedRows({ job, report }: { job: Import; report: Report }): ReactNode {
  const t = useTexts("commit");
  const tc = useTexts("common");
  const { number } = useFormats();
  const count = report.counts.invalid + report.counts.failed;
  const reasons = report.issues.filter(({ severity }) => severity === "error");
  if (count === 0) return null;
  return (
    <Card title={t("rejectedTitle", { count })}>
      <div className="stack">
        <p className="muted">{t("rejectedHint", { count })}</p>
        {reasons.length > 0 && (
          <ScrollTable
            label={tc("whatWasWrong")}
            maxHeight={16}
            head={[t("reason"), t("field"), { number: t("howMany") }]}
          >
            {reasons.map(({ field, code, label, title, count: rows }) => (
              <tr key={`${field} ${code}`}>
                <td>{title}</td>
                <td dir="auto">{label ?? field ?? "–"}</td>
                <td className="number">{number(rows)}</td>
              </tr>
            ))}
          </ScrollTable>
        )}
        <div className="row">
          <Download id={job.id} name="rejected.xlsx">
            {t("rejectedXlsx")}
          </Download>
          <Download id={job.id} name="rejected.csv">
            {t("rejectedCsv")}
          </Download>
          <CorrectedFile job={job} />
        </div>
      </div>
    </Card>
  );
}
