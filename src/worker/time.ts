/** How long a worker works: until it is stopped, or for as long as its host lets it. */

export interface WorkerTime {
  /** Aborts when it takes nothing up any more. */
  taking: AbortSignal;
  /** Aborts when work in progress is interrupted. */
  working: AbortSignal;
  /** When slices hand on at their next checkpoint, by `performance.now()`. */
  deadline?: number;
  /** How long the host lets it work at a time, in seconds; absent: for as long as it wants. */
  limitSeconds?: number;
}

/** Past its time, a worker lets slices get to their next checkpoint for this long before it interrupts them. */
const checkpointMs = 3000;

/** How much of what its host allows a request may work; the rest is for what it does before and after. */
const shareOfLimit = 0.9;

/**
 * How long a request works that `spentMs` have gone by of. Its last slice begins no later than nine tenths of the host's limit less the
 * way to a checkpoint, and is interrupted at nine tenths, whatever it is at. `ownSeconds`: what the settings say; 0: nothing.
 */
export function requestTime(
  limitSeconds: number | null,
  ownSeconds: number,
  spentMs: number,
): { ms: number | null; graceMs: number } {
  const ownMs = ownSeconds === 0 ? Number.POSITIVE_INFINITY : ownSeconds * 1000;
  if (limitSeconds === null) return { ms: ownMs === Number.POSITIVE_INFINITY ? null : ownMs, graceMs: checkpointMs };
  const leftMs = Math.max(0, limitSeconds * 1000 * shareOfLimit - spentMs);
  const graceMs = Math.min(checkpointMs, leftMs / 2);
  return { ms: Math.min(ownMs, leftMs - graceMs), graceMs };
}

/** Works until `signal` aborts or `ms` (null: any time) have gone by; `graceMs` later it is interrupted. */
export async function within<T>(
  ms: number | null,
  signal: AbortSignal,
  work: (time: WorkerTime) => Promise<T>,
  graceMs = checkpointMs,
): Promise<T> {
  if (ms === null) return work({ taking: signal, working: signal });
  const [over, interrupted] = [new AbortController(), new AbortController()];
  const timers = [
    setTimeout(() => over.abort(new Error("the worker's time is up")), ms),
    setTimeout(() => interrupted.abort(new Error("the worker's time is up")), ms + graceMs),
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
