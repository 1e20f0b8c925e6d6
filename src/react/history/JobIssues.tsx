/** What was wrong with rows of the file, the most frequent first, and the files that tell it row by row. */
import type { ReactNode } from "react";
import type { Report } from "../../client/index.ts";
import { useFormats } from "../foundation/format.ts";
import { useTexts } from "../foundation/texts.ts";
import { Badge } from "../parts/Badge.tsx";
import { Card } from "../parts/Card.tsx";
import { Download } from "../parts/Download.tsx";
import { ScrollTable } from "../parts/ScrollTable.tsx";

export function JobIssues({ report }: { report: Report }): ReactNode {
  const t = useTexts("history");
  const tc = useTexts("common");
  const { number } = useFormats();
  const issues = [...report.issues, ...report.findings];
  if (issues.length === 0) return null;
  const hasRejected = report.counts.invalid + report.counts.failed > 0;
  return (
    <Card
      title={tc("whatWasWrong")}
      aside={
        hasRejected && (
          <>
            <Download id={report.id} name="rejected.xlsx" size="small">
              {t("rejectedXlsx")}
            </Download>
            <Download id={report.id} name="rejected.csv" size="small">
              {t("rejectedCsv")}
            </Download>
          </>
        )
      }
    >
      <ScrollTable
        label={t("issuesTable")}
        maxHeight={22}
        head={[t("what"), t("field"), t("weight"), { number: t("howOften") }]}
      >
        {issues.map(({ field, code, label, title, severity, count }) => (
          <tr key={`${field} ${code}`}>
            <td>{title}</td>
            <td dir="auto">{label ?? field ?? <span className="muted">{t("wholeFile")}</span>}</td>
            <td>
              <Badge tone={severity === "error" ? "bad" : "warn"}>
                {severity === "error" ? t("error") : tc("worthKnowing")}
              </Badge>
            </td>
            <td className="number">{number(count)}</td>
          </tr>
        ))}
      </ScrollTable>
    </Card>
  );
}
