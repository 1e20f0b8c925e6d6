/**
 * What happens to imports, as it happens: by the event stream, which is taken up again where it broke off; where nothing
 * comes through it, by asking.
 */
import type { Change, Import, ImportEvent, Page, Progress } from "./api.ts";
import { type CallOptions, type Connection, pause } from "./connection.ts";
import { ClientError } from "./error.ts";
import { readEvents, type ServerEvent } from "./event-stream.ts";

export interface WatchOptions extends CallOptions {
  /** Id of the last event that you have. Default: the timeline from its beginning. */
  after?: number;
  /** How often is asked where the stream does not get through. Default 2 s. */
  pollMs?: number;
}

/** The server greets at once: a stream that is silent for this long at the start is buffered by a proxy. */
const greetingMs = 5_000;
/** A comment comes every 15 s: a stream that is silent for this long is dead. */
const silenceMs = 40_000;
/** After this many attempts without a byte the stream is given a rest. */
const maxMute = 2;
const askOnlyMs = 60_000;
const defaultPollMs = 2_000;
const firstPauseMs = 300;
const maxPauseMs = 10_000;

/** One import's changes, without end but for its deletion: leave the loop when you have seen enough. */
export async function* watchImport(
  connection: Connection,
  id: number,
  { after = 0, signal, pollMs = defaultPollMs }: WatchOptions,
): AsyncGenerator<Change> {
  const path = `/imports/${id}/events`;
  let last = after;
  let mute = 0;
  let failures = 0;
  let streamAgainAt = 0;
  let shown = "";
  for (;;) {
    if (Date.now() >= streamAgainAt) {
      try {
        for await (const event of streamEvents(connection, path, last, signal)) {
          failures = 0;
          mute = 0;
          const change = changeOf(event);
          if (change === null) continue;
          // After a lost connection an event may come twice.
          if (change.type === "event" && change.event.id <= last) continue;
          if (change.type === "event") last = change.event.id;
          yield change;
          if (change.type === "deleted") return;
        }
      } catch (error) {
        if (isFinal(error, signal)) throw error;
        failures++;
        if (error instanceof MuteStream) mute++;
        if (mute >= maxMute) streamAgainAt = Date.now() + askOnlyMs;
      }
    }
    // Between two streams, and instead of one.
    try {
      for (;;) {
        const page = await connection.json<Page<ImportEvent>>("GET", path, { query: { after: last }, signal });
        for (const event of page.items) {
          last = event.id;
          yield { type: "event", jobId: id, event };
        }
        if (page.next === null) break;
      }
      const { progress } = await connection.json<Import>("GET", `/imports/${id}`, { signal });
      const seen = JSON.stringify(progress);
      if (progress !== null && seen !== shown) yield { type: "progress", jobId: id, progress };
      shown = seen;
    } catch (error) {
      if (error instanceof ClientError && error.status === 404 && last > 0) {
        yield { type: "deleted", jobId: id };
        return;
      }
      if (isFinal(error, signal)) throw error;
      failures++;
    }
    await pause(
      failures === 0 || Date.now() < streamAgainAt ? pollMs : Math.min(firstPauseMs * 2 ** failures, maxPauseMs),
      signal,
    );
  }
}

/** The changes of all imports that you may see, from now on. Those of moments without a connection come later, but for progress. */
export async function* watchAll(connection: Connection, { after, signal }: WatchOptions): AsyncGenerator<Change> {
  let last = after ?? null;
  const seen = new Set<number>();
  for (let failures = 0; ; ) {
    try {
      for await (const event of streamEvents(connection, "/events", last, signal)) {
        failures = 0;
        const change = changeOf(event);
        if (change === null) continue;
        if (change.type === "event") {
          if (seen.has(change.event.id)) continue;
          seen.add(change.event.id);
          if (seen.size > 10_000) seen.delete(seen.values().next().value as number);
          last = Math.max(last ?? 0, change.event.id);
        }
        yield change;
      }
    } catch (error) {
      if (isFinal(error, signal)) throw error;
    }
    await pause(Math.min(firstPauseMs * 2 ** failures++, maxPauseMs), signal);
  }
}

/** Nothing came through the stream. */
class MuteStream extends Error {}

/** Of one connection. @throws when it breaks, MuteStream when nothing comes. */
async function* streamEvents(
  connection: Connection,
  path: string,
  after: number | null,
  signal: AbortSignal | undefined,
): AsyncGenerator<ServerEvent> {
  const cut = new AbortController();
  const stop = (): void => cut.abort(signal?.reason);
  signal?.throwIfAborted();
  signal?.addEventListener("abort", stop, { once: true });
  let timer = setTimeout(() => cut.abort(new MuteStream("nothing came through the event stream")), greetingMs * 2);
  const wait = (ms: number, reason: Error): void => {
    clearTimeout(timer);
    timer = setTimeout(() => cut.abort(reason), ms);
  };
  try {
    const response = await connection.once("GET", path, {
      headers: { accept: "text/event-stream", ...(after !== null && { "last-event-id": String(after) }) },
      signal: cut.signal,
    });
    const type = response.headers.get("content-type") ?? "";
    if (response.body === null || !type.includes("text/event-stream"))
      throw new MuteStream(`${type} is no event stream`);
    wait(greetingMs, new MuteStream("nothing came through the event stream"));
    yield* readEvents(response.body, () => wait(silenceMs, new Error("the event stream fell silent")));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
    cut.abort();
  }
}

function changeOf({ type, data }: ServerEvent): Change | null {
  switch (type) {
    case "message": {
      const event = JSON.parse(data) as ImportEvent;
      return { type: "event", jobId: event.jobId, event };
    }
    case "progress":
      return { type, ...(JSON.parse(data) as { jobId: number; progress: Progress }) };
    case "deleted":
      return { type, ...(JSON.parse(data) as { jobId: number }) };
    default:
      // Of a later server.
      return null;
  }
}

/** Whether there is no use in coming back. */
export function isFinal(error: unknown, signal: AbortSignal | undefined): boolean {
  if (signal?.aborted) return true;
  return error instanceof ClientError && !error.mayPass && error.status < 500;
}
