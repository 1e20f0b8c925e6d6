/** An import as it is now, kept up to date, and what can be done with it. */
import { skipToken, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Client, ClientError, Import, Progress } from "../../client/index.ts";
import { isRunning } from "./is-running.ts";
import { persistently } from "./persistently.ts";
import { useSluice } from "./Sluice.tsx";
import type { Answers, ServerState } from "./server-state.tsx";

/** What is done with one press; `start`, `delete` and the rest have parameters or consequences of their own. */
export type Act = "commit" | "pause" | "resume" | "reject" | "retry" | "reopen" | "cancel" | "undo";

export interface UsedImport {
  /** Undefined until it is there. */
  data: Import | undefined;
  /** Why it is not there: `not_found` when somebody deleted it. */
  error: ClientError | null;
  /** `confirmRemovals`: how many records a replace or a mirror may remove, of `commit` and `resume`. */
  act(action: Act, said?: { confirmRemovals?: number }): Promise<Import>;
  /** The action that is under way. */
  acting: Act | null;
}

/** @example const { data, act } = useImport(42); */
export function useImport(id: number | null): UsedImport {
  const { client } = useSluice();
  const queries = useQueryClient();
  useLive(id);
  const { data, error } = useQuery<Import, ClientError>({
    queryKey: importKey(id ?? 0),
    queryFn: ({ signal }) => client.imports.get(id as number, { signal }),
    enabled: id !== null,
  });
  const { mutateAsync, isPending, variables } = useMutation<
    Import,
    ClientError,
    { action: Act; said: { confirmRemovals?: number } }
  >({
    mutationFn: ({ action, said }) => client.imports[action](id as number, said),
    onSuccess: (changed) => {
      queries.setQueryData(importKey(changed.id), changed);
      void queries.invalidateQueries({ queryKey: importKey(changed.id) });
    },
  });
  const act: UsedImport["act"] = (action, said = {}) => mutateAsync({ action, said });
  return { data, error, act, acting: isPending ? variables.action : null };
}

/** How far an import is, as it goes; null while nothing is under way. */
export function useImportProgress(id: number | null): Progress | null {
  const { data } = useImport(id);
  const { data: live } = useQuery<Progress>({ queryKey: progressKey(id ?? 0), queryFn: skipToken });
  if (data === undefined || !isRunning(data)) return data?.progress ?? null;
  return live !== undefined && live.phase === data.phase ? live : data.progress;
}

interface Stream {
  readers: number;
  stop: AbortController;
}

const streams = new WeakMap<Answers, Map<number, Stream>>();

/** Everything that is known of an import has a key that begins so. */
export const importKey = (id: number): readonly ["import", number] => ["import", id];
const progressKey = (id: number): readonly ["progress", number] => ["progress", id];

/** Follows an import while the component is there. */
function useLive(id: number | null): void {
  const { client, server } = useSluice();
  useEffect(() => (id === null ? undefined : follow(server, client, id)), [server, client, id]);
}

/** @returns what ends it. */
function follow(server: ServerState, client: Client, id: number): () => void {
  let all = streams.get(server.queries);
  if (all === undefined) streams.set(server.queries, (all = new Map()));
  let stream = all.get(id);
  if (stream === undefined) {
    stream = { readers: 0, stop: new AbortController() };
    all.set(id, stream);
    void read(server, client, id, stream.stop.signal);
  }
  const followed = stream;
  followed.readers++;
  return () => {
    followed.readers--;
    // A component that is made anew comes back at once.
    queueMicrotask(() => {
      if (followed.readers > 0 || all.get(id) !== followed) return;
      all.delete(id);
      followed.stop.abort();
    });
  };
}

async function read(server: ServerState, client: Client, id: number, signal: AbortSignal): Promise<void> {
  const { queries } = server;
  let last: number | null = null;
  const follow = async (): Promise<void> => {
    // From the last event on: what stood before it is asked for by whoever shows it.
    last ??= (await client.imports.events(id, { limit: 1000 }, { signal })).items.at(-1)?.id ?? 0;
    void queries.invalidateQueries({ queryKey: importKey(id) });
    for await (const change of client.imports.watch(id, { after: last, signal })) {
      if (change.type === "event") last = change.event.id;
      if (change.type === "progress") queries.setQueryData(progressKey(id), change.progress);
      else void queries.invalidateQueries({ queryKey: importKey(id) });
    }
  };
  try {
    await persistently({ server, signal, onAway: () => {} }, follow);
  } catch {
    // Aborted; or what the import's own query tells as well: it is not there.
  }
}
