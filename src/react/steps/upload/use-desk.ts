/** The desk of a step: the one that none shows at the moment, so that files go on while the step is away; each step has its own. */
import { useEffect, useState, useSyncExternalStore } from "react";
import { useSluice } from "../../Sluice.tsx";
import type { ServerState } from "../../server-state.tsx";
import type { BroughtFile, Wanted } from "./brought-file.ts";
import { UploadDesk } from "./upload-desk.ts";

/** Those of one importer, in the order in which they were set up. */
class Desks {
  readonly #all: UploadDesk[] = [];
  readonly #taken = new Map<object, UploadDesk>();

  /** The step's, else the first that is free, else a new one. */
  of(step: object, make: () => UploadDesk): UploadDesk {
    const own = this.#taken.get(step);
    if (own !== undefined) return own;
    const taken = new Set(this.#taken.values());
    let free = this.#all.find((desk) => !taken.has(desk));
    if (free === undefined) this.#all.push((free = make()));
    this.#taken.set(step, free);
    return free;
  }

  /** @returns what leaves it to the next step. */
  hold(step: object, desk: UploadDesk): () => void {
    this.#taken.set(step, desk);
    return () => this.#taken.delete(step);
  }
}

/** By the importer that the page asks for: files of one are none of another's business. */
const ofServers = new WeakMap<ServerState, Map<string, Desks>>();

const none: readonly BroughtFile[] = [];

export function useDesk(
  name: string | undefined,
  { importer, context }: Omit<Wanted, "language">,
): { desk: UploadDesk; files: readonly BroughtFile[] } {
  const { client, server, language } = useSluice();
  const [step] = useState(() => ({}));
  const desks = desksOf(server, name ?? "");
  const desk = desks.of(step, () => new UploadDesk(client, server));
  useEffect(() => desks.hold(step, desk), [desks, step, desk]);
  const files = useSyncExternalStore(desk.subscribe, desk.files, () => none);
  useEffect(() => desk.want(client, { importer, context, language }), [desk, client, importer, context, language]);
  return { desk, files };
}

function desksOf(server: ServerState, name: string): Desks {
  let ofServer = ofServers.get(server);
  if (ofServer === undefined) ofServers.set(server, (ofServer = new Map()));
  let desks = ofServer.get(name);
  if (desks === undefined) ofServer.set(name, (desks = new Desks()));
  return desks;
}
