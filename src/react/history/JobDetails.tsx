/** What the page of an import shows, from its head to its timeline. */
import { type ReactNode, useState } from "react";
import type { Import } from "../../client/index.ts";
import { useFormats } from "../foundation/format.ts";
import { useImporters } from "../foundation/importer-queries.ts";
import { isRunning } from "../foundation/is-running.ts";
import { useWithStep } from "../foundation/next-step.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { useImportProgress } from "../foundation/use-import.ts";
import { StatusBadge } from "../parts/Badge.tsx";
import { Button } from "../parts/Button.tsx";
import { Card } from "../parts/Card.tsx";
import { Meter } from "../parts/Meter.tsx";
import { Notice, Problem } from "../parts/Notice.tsx";
import { PlaceLink } from "../parts/PlaceLink.tsx";
import { StepHead } from "../parts/Step.tsx";
import { JobFacts } from "./JobFacts.tsx";
import { JobMenu } from "./JobMenu.tsx";
import { JobNumbers } from "./JobNumbers.tsx";
import { JobMapping, JobOptions } from "./JobSettings.tsx";
import { Timeline } from "./Timeline.tsx";
import { useJobActs } from "./use-job-acts.ts";

export function JobDetails({ job }: { job: Import }): ReactNode {
  const t = useTexts("history");
  const tc = useTexts("common");
  const withStep = useWithStep();
  const { places } = useSluice();
  const { moment } = useFormats();
  const { labelOf } = useImporters();
  const { act, acting } = useJobActs(job);
  const [failure, setFailure] = useState<unknown>(null);
  const retry = (): void => {
    setFailure(null);
    act("retry").catch(setFailure);
  };
  return (
    <div className="stack job-page">
      <StepHead
        title={<bdi>{job.fileName}</bdi>}
        aside={
          <>
            <PlaceLink to={{ page: "import", id: job.id }} look="primary">
              {t(openWords(job))}
            </PlaceLink>
            <JobMenu job={job} onPage onError={setFailure} onDeleted={() => places?.go({ page: "history" })} />
          </>
        }
      >
        <span className="row job-under">
          <StatusBadge status={job.status} />
          <span>
            {t("number", { id: String(job.id) })} · <bdi>{labelOf(job.importer)}</bdi> ·{" "}
            <time dateTime={job.createdAt}>{moment(job.createdAt)}</time>
            {job.createdByName !== null && (
              <>
                {" · "}
                <bdi>{job.createdByName}</bdi>
              </>
            )}
            {job.dryRun && ` · ${t("dryRun")}`}
          </span>
        </span>
      </StepHead>
      {failure !== null && <Problem error={failure} />}
      {job.errorMessage !== null && (
        <Notice
          tone={job.status === "failed" ? "bad" : "warn"}
          title={t("whatHappened")}
          actions={
            job.actions.includes("retry") ? (
              <Button icon="refresh" busy={acting === "retry"} onClick={retry}>
                {tc("tryAgain")}
              </Button>
            ) : undefined
          }
        >
          {withStep(job.errorMessage, job.next)}
        </Notice>
      )}
      {isRunning(job) && <Progressing job={job} />}
      <JobNumbers job={job} />
      <div className="job-columns">
        <JobFacts job={job} />
        <JobOptions job={job} />
      </div>
      <JobMapping job={job} />
      <Timeline job={job} />
    </div>
  );
}

function openWords({ status }: Import): "review" | "setUp" | "watch" | "summary" | "open" {
  if (status === "ready") return "review";
  if (status === "pending") return "setUp";
  if (status === "completed" || status === "undone") return "summary";
  return ["queued", "parsing", "committing", "undoing"].includes(status) ? "watch" : "open";
}

function Progressing({ job }: { job: Import }): ReactNode {
  const t = useTexts("history");
  const ts = useTexts("status");
  const { percent: format } = useFormats();
  const progress = useImportProgress(job.id);
  const percent = progress?.percent ?? null;
  return (
    <Card title={ts(job.status)} aside={<span>{percent === null ? "" : format(Math.floor(percent) / 100)}</span>}>
      <Meter label={t("progressOf", { file: job.fileName })} percent={percent} />
      <p className="muted small job-rate">
        {progress?.rowsPerSecond != null
          ? t("rate", { done: progress.processed, rate: Math.round(progress.rowsPerSecond) })
          : "\u00a0"}
      </p>
    </Card>
  );
}
