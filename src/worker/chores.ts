/** The list of a worker's chores. A new one is a line here, and what it does. */

import type { AnySink } from "../core/bound-sink.ts";
import { queuePlace } from "../core/import.ts";
import type { EventListener } from "../core/ports.ts";
import type { Queue } from "../core/queue.ts";
import type { Outbox } from "../core/store/outbox.ts";
import type { Engine } from "../engine/engine.ts";
import type { Fetcher } from "../engine/fetcher.ts";
import type { BackgroundWorker } from "./background-worker.ts";
import type { Chore } from "./maintenance.ts";
import { dueSinks, registerSinks } from "./sinks.ts";
import { noteTrouble, tellsOperators } from "./watch-trouble.ts";

export interface ChoreParts {
  engine: Engine;
  queue: Queue;
  worker: BackgroundWorker;
  outbox: Outbox;
  sinks: readonly AnySink[];
  fetcher: Fetcher;
  onEvent: EventListener;
}

/**
 * A worker that was killed is missed within this time by one other; where there are several, each looks less often, and all of them
 * together as often. The look is one small query.
 */
const missMs = 120;
const longestMissMs = 500;
const lookMs = 2000;
const sweepMs = 3600 * 1000;
const troubleMs = 30_000;

export function choresOf(parts: ChoreParts): Chore[] {
  const { engine, queue, worker, outbox, sinks, fetcher } = parts;
  let workers = 1;
  return [
    ...(sinks.length === 0 ? [] : outboxChores({ queue, outbox, sinks })),
    {
      name: "remind of imports whose worker died",
      everyMs: () => Math.min(longestMissMs, missMs * workers),
      run: () => remind(parts, { diedOnly: true }),
    },
    {
      name: "count workers",
      everyMs: lookMs,
      async run() {
        workers = Math.max(1, await engine.waiting.workers());
      },
    },
    { name: "remind of forgotten imports", everyMs: lookMs, run: () => remind(parts, { diedOnly: false }) },
    { name: "take up what others left", everyMs: lookMs, run: () => worker.takeUp() },
    { name: "join large commits", everyMs: lookMs, run: () => worker.share() },
    { name: "register sources", everyMs: sweepMs, run: () => fetcher.register() },
    { name: "wake sources", everyMs: lookMs, run: () => wakeSources(parts) },
    { name: "finish edits", everyMs: lookMs, run: async (signal) => void (await engine.finishEdits(signal)) },
    // A task, so that one worker does it for all.
    { name: "sweep", everyMs: sweepMs, run: () => queue.enqueue({ kind: "sweep" }) },
  ];
}

/** Of a worker that has sinks: looks what is due for them, and says that somebody has them. */
function outboxChores({ queue, outbox, sinks }: Pick<ChoreParts, "queue" | "outbox" | "sinks">): Chore[] {
  return [
    {
      name: "wake sinks",
      everyMs: lookMs,
      run: () => wakeSinks({ queue, outbox, sinks }),
    },
    { name: "register sinks", everyMs: sweepMs, run: () => registerSinks(outbox, sinks) },
    ...(tellsOperators(sinks)
      ? [{ name: "tell operators", everyMs: troubleMs, run: () => noteTrouble({ queue, outbox }) }]
      : []),
  ];
}

/** Tells the queue of sinks that have something to deliver now. */
export async function wakeSinks({
  queue,
  outbox,
  sinks,
}: Pick<ChoreParts, "queue" | "outbox" | "sinks">): Promise<void> {
  for (const { sink, inSeconds } of await dueSinks(outbox, sinks))
    if (inSeconds === 0) await queue.enqueue({ kind: "deliver", sink });
}

/** Tells the queue of sources that have something to fetch now. */
export async function wakeSources({ queue, fetcher }: Pick<ChoreParts, "queue" | "fetcher">): Promise<void> {
  for (const sourceId of await fetcher.due()) await queue.enqueue({ kind: "fetch", sourceId });
}

/** Tells the queue of imports that nobody is at: their worker died, or, where not `diedOnly`, their message got lost. */
export async function remind(
  { engine, queue, onEvent }: Pick<ChoreParts, "engine" | "queue" | "onEvent">,
  { diedOnly }: { diedOnly: boolean },
): Promise<void> {
  const unattended = await engine.waiting.unattended();
  const forgotten = diedOnly ? unattended.filter(({ workerDied }) => workerDied) : unattended;
  if (forgotten.length === 0) return;
  await queue.remind(
    forgotten.map((job) => ({
      task: { kind: "import", importId: job.id },
      workerDied: job.workerDied,
      ...queuePlace(job),
    })),
  );
  onEvent({ name: "queue.reminded", jobs: forgotten.length });
}
