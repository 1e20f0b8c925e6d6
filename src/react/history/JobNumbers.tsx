/** What became of the rows; of an import that has not come so far, what is known of them now. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ClientError, Import, Report } from "../../client/index.ts";
import { useFormats } from "../foundation/format.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { importKey, useImportProgress } from "../foundation/use-import.ts";
import { Badge } from "../parts/Badge.tsx";
import { Card } from "../parts/Card.tsx";
import { Download } from "../parts/Download.tsx";
import { ShareBar, ShareMark } from "../parts/Meter.tsx";
import { Problem } from "../parts/Notice.tsx";
import { Placeholder } from "../parts/Placeholder.tsx";
import { RecordCounts } from "../parts/RecordNumbers.tsx";
import { ScrollTable } from "../parts/ScrollTable.tsx";
import { Outcomes } from "../steps/commit/Outcomes.tsx";

const ended = ["completed", "cancelled", "undoing", "undone"];

export function JobNumbers({ job }: { job: Import }): ReactNode {
  const t = useTexts("history");
  const tc = useTexts("common");
  const { client, language } = useSluice();
  const { data: report, error } = useQuery<Report, ClientError>({
    queryKey: [...importKey(job.id), "report", language],
    queryFn: ({ signal }) => client.imports.report(job.id, { lang: language, signal }),
  });
  const hasEnded = ended.includes(job.status) && report !== undefined && report.rows > 0;
  return (
    <>
      <Card title={hasEnded ? tc("rowsBecame") : t("numbersNow")}>
        {error !== null && report === undefined && error.status !== 401 && error.status !== 404 && (
          <Problem error={error} />
        )}
        {report === undefined && error === null && <Placeholder lines={6} />}
        {report !== undefined &&
          (hasEnded ? (
            <div className="stack">
              <Outcomes ended={report} />
              <RecordCounts importer={job.importer} counts={report.counts} />
            </div>
          ) : (
            <SoFar job={job} report={report} />
          ))}
      </Card>
      {report !== undefined && <JobIssues report={report} />}
    </>
  );
}

function SoFar({ job, report }: { job: Import; report: Report }): ReactNode {
  const t = useTexts("history");
  const tc = useTexts("commit");
  const { number } = useFormats();
  const progress = useImportProgress(job.id);
  const counts =
    progress !== null && progress.phase === "commit" && job.phase === "commit" ? progress.counts : report.counts;
  const reading = progress !== null && progress.phase === "parse" && job.status === "parsing" ? progress : null;
  const rows = Math.max(report.rows, reading?.processed ?? 0);
  const invalid = Math.max(counts.invalid, reading?.counts.invalid ?? 0);
  if (rows === 0) return <p className="muted">{t("noRowsYet")}</p>;
  const { created, updated, unchanged, skipped, failed } = counts;
  const done = created + updated + unchanged + skipped + failed;
  const ends = (["created", "updated", "unchanged", "skipped", "failed"] as const).map((share) => ({
    share,
    label: tc(share),
    count: counts[share],
  }));
  const shares = [
    ...ends,
    { share: "toCome" as const, label: t("rowsWaiting"), count: Math.max(0, rows - invalid - done) },
    { share: "invalid" as const, label: tc("invalid"), count: invalid },
  ].filter(({ share, count }) => count > 0 || share === "invalid");
  return (
    <div className="stack">
      <ShareBar shares={shares} />
      <dl className="history-facts job-so-far">
        {shares.map(({ share, label, count }) => (
          <div key={share}>
            <dt>
              <ShareMark share={share} />
              {label}
            </dt>
            <dd>{number(count)}</dd>
          </div>
        ))}
        <div>
          <dt>{t("rows")}</dt>
          <dd>{number(rows)}</dd>
        </div>
      </dl>
      {job.phase !== "parse" && <RecordCounts importer={job.importer} counts={counts} />}
    </div>
  );
}

/** What was wrong with rows of the file, the most frequent first, and the files that tell it row by row. */
function JobIssues({ report }: { report: Report }): ReactNode {
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
