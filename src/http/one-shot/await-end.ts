/** Waits in a request until an import has come to its end, by the events of whoever works on it. */
import type { ArchivedImport } from "../../core/store/archive.ts";
import type { Engine } from "../../engine/engine.ts";

/** What nothing more happens to by itself. */
const ends: readonly ArchivedImport["status"][] = ["completed", "failed", "paused", "cancelled", "undone"];

/** The import when it has ended; null: it has not within `ms`, or `signal` aborted. */
export async function awaitEnd(
  { archive, events }: Pick<Engine, "archive" | "events">,
  jobId: number,
  ms: number,
  signal: AbortSignal,
): Promise<ArchivedImport | null> {
  const over = new AbortController();
  const stop = (): void => over.abort();
  const timer = setTimeout(stop, ms);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    // Watched from before the first look, so that nothing is missed between the two.
    const changes = events.watch(over.signal);
    const first = await archive.get(jobId);
    if (ends.includes(first.status)) return first;
    for await (const change of changes) {
      if (change.jobId !== jobId || change.event === undefined) continue;
      const job = await archive.get(jobId);
      if (ends.includes(job.status)) return job;
    }
    const last = await archive.get(jobId);
    return ends.includes(last.status) ? last : null;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    over.abort();
  }
}
