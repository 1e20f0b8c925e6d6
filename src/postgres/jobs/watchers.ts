/**
 * Those who follow all imports in this process, fed by one subscription: by NOTIFY where it is heard, else by looking every
 * second. Events are never missed; of progress a slow reader gets the latest.
 */
import type { Change, ImportEvent } from "../../core/events.ts";
import type { Database } from "../connection/connect.ts";
import type { Listener } from "../connection/listener.ts";
import { changesChannel, newestEventId, readChange, recentEvents, recentProgress } from "./events.ts";

/** How often the tables are looked at where NOTIFY is not heard. */
const pollMs = 1000;
/** Ids that are remembered, so that an event that is read again is not told twice. */
const rememberedIds = 5000;

interface Watcher {
  changes: Change[];
  progress: Map<number, Change>;
  wake(): void;
}

export class Watchers {
  readonly #database: Database;
  readonly #listener: Listener;
  readonly #watchers = new Set<Watcher>();
  readonly #seen = new Set<number>();
  #newestId: number | null = null;
  #progressSince: string | null = null;
  #unsubscribe: (() => void) | null = null;
  #poll: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(database: Database, listener: Listener) {
    this.#database = database;
    this.#listener = listener;
  }

  watch(signal: AbortSignal): AsyncIterableIterator<Change> {
    const watcher: Watcher = { changes: [], progress: new Map(), wake: () => {} };
    const stop = (): void => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size === 0) this.#stop();
      signal.removeEventListener("abort", stop);
      watcher.wake();
    };
    if (!signal.aborted && !this.#closed) {
      this.#watchers.add(watcher);
      if (this.#unsubscribe === null) this.#start();
      signal.addEventListener("abort", stop, { once: true });
    }
    const next = async (): Promise<IteratorResult<Change>> => {
      for (;;) {
        const change = watcher.changes.shift() ?? firstOf(watcher.progress);
        if (change !== undefined) return { value: change, done: false };
        if (!this.#watchers.has(watcher)) return { value: undefined, done: true };
        await new Promise<void>((resolve) => {
          watcher.wake = resolve;
        });
      }
    };
    const iterator: AsyncIterableIterator<Change> = {
      next,
      async return() {
        stop();
        return { value: undefined, done: true };
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    this.#stop();
    for (const { wake } of watchers) wake();
    await this.#looking;
  }

  #start(): void {
    this.#look(pollMs);
    this.#unsubscribe = this.#listener.subscribe(
      changesChannel,
      (payload) => this.#hear(payload),
      // What was said before it listened, or while it did not, is read from the tables.
      () => this.#look(0),
    );
  }

  #stop(): void {
    clearTimeout(this.#poll);
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#newestId = null;
    this.#progressSince = null;
    this.#seen.clear();
  }

  #hear(payload: string): void {
    const change = readChange(payload);
    if (change === null) return;
    if (change.eventId !== undefined) this.#look(0);
    else if (change.event !== undefined) this.#tellEvent(change.event);
    else this.#tell(change);
  }

  /** Looks into the tables after `ms`, and goes on doing so until NOTIFY is heard. */
  #look(ms: number): void {
    clearTimeout(this.#poll);
    this.#poll = setTimeout(() => {
      this.#looking = this.#looking
        .then(() => this.#catchUp())
        // A database that is away for a moment is asked again.
        .catch(() => {})
        .then(() => {
          if (this.#unsubscribe !== null && !this.#listener.listening) this.#look(pollMs);
        });
    }, ms);
    this.#poll.unref();
  }

  async #catchUp(): Promise<void> {
    if (this.#unsubscribe === null) return;
    this.#newestId ??= await newestEventId(this.#database);
    for (const event of await recentEvents(this.#database, this.#newestId)) this.#tellEvent(event);
    const { now, changes } = await recentProgress(this.#database, this.#progressSince);
    this.#progressSince = now;
    for (const change of changes) this.#tell(change);
  }

  #tellEvent(event: ImportEvent): void {
    if (this.#seen.has(event.id)) return;
    this.#seen.add(event.id);
    if (this.#seen.size > rememberedIds) this.#seen.delete(firstKey(this.#seen));
    this.#newestId = Math.max(this.#newestId ?? 0, event.id);
    this.#tell({ jobId: event.jobId, event });
  }

  #tell(change: Change): void {
    for (const watcher of this.#watchers) {
      if (change.progress !== undefined) watcher.progress.set(change.jobId, change);
      else watcher.changes.push(change);
      watcher.wake();
    }
  }
}

function firstOf(progress: Map<number, Change>): Change | undefined {
  for (const [jobId, change] of progress) {
    progress.delete(jobId);
    return change;
  }
  return undefined;
}

function firstKey(ids: Set<number>): number {
  for (const id of ids) return id;
  return 0;
}
