/** Work that the network, a server that is away and a session that has ended only delay. */
import { ClientError } from "../../client/index.ts";
import type { ServerState } from "./server-state.tsx";

/** The first delay before a server that is away is asked again; later ones grow. */
const firstPauseMs = 500;
const maxPauseMs = 5_000;
/** How often in a row the server may fail by itself. */
const maxFailures = 6;

export interface Persistence {
  server: ServerState;
  signal: AbortSignal;
  /** Told when it has to wait. */
  onAway: () => void;
  /** Whether the server's own failures, and requests that get in each other's way, are worth another try. */
  mayMend?: boolean;
}

/** @throws what does not pass by waiting; the signal's reason when it aborts. */
export async function persistently<T>(
  { server, signal, onAway, mayMend = false }: Persistence,
  work: () => Promise<T>,
): Promise<T> {
  for (let failures = 0, away = 0; ; ) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ClientError)) throw error;
      const isAway = error.mayPass || error.status === 401;
      // 409, 423: an upload's request that broke off is still being ended.
      const isPassing = mayMend && [409, 423, 500].includes(error.status);
      if (!isAway && !(isPassing && failures++ < maxFailures)) throw error;
      if (isAway) {
        server.note(error);
        onAway();
      }
      await untilBetter(server, error.status === 401, firstPauseMs * 2 ** away++, signal);
    }
  }
}

/**
 * Work that a session that has ended only delays: it is done again once somebody has signed in. What else goes wrong is thrown.
 *
 * @example await acrossSignIn(server, () => client.imports.changeMapping(42, change))
 */
export async function acrossSignIn<T>(server: ServerState, work: () => Promise<T>): Promise<T> {
  const { signal } = new AbortController();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ClientError) || error.status !== 401) throw error;
      server.note(error);
      await untilBetter(server, true, 0, signal);
    }
  }
}

/** A pause, which ends when the network comes back; of a session that is gone, until somebody has signed in. */
async function untilBetter(server: ServerState, isSession: boolean, ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = isSession ? undefined : setTimeout(resolve, Math.min(ms, maxPauseMs));
  const stop = (): void => reject(signal.reason);
  const unsubscribe = server.subscribe(() => {
    if (isSession && !server.signedOut()) resolve();
  });
  const online = (): void => {
    if (!isSession) resolve();
  };
  addEventListener("online", online);
  signal.addEventListener("abort", stop);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    removeEventListener("online", online);
    signal.removeEventListener("abort", stop);
    unsubscribe();
  }
}
