/** What came of an import that is completed, or was cancelled on its way: every row accounted for, and what can be done now. */
import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useState } from "react";
import type { ClientError, Import, Report } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { importKey } from "../../foundation/use-import.ts";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { Notice, Problem } from "../../parts/Notice.tsx";
import { Placeholder } from "../../parts/Placeholder.tsx";
import { PlaceLink } from "../../parts/PlaceLink.tsx";
import { RecordCounts } from "../../parts/RecordNumbers.tsx";
import { StepHead } from "../../parts/Step.tsx";
import { Outcomes } from "./Outcomes.tsx";
import { type Ended, outcomeOf } from "./outcome.ts";
import { RejectedRows } from "./RejectedRows.tsx";
import { RelatedRecords } from "./RelatedRecords.tsx";
import { WarnedRows } from "./WarnedRows.tsx";

export function CommitSummary({ job, onNew }: { job: Import; onNew: () => void }): ReactNode {
  const t = useTexts("commit");
  const tc = useTexts("common");
  const { client, language } = useSluice();
  const { data: report, error } = useQuery<Report, ClientError>({
    queryKey: [...importKey(job.id), "report", language],
    queryFn: ({ signal }) => client.imports.report(job.id, { lang: language, signal }),
  });
  // The import itself mostly knows them, and is there already.
  const rows = Math.max(job.totalRows, job.processedRows);
  const ended: Ended | undefined = job.counts === undefined ? report : { rows, counts: job.counts };
  const isCancelled = job.status === "cancelled";
  const written = ended === undefined ? 0 : ended.counts.created + ended.counts.updated;
  return (
    <>
      <Verdict job={job} ended={ended} />
      {ended === undefined && error === null && <Placeholder lines={18} />}
      {ended !== undefined && (
        <Card
          title={tc("rowsBecame")}
          aside={
            written > 0 && (
              <PlaceLink to={{ page: "records", id: job.id }} look="primary" icon="table">
                {tc("seeRecords")}
              </PlaceLink>
            )
          }
        >
          <div className="stack">
            <Outcomes ended={ended} />
            <RecordCounts importer={job.importer} counts={{ ...ended.counts }} />
            <Times job={job} rows={ended.rows} />
          </div>
        </Card>
      )}
      {error !== null && error.status !== 401 && <Problem error={error} />}
      {report !== undefined && <RejectedRows job={job} report={report} />}
      {report !== undefined && <WarnedRows report={report} />}
      {report !== undefined && report.findings.length > 0 && <Findings findings={report.findings} />}
      <UndoOffer job={job} written={written} />
      <RelatedRecords job={job} />
      {isCancelled ? (
        <section className="card offer">
          <div className="offer-words">
            <h2>{t("rest")}</h2>
            <p className="muted">{t("restHint")}</p>
          </div>
          <Button icon="upload" onClick={onNew}>
            {t("restButton")}
          </Button>
        </section>
      ) : (
        <div className="row">
          <Button icon="upload" onClick={onNew}>
            {t("another")}
          </Button>
        </div>
      )}
    </>
  );
}

/** In a word, and in a sentence; its heading stays the same element, so that the focus on it holds. */
function Verdict({ job, ended }: { job: Import; ended: Ended | undefined }): ReactNode {
  const t = useTexts("commit");
  const file = job.fileName;
  const count = ended === undefined ? 0 : ended.counts.created + ended.counts.updated;
  const outcome = ended === undefined ? null : outcomeOf(ended);
  const [title, words] = ((): [string, string] => {
    if (job.status === "cancelled") {
      return [t("cancelled"), count > 0 ? t("cancelledSome", { count, file }) : t("cancelledNone", { file })];
    }
    switch (outcome) {
      case "done_all":
        return [t("done"), count === ended?.rows ? t("doneAll", { count, file }) : t("doneKnown", { count, file })];
      case "done_some":
        return [t("done"), t("doneSome", { count, file })];
      case "nothing_new":
        return [t("nothingNew"), t("nothingNewHint", { file })];
      case "no_valid":
        return [t("noValid"), t("noValidHint", { file })];
      case "empty":
        return [t("empty"), t("emptyHint", { file })];
      case null:
        return [t("done"), file];
    }
  })();
  return (
    <div className="verdict">
      {outcome === "done_all" && job.status === "completed" && (
        <span className="verdict-mark" aria-hidden="true">
          <Icon name="check" size={26} />
        </span>
      )}
      <StepHead title={title}>{words}</StepHead>
    </div>
  );
}

/** About the file as a whole. */
function Findings({ findings }: Pick<Report, "findings">): ReactNode {
  const tc = useTexts("common");
  const { number } = useFormats();
  return (
    <Notice tone="info" title={tc("worthKnowing")}>
      <ul>
        {findings.map(({ code, title, count }) => (
          <li key={code}>{count > 1 ? `${title} (${number(count)})` : title}</li>
        ))}
      </ul>
    </Notice>
  );
}

/** How long the work took, without the time in which people looked at it. */
function Times({ job, rows }: { job: Import; rows: number }): ReactNode {
  const t = useTexts("commit");
  const tc = useTexts("common");
  const { duration, moment } = useFormats();
  const ms = between(job.parseStartedAt, job.parsedAt) + between(job.commitStartedAt, job.completedAt);
  const rate = ms > 0 && job.status === "completed" ? Math.round((rows / ms) * 1000) : 0;
  return (
    <dl className="summary-times">
      {job.completedAt !== null && (
        <div>
          <dt>{t(job.status === "cancelled" ? "cancelled" : "finished")}</dt>
          <dd>{moment(job.completedAt)}</dd>
        </div>
      )}
      <div>
        <dt>{t("took")}</dt>
        <dd>{duration(ms)}</dd>
      </div>
      {rate > 0 && (
        <div>
          <dt>{tc("speed")}</dt>
          <dd>{t("speedValue", { count: rate })}</dd>
        </div>
      )}
    </dl>
  );
}

function between(from: string | null, to: string | null): number {
  return from === null || to === null ? 0 : Math.max(0, Date.parse(to) - Date.parse(from));
}

/** Rarely opened, so it comes when it is. */
const UndoDialog = lazy(() => import("./UndoDialog.tsx").then((file) => ({ default: file.UndoDialog })));

/** The way back: an import can be taken back, after one has seen what that would do. */
function UndoOffer({ job, written }: { job: Import; written: number }): ReactNode {
  const t = useTexts("commit");
  const tc = useTexts("common");
  const [isOpen, setIsOpen] = useState(false);
  if (written === 0 || !job.actions.includes("undo")) return null;
  return (
    <section className="card offer">
      <div className="offer-words">
        <h2>{t("undoTitle")}</h2>
        <p className="muted">{t("undoHint")}</p>
      </div>
      <Button icon="undo" onClick={() => setIsOpen(true)}>
        {tc("undo")}
      </Button>
      {isOpen && (
        <Suspense>
          <UndoDialog job={job} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </section>
  );
}
