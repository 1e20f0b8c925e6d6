/**
 * What every worker does besides its tasks, each chore at its own interval. All workers may do them at the same time.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { reasonToLog } from "../core/errors.ts";
import type { EventListener } from "../core/ports.ts";

/** Something that is looked after from time to time. */
export interface Chore {
  name: string;
  /** From the end of one run to the next; computed after each. */
  everyMs: number | (() => number);
  run(signal: AbortSignal): Promise<void>;
}

/** Does each chore at once and then again and again, until `signal` aborts. One that fails or takes its time holds up no other. */
export async function maintain(chores: readonly Chore[], onEvent: EventListener, signal: AbortSignal): Promise<void> {
  await Promise.all(
    chores.map(async ({ name, everyMs, run }) => {
      while (!signal.aborted) {
        try {
          await run(signal);
        } catch (error) {
          if (!signal.aborted) onEvent({ name: "chore.failed", chore: name, reason: reasonToLog(error) });
        }
        await sleep(typeof everyMs === "number" ? everyMs : everyMs(), undefined, { signal }).catch(() => {});
      }
    }),
  );
}
