/**
 * Work that holds a connection and asks for more of the same pool: only so much of it goes on at once in a process, so that it cannot
 * take all connections and wait for one. The rest waits its turn without a connection.
 */
export type FewAtOnce = <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

export function fewAtOnce(limit: number): FewAtOnce {
  let free = limit;
  const waiting: (() => void)[] = [];
  const enter = (signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    if (free > 0) {
      free--;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const go = (): void => {
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      const leave = (): void => {
        waiting.splice(waiting.indexOf(go), 1);
        reject(signal?.reason);
      };
      waiting.push(go);
      signal?.addEventListener("abort", leave, { once: true });
    });
  };
  return async (work, signal) => {
    await enter(signal);
    try {
      return await work();
    } finally {
      // Whoever waits longest takes the place over.
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
