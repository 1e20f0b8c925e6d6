/**
 * Deadlines of a database's answers, counted in time in which this thread was there to hear them. A plain timer that falls due while
 * the thread is busy, or its process stopped, fires before the answers that came meanwhile are read, and a database that answers in
 * time is taken for one that is away.
 */

const tickMs = 100;

/** Calls `then` after so long; the function that it returns stops that. */
export function whenLate(ms: number, then: () => void): () => void {
  let left = ms;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const begun = performance.now();
    timer = setTimeout(
      () => {
        left -= Math.min(performance.now() - begun, 2 * tickMs);
        if (left <= 0) then();
        else wait();
      },
      Math.min(left, tickMs),
    );
    timer.unref();
  };
  wait();
  return () => clearTimeout(timer);
}

/** What comes within so long. @throws what `error` makes when it does not; what comes of it later is not waited for. */
export async function inTime<T>(coming: Promise<T>, ms: number, error: () => Error): Promise<T> {
  let stop = (): void => {};
  const late = new Promise<never>((_, reject) => {
    stop = whenLate(ms, () => reject(error()));
  });
  try {
    return await Promise.race([coming, late]);
  } finally {
    stop();
  }
}
