/** How long a worker works: until it is stopped, or for as long as its host lets it. */

export interface WorkerTime {
  /** Aborts when it takes nothing up any more. */
  taking: AbortSignal;
  /** Aborts when work in progress is interrupted. */
  working: AbortSignal;
  /** When slices hand on at their next checkpoint, by `performance.now()`. */
  deadline?: number;
}

/** Past its time, a worker lets slices get to their next checkpoint for this long before it interrupts them. */
const checkpointMs = 3000;

/** Works until `signal` aborts or `ms` (null: any time) have gone by. */
export async function within<T>(
  ms: number | null,
  signal: AbortSignal,
  work: (time: WorkerTime) => Promise<T>,
): Promise<T> {
  if (ms === null) return work({ taking: signal, working: signal });
  const [over, interrupted] = [new AbortController(), new AbortController()];
  const timers = [
    setTimeout(() => over.abort(new Error("the worker's time is up")), ms),
    setTimeout(() => interrupted.abort(new Error("the worker's time is up")), ms + checkpointMs),
  ];
  try {
    return await work({
      taking: AbortSignal.any([signal, over.signal]),
      working: AbortSignal.any([signal, interrupted.signal]),
      deadline: performance.now() + ms,
    });
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}
