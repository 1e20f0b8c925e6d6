/** The upload queue of a step. Files go on while the step is away; the next step takes the first queue that no step shows, and each has its own. */
import { useEffect, useState, useSyncExternalStore } from "react";
import type { Client } from "../../../client/index.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import type { ServerState } from "../../foundation/server-state.tsx";
import type { ChosenFile, Wanted } from "./chosen-file.ts";
import { UploadQueue } from "./upload-queue.ts";

/** Those of one importer, in the order in which they were set up. */
class UploadQueues {
  readonly #all: UploadQueue[] = [];
  readonly #taken = new Map<object, UploadQueue>();

  /** The step's, else the first that is free, else a new one. */
  of(step: object, make: () => UploadQueue): UploadQueue {
    const own = this.#taken.get(step);
    if (own !== undefined) return own;
    const taken = new Set(this.#taken.values());
    let free = this.#all.find((queue) => !taken.has(queue));
    if (free === undefined) this.#all.push((free = make()));
    this.#taken.set(step, free);
    return free;
  }

  /** @returns what leaves it to the next step. */
  hold(step: object, queue: UploadQueue): () => void {
    this.#taken.set(step, queue);
    return () => this.#taken.delete(step);
  }
}

/** By the importer that the page asks for: files of one are none of another's business. */
const ofServers = new WeakMap<ServerState, Map<string, UploadQueues>>();

const none: readonly ChosenFile[] = [];

export function useUploadQueue(
  name: string | undefined,
  { importer, context }: Omit<Wanted, "language">,
): { queue: UploadQueue; files: readonly ChosenFile[] } {
  const { client, server, language } = useSluice();
  const [step] = useState(() => ({}));
  const queues = queuesOf(server, name ?? "");
  const queue = queues.of(step, () => new UploadQueue(client, server));
  useEffect(() => queues.hold(step, queue), [queues, step, queue]);
  const files = useSyncExternalStore(queue.subscribe, queue.files, () => none);
  useEffect(() => queue.want(client, { importer, context, language }), [queue, client, importer, context, language]);
  return { queue, files };
}

/** The queue that the next step shows. */
export function nextQueue(server: ServerState, client: Client, name: string | undefined): UploadQueue {
  const queues = queuesOf(server, name ?? "");
  const step = {};
  const queue = queues.of(step, () => new UploadQueue(client, server));
  queues.hold(step, queue)();
  return queue;
}

function queuesOf(server: ServerState, name: string): UploadQueues {
  let ofServer = ofServers.get(server);
  if (ofServer === undefined) ofServers.set(server, (ofServer = new Map()));
  let queues = ofServer.get(name);
  if (queues === undefined) ofServer.set(name, (queues = new UploadQueues()));
  return queues;
}
