/** One import as a card, where there is no room for a table. */
import { memo, type ReactNode } from "react";
import { useFormats } from "../foundation/format.ts";
import { useTexts } from "../foundation/texts.ts";
import { Facts } from "./Facts.tsx";
import { type HistoryRowProps, JobName } from "./HistoryRow.tsx";
import { JobMenu } from "./JobMenu.tsx";
import { JobStatus } from "./JobStatus.tsx";
import { numbersOf } from "./job-numbers.ts";
import { workedMs } from "./job-times.ts";

export const HistoryCard = memo(function HistoryCard({
  job,
  importer,
  onError,
  onDeleted,
}: HistoryRowProps): ReactNode {
  const t = useTexts("history");
  const { number, moment, duration } = useFormats();
  const { rows, imported, errors } = numbersOf(job);
  const worked = workedMs(job, Date.now());
  const facts = [
    [t("rows"), rows > 0 ? number(rows) : null],
    [t("imported"), imported > 0 ? number(imported) : null],
    [t("errors"), errors > 0 ? number(errors) : null],
    [t("duration"), worked === null ? null : duration(worked)],
  ] as const;
  return (
    <li className="card history-card">
      <div className="history-card-head">
        <JobName job={job} />
        <JobMenu job={job} onError={onError} onDeleted={onDeleted} />
      </div>
      <JobStatus job={job} />
      <Facts inRow facts={facts} />
      <p className="muted small">
        <time dateTime={job.createdAt}>{moment(job.createdAt)}</time>
        {job.createdByName !== null && (
          <>
            {" · "}
            <bdi>{job.createdByName}</bdi>
          </>
        )}
        {importer !== null && (
          <>
            {" · "}
            <bdi>{importer}</bdi>
          </>
        )}
      </p>
    </li>
  );
});
