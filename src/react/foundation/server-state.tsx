/** What is known of the server: answers that are kept, whether it can be reached, and whether the session holds. */
import { MutationCache, QueryCache, type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { ClientError } from "../../client/index.ts";
import { CurrentAnswers } from "./current-answers.ts";

/** `kept_out`: the server is there, and does not let pages of this origin read its answers. */
export type Reach = "reached" | "offline" | "server_gone" | "kept_out";

/**
 * The answers that are kept: a QueryClient, by what is used of it outside of this file. The published types must not name a
 * package that is bundled, and so is not there where they are read.
 */
export interface Answers {
  invalidateQueries(which?: { queryKey: readonly unknown[] }): Promise<void>;
  cancelQueries(): Promise<void>;
  setQueryData(key: readonly unknown[], answer: unknown): unknown;
}

/** Answers, and what their failures say. One for each Sluice. */
export interface ServerState {
  queries: Answers;
  subscribe(listener: () => void): () => void;
  reach(): Reach;
  signedOut(): boolean;
  /** Whether somebody was signed in while the page was open; else nothing was being done that could have ended. */
  wasSignedIn(): boolean;
  /** Told of each answer, or of what came instead. */
  note(error: unknown): void;
  /** Somebody signed in again: everything is asked anew. */
  signedIn(): void;
  /** Somebody signed out by their own will. */
  left(): void;
}

/** Delay between attempts to reach a server that is away, without end: the screen keeps what it shows. */
const retryMs = 2_000;

export function createServerState(): ServerState {
  const listeners = new Set<() => void>();
  let reach: Reach = "reached";
  let signedOut = false;
  let wasSignedIn = false;
  const answered = (): void => {
    wasSignedIn = true;
    note(null);
  };
  const change = (nextReach: Reach, nextSignedOut: boolean): void => {
    if (nextReach === reach && nextSignedOut === signedOut) return;
    reach = nextReach;
    signedOut = nextSignedOut;
    for (const listener of listeners) listener();
  };
  const note = (error: unknown): void => {
    if (error === null) change("reached", false);
    else if (!(error instanceof ClientError)) return;
    else if (error.status === 401) change("reached", true);
    else if (error.keptOut !== null) {
      // biome-ignore lint/suspicious/noConsole: whoever embeds the component looks there for what its page lacks
      // biome-ignore lint/style/noRestrictedGlobals: the same
      if (reach !== "kept_out") console.error(`Sluice: ${error.detail}`);
      change("kept_out", signedOut);
    } else if (error.mayPass && error.status !== 429) change(navigator.onLine ? "server_gone" : "offline", signedOut);
    else change("reached", signedOut);
  };
  const queries = new CurrentAnswers({
    queryCache: new QueryCache({ onError: note, onSuccess: answered }),
    mutationCache: new MutationCache({ onError: note, onSuccess: answered }),
    defaultOptions: {
      queries: {
        networkMode: "always",
        staleTime: 5_000,
        retry: (_count, error) => {
          note(error);
          return error instanceof ClientError && error.mayPass;
        },
        retryDelay: retryMs,
        refetchOnWindowFocus: true,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
  return {
    queries,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reach: () => reach,
    signedOut: () => signedOut,
    wasSignedIn: () => wasSignedIn,
    note,
    signedIn() {
      change("reached", false);
      void queries.invalidateQueries();
    },
    left() {
      wasSignedIn = false;
      void queries.invalidateQueries();
    },
  };
}

/** Who asks a person to sign in again: the component for a link's code, or the page around it, which gave the token. */
export type SignInBy = "code" | "page" | "host";

const StateContext = createContext<{ server: ServerState; signInBy: SignInBy } | null>(null);

/** Hears what the browser knows of the network, and hands a lost session to the host where it wants it. */
export function Connected({
  server,
  bySession,
  onSignInNeeded,
  children,
}: {
  server: ServerState;
  /** Calls use the browser's session, or the credentials that the host page gave. */
  bySession: boolean;
  onSignInNeeded?: (retry: () => void) => void;
  children: ReactNode;
}): ReactNode {
  useEffect(() => {
    const offline = (): void => server.note(new ClientError(0, "network", "The browser is offline."));
    const online = (): void => {
      server.note(null);
      void server.queries.invalidateQueries();
    };
    addEventListener("offline", offline);
    addEventListener("online", online);
    return () => {
      removeEventListener("offline", offline);
      removeEventListener("online", online);
    };
  }, [server]);
  const signedOut = useSyncExternalStore(server.subscribe, server.signedOut, () => false);
  const [told, setTold] = useState(false);
  useEffect(() => {
    if (signedOut && !told) onSignInNeeded?.(server.signedIn);
    setTold(signedOut);
  }, [signedOut, told, onSignInNeeded, server]);
  const signInBy: SignInBy = onSignInNeeded !== undefined ? "host" : bySession ? "code" : "page";
  const state = useMemo(() => ({ server, signInBy }), [server, signInBy]);
  return (
    // `queries` is the QueryClient that createServerState made.
    <QueryClientProvider client={server.queries as QueryClient}>
      <StateContext.Provider value={state}>{children}</StateContext.Provider>
    </QueryClientProvider>
  );
}

/** Whether the server answers; the session is gone when `signedOut`. */
export function useConnection(): { reach: Reach; signedOut: boolean; signInBy: SignInBy } {
  const { server, signInBy } = useContext(StateContext) as { server: ServerState; signInBy: SignInBy };
  const reach = useSyncExternalStore(server.subscribe, server.reach, () => "reached" as const);
  const signedOut = useSyncExternalStore(server.subscribe, server.signedOut, () => false);
  return { reach, signedOut, signInBy };
}
