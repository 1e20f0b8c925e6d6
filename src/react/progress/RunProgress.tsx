/**
 * An import that is under way, waits for its turn or is held: how far, how fast, how long still, and what can be done. Every line
 * of it has its place from the beginning, so that nothing moves while it runs.
 */

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import type { Import, Progress } from "../../client/index.ts";
import { useFormats } from "../foundation/format.ts";
import { importKey } from "../foundation/live.ts";
import { useWithStep } from "../foundation/next-step.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { useImport, useImportProgress } from "../foundation/use-import.ts";
import { Card } from "../parts/Card.tsx";
import { Icon } from "../parts/Icon.tsx";
import { Meter } from "../parts/Meter.tsx";
import { Notice } from "../parts/Notice.tsx";
import { Problem } from "../parts/Problem.tsx";
import { useAnnouncedProgress } from "./announced-progress.ts";
import { PacePlot } from "./PacePlot.tsx";
import { PhaseLine } from "./PhaseLine.tsx";
import { usePace } from "./pace.ts";
import { RunControls } from "./RunControls.tsx";
import { progressOf, runStateOf } from "./run-state.ts";

/** Between events it is asked too, so that a server that went away is noticed. */
const askMs = 5_000;

export function RunProgress({ job }: { job: Import }): ReactNode {
  const t = useTexts("progress");
  const { percent, duration } = useFormats();
  const state = runStateOf(job) ?? "running";
  const progress = progressOf(job, useImportProgress(job.id));
  const { act, acting } = useImport(job.id);
  useAskedAgain(job.id);
  const samples = usePace(state === "running" ? progress : null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    // What was refused is of the status before.
    if (job.status) setError(null);
  }, [job.status]);

  const title = useTitle(job, progress);
  const share = progress?.percent ?? null;
  const left = progress?.etaSeconds ?? 0;
  const running = left > 0 ? t("left", { time: duration(left * 1000) }) : "\u00a0";
  const beside = state === "running" ? running : progress === null ? job.fileName : t(progress.step);
  useAnnouncedProgress(
    `${state} ${title}`,
    share === null || state !== "running"
      ? title
      : t("told", { step: title, percent: percent(Math.floor(share) / 100) }),
  );
  const withStep = useWithStep();
  const why = job.errorMessage === null ? null : withStep(job.errorMessage, job.next);
  const reason = job.status === "paused" ? why : null;
  const { pausedBy } = job;

  return (
    <Card className="running stack">
      <PhaseLine job={job} />
      <div className="running-head">
        <p className="running-share" aria-hidden="true">
          {share === null ? (
            <Icon name={state === "paused" ? "pause" : "clock"} size={30} />
          ) : (
            percent(Math.floor(share) / 100)
          )}
        </p>
        <div>
          <h2>{title}</h2>
          <p className="muted">{beside}</p>
        </div>
      </div>
      <Meter
        label={t("bar")}
        percent={share ?? (state === "running" ? null : 0)}
        tone={state === "paused" ? "warn" : "accent"}
      />
      <Figures job={job} progress={progress} isMoving={state === "running"} />
      <PacePlot samples={samples} />
      {reason !== null && !pausedBy && (
        <Notice tone="warn" title={t("pausedWhy")}>
          {reason}
        </Notice>
      )}
      {state === "waiting" && why !== null && <Notice tone="warn" title={why} />}
      {state === "retrying" && why !== null && (
        <Notice tone="warn" title={t("retryingWhy")}>
          {why}
        </Notice>
      )}
      <div className="running-foot">
        <p className="muted">{pausedBy ? t("pausedBy", { name: pausedBy }) : t(`${state}Hint`)}</p>
        <RunControls job={job} progress={progress} acting={acting} act={act} onError={setError} />
      </div>
      {error !== null && <Problem error={error} />}
    </Card>
  );
}

/** What it does now, in words. */
function useTitle(job: Import, progress: Progress | null): string {
  const t = useTexts("progress");
  const { time } = useFormats();
  switch (runStateOf(job)) {
    case "waiting":
      return t("waiting");
    case "retrying":
      return t("retrying", { time: time(job.retryAt as string) });
    case "paused":
      return t("paused");
    default:
      return t(progress?.step ?? ({ parse: "reading", commit: "matching", undo: "undoing" } as const)[job.phase]);
  }
}

function Figures({
  job,
  progress,
  isMoving,
}: {
  job: Import;
  progress: Progress | null;
  isMoving: boolean;
}): ReactNode {
  const t = useTexts("progress");
  const tc = useTexts("common");
  const { number } = useFormats();
  const { processed = 0, total = null, rowsPerSecond = null, counts } = progress ?? {};
  const names = outcomes[job.phase];
  return (
    <dl className="running-figures">
      <div>
        <dt>{t(job.phase === "undo" ? "records" : "rows")}</dt>
        <dd>{total === null ? number(processed) : t("rowsOf", { done: processed, total })}</dd>
      </div>
      <div>
        <dt>{tc("speed")}</dt>
        <dd>{!isMoving || rowsPerSecond === null ? "–" : t("rate", { rate: number(rowsPerSecond) })}</dd>
      </div>
      {names.map((name) => (
        <div key={name}>
          <dt>{t(name)}</dt>
          <dd>{number(counts?.[name] ?? 0)}</dd>
        </div>
      ))}
    </dl>
  );
}

const outcomes = {
  parse: ["invalid"],
  commit: ["created", "updated", "unchanged", "skipped", "failed"],
  undo: [],
} as const;

function useAskedAgain(id: number): void {
  const { client } = useSluice();
  useQuery({
    queryKey: importKey(id),
    queryFn: ({ signal }) => client.imports.get(id, { signal }),
    refetchInterval: askMs,
  });
}
