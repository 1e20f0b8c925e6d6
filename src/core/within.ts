/** Work of another's that is not waited for once a signal has aborted, whether it listens to the signal or not. */

/** @throws what `reason` says when the signal aborts first. Default: the signal's own. */
export async function within<T>(
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
  reason: () => unknown = () => signal.reason,
): Promise<T> {
  const { promise: interrupted, reject } = Promise.withResolvers<never>();
  const interrupt = (): void => reject(reason());
  signal.addEventListener("abort", interrupt, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([work(signal), interrupted]);
  } finally {
    signal.removeEventListener("abort", interrupt);
  }
}
