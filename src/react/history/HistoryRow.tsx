/** One import in the list: as a row of the table, and as a card where there is no room for one. */
import { memo, type ReactNode } from "react";
import type { Import } from "../../client/index.ts";
import { useFormats } from "../foundation/format.ts";
import { isRunning } from "../foundation/is-running.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { StatusBadge } from "../parts/Badge.tsx";
import { Facts } from "../parts/Card.tsx";
import { Meter } from "../parts/Meter.tsx";
import { PlaceLink } from "../parts/PlaceLink.tsx";
import { JobMenu } from "./JobMenu.tsx";
import { numbersOf, workedMs } from "./job-numbers.ts";

interface HistoryRowProps {
  job: Import;
  /** Null: all are of one. */
  importer: string | null;
  isPicked: boolean;
  onPick: (ids: readonly number[], isPicked: boolean) => void;
  onError: (error: unknown) => void;
  onDeleted: () => void;
}

export const HistoryRow = memo(function HistoryRow(props: HistoryRowProps): ReactNode {
  const { job, importer, onError, onDeleted } = props;
  const { number, day, clock, duration } = useFormats();
  const { rows, imported, errors } = numbersOf(job);
  const worked = workedMs(job, Date.now());
  return (
    <tr>
      <td className="at-pick">
        <Picking {...props} />
      </td>
      <th scope="row" className="at-file">
        <JobName job={job} />
      </th>
      {importer !== null && (
        <td className="at-importer">
          <bdi>{importer}</bdi>
        </td>
      )}
      <td className="at-status">
        <JobStatus job={job} />
      </td>
      <td className="number">{rows > 0 ? number(rows) : <None />}</td>
      <td className="number">{imported > 0 ? number(imported) : <None />}</td>
      <td className="number">{errors > 0 ? <span className="history-errors">{number(errors)}</span> : <None />}</td>
      <td className="at-by">{job.createdByName === null ? <None /> : <bdi>{job.createdByName}</bdi>}</td>
      <td className="at-date">
        <time dateTime={job.createdAt}>
          {day(job.createdAt)} <span className="muted small">{clock(job.createdAt)}</span>
        </time>
      </td>
      <td className="number at-duration">{worked === null ? <None /> : duration(worked)}</td>
      <td className="at-menu">
        <JobMenu job={job} onError={onError} onDeleted={onDeleted} />
      </td>
    </tr>
  );
});

/** The file's name, which leads to all there is to know of its import; without such a page, to the import itself. */
function JobName({ job }: { job: Import }): ReactNode {
  const t = useTexts("history");
  const { places } = useSluice();
  const hasPage = places !== null && places.has?.("job") !== false;
  return (
    <span className="history-file">
      <PlaceLink to={hasPage ? { page: "job", id: job.id } : { page: "import", id: job.id }}>
        <bdi>{job.fileName}</bdi>
      </PlaceLink>
      <span className="muted small">
        {t("number", { id: String(job.id) })}
        {job.dryRun && ` · ${t("dryRun")}`}
        {job.parentId !== null && ` · ${t("corrects", { id: String(job.parentId) })}`}
      </span>
    </span>
  );
}

function Picking({ job, isPicked, onPick }: Pick<HistoryRowProps, "job" | "isPicked" | "onPick">): ReactNode {
  const t = useTexts("history");
  return (
    <label className="pick">
      <input type="checkbox" checked={isPicked} onChange={(event) => onPick([job.id], event.target.checked)} />
      <span className="hidden-text">{t("pick", { file: job.fileName })}</span>
    </label>
  );
}

function None(): ReactNode {
  return (
    <span className="muted" aria-hidden="true">
      –
    </span>
  );
}

/** One import as a card, where there is no room for a table. */
export const HistoryCard = memo(function HistoryCard(props: HistoryRowProps): ReactNode {
  const { job, importer, onError, onDeleted } = props;
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
        <Picking {...props} />
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

/** An import's status in a list, with how far it is while it runs; there is room for the bar before it is there. */
function JobStatus({ job }: { job: Import }): ReactNode {
  const t = useTexts("history");
  const { percent: format } = useFormats();
  const { percent } = numbersOf(job);
  return (
    <div className="job-status">
      <StatusBadge status={job.status} />
      {isRunning(job) && (
        <span className="job-progress">
          <Meter label={t("progressOf", { file: job.fileName })} percent={percent} />
          <span className="small job-percent">{percent === null ? "" : format(Math.floor(percent) / 100)}</span>
        </span>
      )}
    </div>
  );
}
