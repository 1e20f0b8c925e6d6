/**
 * What happens to an import, by Supabase's Realtime instead of the server's event stream: a page then holds no connection to the server,
 * which on serverless hosts is paid for as long as it is open. A row of the import's table comes with each change; what happened beside its
 * progress is asked of the API. Where the channel does not open or breaks, the event stream is followed for a while.
 */
import type { Change, Import, ImportEvent, Page, Progress, Status } from "./api.ts";
import type { Connection } from "./connection.ts";
import { ClientError } from "./error.ts";
import type { RealtimeSource } from "./realtime-source.ts";
import { isFinal, type WatchOptions, watchImport } from "./watch.ts";

/** A row of `sluice.import_jobs`, as far as its reader may see it. */
export interface FollowedRow {
  id: number;
  status: Status;
  phase: string;
  progress: Progress | null;
  updated_at: string;
}

/** Realtime answers within seconds, or is not there. */
const openMs = 10_000;
/** Messages may be lost, and not every event changes the row: after this long without one the API is asked. */
const quietMs = 30_000;
/** How long the event stream takes its place. */
const streamMs = 60_000;

/** One import's changes, as `watchImport` yields them. */
export async function* watchByRealtime(
  connection: Connection,
  source: RealtimeSource,
  id: number,
  options: WatchOptions,
): AsyncGenerator<Change> {
  const { signal } = options;
  const path = `/imports/${id}`;
  let last = options.after ?? 0;
  let seen = "";
  let shown = "";

  const progressOf = function* (progress: Progress | null): Generator<Change> {
    const text = JSON.stringify(progress);
    if (progress === null || text === shown) return;
    shown = text;
    yield { type: "progress", jobId: id, progress };
  };
  /** The events since the last one. */
  const news = async function* (): AsyncGenerator<Change> {
    for (;;) {
      const page = await connection.json<Page<ImportEvent>>("GET", `${path}/events`, {
        query: { after: last },
        signal,
      });
      for (const event of page.items) {
        last = event.id;
        yield { type: "event", jobId: id, event };
      }
      if (page.next === null) return;
    }
  };
  const all = async function* (): AsyncGenerator<Change> {
    yield* news();
    yield* progressOf((await connection.json<Import>("GET", path, { signal })).progress);
  };

  for (;;) {
    signal?.throwIfAborted();
    const feed = new RowFeed(source, id, signal);
    try {
      if (await feed.opens()) {
        // What happened while nobody listened.
        yield* all();
        for (let rows = await feed.next(); rows !== null; rows = await feed.next()) {
          for (const row of rows) {
            const state = `${row.status} ${row.phase} ${row.updated_at}`;
            if (state !== seen) yield* news();
            seen = state;
            yield* progressOf(row.progress);
          }
          if (rows.length === 0) yield* all();
        }
      }
    } catch (error) {
      if (error instanceof ClientError && error.status === 404 && last > 0) {
        yield { type: "deleted", jobId: id };
        return;
      }
      if (isFinal(error, signal)) throw error;
    } finally {
      feed.close();
    }
    const over = AbortSignal.timeout(streamMs);
    try {
      const either = signal === undefined ? over : AbortSignal.any([signal, over]);
      for await (const change of watchImport(connection, id, { ...options, after: last, signal: either })) {
        if (change.type === "event") last = change.event.id;
        yield change;
        if (change.type === "deleted") return;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (!over.aborted) throw error;
    }
  }
}

/** The rows of one channel. */
class RowFeed {
  readonly #source: RealtimeSource;
  readonly #signal: AbortSignal | undefined;
  readonly #channel: unknown;
  readonly #rows: FollowedRow[] = [];
  #mayHaveMissed = false;
  #state: "opening" | "open" | "closed" = "opening";
  #wake: () => void = () => {};

  constructor(source: RealtimeSource, id: number, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#signal = signal;
    // Two components may follow one import: topics are for one channel of a client each.
    const topic = `sluice-import-${id}-${Math.random().toString(36).slice(2)}`;
    const wanted = { event: "UPDATE", schema: "sluice", table: "import_jobs", filter: `id=eq.${id}` };
    this.#channel = source
      .channel(topic)
      .on("postgres_changes", wanted, (change: { new?: FollowedRow }) => {
        if (change.new !== undefined) this.#rows.push(change.new);
        this.#wake();
      })
      .on("system", {}, ({ extension, status }: { extension?: string; status?: string }) => {
        if (extension !== "postgres_changes") return;
        // A channel is open seconds before changes come, or before they turn out not to (supabase/supabase-js#1599).
        if (status === "ok") this.#mayHaveMissed = true;
        else this.#state = "closed";
        this.#wake();
      })
      .subscribe((status: string) => {
        this.#state = status === "SUBSCRIBED" ? "open" : "closed";
        this.#wake();
      });
  }

  /** Whether it did. @throws the signal's reason */
  async opens(): Promise<boolean> {
    if (this.#state === "opening") await this.#news(openMs);
    return this.#state === "open";
  }

  /**
   * Rows since the last time, none where changes may have been missed or it was quiet for long; null: the channel is closed.
   *
   * @throws the signal's reason
   */
  async next(): Promise<FollowedRow[] | null> {
    if (this.#state === "open" && this.#rows.length === 0 && !this.#mayHaveMissed) await this.#news(quietMs);
    if (this.#state !== "open") return null;
    if (!this.#mayHaveMissed) return this.#rows.splice(0);
    this.#mayHaveMissed = false;
    return [];
  }

  close(): void {
    void this.#source.removeChannel(this.#channel);
  }

  #news(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#signal?.removeEventListener("abort", stop);
        this.#wake = () => {};
      };
      const stop = (): void => {
        end();
        reject(this.#signal?.reason);
      };
      const timer = setTimeout(() => this.#wake(), ms);
      this.#wake = () => {
        end();
        resolve();
      };
      if (this.#signal?.aborted) return stop();
      this.#signal?.addEventListener("abort", stop, { once: true });
    });
  }
}
