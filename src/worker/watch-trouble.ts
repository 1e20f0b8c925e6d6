/** Looks for what those who run the server want to hear of: messages that were given up, sinks that get nowhere. */
import { operatorSinks, type Trouble } from "../core/alert.ts";
import type { AnySink } from "../core/bound-sink.ts";
import type { Queue } from "../core/queue.ts";
import type { Outbox } from "../core/store/outbox.ts";

/** A sink that fails for as long is stuck. */
const stuckSeconds = 900;

export interface TroubleParts {
  outbox: Pick<Outbox, "standing" | "alerts">;
  queue: Pick<Queue, "depth">;
}

/** Whether any sink of this process is told of it. */
export function tellsOperators(sinks: readonly AnySink[]): boolean {
  return sinks.some(({ topics }) => topics.includes("operator.alert"));
}

export async function noteTrouble({ outbox, queue }: TroubleParts): Promise<void> {
  const [standing, depth, ofWebhooks] = await Promise.all([
    outbox.standing(),
    queue.depth(),
    outbox.alerts.ofWebhooks(),
  ]);
  const own: readonly string[] = operatorSinks;
  const troubles: Trouble[] = [...ofWebhooks];
  if (depth !== null && depth.dead > 0)
    troubles.push({ kind: "dead_letters", name: "queue", count: depth.dead, reason: null });
  for (const { name, dead, state, oldestSeconds, error: reason } of standing) {
    if (own.includes(name)) continue;
    if (dead > 0) troubles.push({ kind: "dead_letters", name, count: dead, reason });
    if (state === "stopped" || (state === "retrying" && oldestSeconds > stuckSeconds))
      troubles.push({ kind: "stuck_sink", name, count: 1, reason });
  }
  await outbox.alerts.note(troubles);
}
