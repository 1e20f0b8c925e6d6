/**
 * An import that is under way, waits for its turn or is held: how far, how fast, how long still, and what can be done. Every line
 * of it has its place from the beginning, so that nothing moves while it runs.
 */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Import, Progress } from "../../client/index.ts";
import { useAnnounce } from "../foundation/Frame.tsx";
import { useFormats } from "../foundation/format.ts";
import { useWithStep } from "../foundation/next-step.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { importKey, useImport, useImportProgress } from "../foundation/use-import.ts";
import { Card } from "../parts/Card.tsx";
import { Icon } from "../parts/Icon.tsx";
import { Meter } from "../parts/Meter.tsx";
import { Notice, Problem } from "../parts/Notice.tsx";
import { RecordCounts } from "../parts/RecordNumbers.tsx";
import { NotifyMe } from "./NotifyMe.tsx";
import { PhaseLine } from "./PhaseLine.tsx";
import { type PaceSample, plotPoints, usePace } from "./pace.ts";
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
  const sub = progress?.record?.of != null ? progress.sub_step : null;
  const time = left > 0 ? t("left", { time: duration(left * 1000) }) : null;
  const running = [sub, time].filter((each) => each !== null).join(" · ") || "\u00a0";
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
      {job.phase === "commit" && progress !== null && <RecordCounts importer={job.importer} counts={progress.counts} />}
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
        <NotifyMe id={job.id} />
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
      // Which of several records it is the server knows in the reader's language.
      if (progress?.record !== undefined) return progress.current_step;
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
        <dd>{!isMoving || rowsPerSecond === null ? "–" : t("rate", { rate: rowsPerSecond })}</dd>
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

const width = 600;
const height = 80;

/** Rows per second over the time of a run, as a line; the same in words for who does not see it. */
function PacePlot({ samples }: { samples: readonly PaceSample[] }): ReactNode {
  const t = useTexts("progress");
  const paces = samples.map(({ rowsPerSecond }) => rowsPerSecond);
  const most = Math.max(0, ...paces);
  const average = paces.reduce((sum, pace) => sum + pace, 0) / Math.max(1, paces.length);
  const words =
    samples.length === 0
      ? t("plotEmpty")
      : t("plotWords", { now: paces.at(-1) as number, most, average: Math.round(average) });
  // A first one alone is a level.
  const line = plotPoints(samples.length === 1 ? [samples[0], { ...samples[0], at: samples[0].at + 1 }] : samples)
    .map(({ x, y }) => `${(x * width).toFixed(1)},${(y * height).toFixed(1)}`)
    .join(" ");
  return (
    <figure className="pace">
      <figcaption className="muted small" aria-hidden="true">
        <span>{t("plot")}</span>
        <span>{most > 0 ? t("rate", { rate: most }) : "\u00a0"}</span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={words}>
        <path className="pace-grid" d={`M0 0H${width}M0 ${height / 2}H${width}M0 ${height}H${width}`} />
        {samples.length > 0 && (
          <>
            <polygon className="pace-area" points={`0,${height} ${line} ${width},${height}`} />
            <polyline className="pace-line" points={line} />
          </>
        )}
      </svg>
    </figure>
  );
}

/** Not more often: a screen reader's user wants to do something else meanwhile. */
const pauseMs = 10_000;

/**
 * Says aloud how far an import is: each change of what it does at once, how far it is now and then.
 * @param state what it does; @param words that and how far it is
 */
function useAnnouncedProgress(state: string, words: string): void {
  const announce = useAnnounce();
  const told = useRef({ at: 0, state: "" });
  useEffect(() => {
    const now = performance.now();
    if (told.current.state === state && now - told.current.at < pauseMs) return;
    told.current = { at: now, state };
    announce(words);
  }, [state, words, announce]);
}
