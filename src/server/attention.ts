/**
 * That a worker's thread is alive, and whose cells it is at, in memory that its host can still read when the thread turns in a circle
 * and hears nothing.
 */

import type { Attention } from "../core/ports.ts";

const beats = 0;
const atJob = 1;

/** Memory for one thread. */
export function attentionMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT);
}

/** The thread's side. `beat` is to be called as often as the thread comes to it. */
export function attentionOf(memory: SharedArrayBuffer): Pick<Attention, "begin" | "end"> & { beat(): void } {
  const seen = new Float64Array(memory);
  return {
    beat: () => void seen[beats]++,
    begin: (jobId) => {
      seen[atJob] = jobId;
    },
    end: () => {
      seen[atJob] = 0;
    },
  };
}

/** How often a thread is checked, and how often it may be found unchanged. */
export interface Patience {
  everyMs: number;
  times: number;
}

/**
 * Checks whether the thread makes progress, until told to stop; `onStuck` is called once, with the import it is at, or null. It counts
 * its own looks rather than time: a process that was stopped as a whole comes back without blame.
 */
export function watchOver(
  memory: SharedArrayBuffer,
  { everyMs, times }: Patience,
  onStuck: (jobId: number | null) => void,
): () => void {
  const seen = new Float64Array(memory);
  let last = seen[beats];
  let still = 0;
  const timer = setInterval(() => {
    still = seen[beats] === last ? still + 1 : 0;
    last = seen[beats];
    if (still < times) return;
    clearInterval(timer);
    onStuck(seen[atJob] === 0 ? null : seen[atJob]);
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
