/**
 * What happens to an import, as it happens: one stream for each import that is looked at, however many components look. Events make
 * what is known of the import stale; progress is put where useImportProgress reads it.
 */
import { useEffect } from "react";
import type { Client } from "../../client/index.ts";
import { persistently } from "./persistently.ts";
import { useSluice } from "./Sluice.tsx";
import type { Answers, ServerState } from "./server-state.tsx";

interface Stream {
  readers: number;
  stop: AbortController;
}

const streams = new WeakMap<Answers, Map<number, Stream>>();

/** Everything that is known of an import has a key that begins so. */
export const importKey = (id: number): readonly ["import", number] => ["import", id];
export const progressKey = (id: number): readonly ["progress", number] => ["progress", id];

/** Follows an import while the component is there. */
export function useLive(id: number | null): void {
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
