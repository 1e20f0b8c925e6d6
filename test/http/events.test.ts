import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Change } from "../../src/core/events.ts";
import type { Store } from "../../src/core/store/store.ts";
import { EventFeed } from "../../src/http/events/event-feed.ts";
import { type OpenApp, openApp } from "./open-app.ts";

interface Frame {
  id?: string;
  event?: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a test asks of it stands in the test
  data?: any;
}

/** The frames of a stream as they come. */
async function* framesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Frame> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of body) {
    text += decoder.decode(piece, { stream: true });
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const frame: Frame = {};
      for (const line of text.slice(0, end).split("\n")) {
        const [, name, value] = /^(\w+): (.*)$/.exec(line) ?? [];
        if (name === "data") frame.data = JSON.parse(value);
        else if (name === "id" || name === "event") frame[name] = value;
      }
      text = text.slice(end + 2);
      yield frame;
    }
  }
}

/** Takes frames until one is as wanted; returns the names of the events that came, that one the last. */
async function until(frames: AsyncGenerator<Frame>, isWanted: (frame: Frame) => boolean): Promise<Frame[]> {
  const seen: Frame[] = [];
  for (;;) {
    const { value, done } = await frames.next();
    if (done) return seen;
    seen.push(value);
    if (isWanted(value)) return seen;
  }
}

const named = (name: string) => (frame: Frame) => frame.data?.name === name;
const namesOf = (frames: Frame[]) => frames.flatMap(({ data }) => (data?.name === undefined ? [] : [data.name]));

async function follow(
  app: OpenApp,
  path: string,
  { as = "admin", lastEventId }: { as?: string; lastEventId?: string } = {},
) {
  const leaving = new AbortController();
  onTestFinished(() => leaving.abort());
  const response = await app.app.fetch(
    new Request(`http://sluice.test/api/v1${path}`, {
      signal: leaving.signal,
      headers: {
        accept: "text/event-stream",
        authorization: `Bearer ${as}`,
        ...(lastEventId !== undefined && { "last-event-id": lastEventId }),
      },
    }),
  );
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  return { frames: framesOf(response.body as ReadableStream<Uint8Array>), leave: () => leaving.abort() };
}

const csv = "Email\nanna@example.com\nnope\n";

async function started(app: OpenApp, as = "admin", text = csv): Promise<number> {
  const uploadId = await app.upload(text, "leads.csv", as);
  const made = await app.call("POST", "/imports", { uploadId, importer: "leads", start: true }, { as });
  return made.json.id;
}

describe("the timeline", () => {
  it("is a list in pages", async () => {
    const app = await openApp();
    const id = await started(app);
    const first = (await app.call("GET", `/imports/${id}/events?limit=1`)).json;
    expect(first.items).toMatchObject([{ jobId: id, name: "import.created", actor: "admin" }]);
    const rest = (await app.call("GET", `/imports/${id}/events?after=${first.next}`)).json;
    expect(rest).toMatchObject({
      items: [{ name: "import.queued", actor: "admin", data: { from: "pending" } }],
      next: null,
    });
  });

  it("comes as a stream with its past first, then as things happen, and goes on where a reader left", async () => {
    const app = await openApp();
    const id = await started(app);
    const { frames, leave } = await follow(app, `/imports/${id}/events`);
    const past = await until(frames, named("import.queued"));
    expect(namesOf(past)).toEqual(["import.created", "import.queued"]);
    const work = app.work(id);
    const parsed = await until(frames, named("import.ready"));
    expect(namesOf(parsed)).toEqual(["import.parsing", "import.ready"]);
    await work;
    leave();

    await app.call("POST", `/imports/${id}/commit`);
    await app.work(id);
    const again = await follow(app, `/imports/${id}/events`, { lastEventId: parsed.at(-1)?.id });
    const missed = namesOf(await until(again.frames, named("import.completed")));
    expect(missed.filter((name) => /queued|committing|completed/.test(name))).toEqual([
      "import.queued",
      "import.committing",
      "import.completed",
    ]);
    expect(missed).not.toContain("import.ready");
  });

  it("tells the progress without an id, and that an import is deleted at the end", async () => {
    const app = await openApp();
    const id = await started(app);
    const { frames } = await follow(app, `/imports/${id}/events`);
    await until(frames, named("import.queued"));
    const progress = {
      phase: "parse",
      step: "reading",
      processed: 5,
      total: null,
      percent: 10,
      rowsPerSecond: 2,
      etaSeconds: 3,
    } as const;
    // Of the moment, and not repeated to who begins to listen later: so it is told until it is heard.
    const stopTelling = tellAgain(() => app.store.progress.write(id, progress, true));
    const [frame] = (await until(frames, ({ event }) => event === "progress")).slice(-1);
    await stopTelling();
    expect([frame.id, frame.data]).toMatchObject([undefined, { jobId: id, progress: { processed: 5, percent: 10 } }]);
    await app.call("POST", `/imports/${id}/cancel`);
    await app.call("DELETE", `/imports/${id}`);
    const last = await until(frames, ({ event }) => event === "deleted");
    expect(last.at(-1)).toEqual({ event: "deleted", data: { jobId: id } });
    expect((await frames.next()).done).toBe(true);
  });

  it("of all imports shows a user their own, and an administrator everybody's", async () => {
    const app = await openApp();
    const [all, annas, bos] = [
      await follow(app, "/events"),
      await follow(app, "/events", { as: "anna" }),
      await follow(app, "/events", { as: "bo" }),
    ];
    // What is greeted has begun to listen.
    for (const { frames } of [all, annas, bos]) await frames.next();
    const ofAnna = await started(app, "anna");
    const ofBo = await started(app, "bo", `${csv}x@example.com\n`);
    const jobs = (seen: Frame[]) => [
      ...new Set(seen.flatMap(({ data }) => (data?.jobId === undefined ? [] : [data.jobId]))),
    ];
    const queuedOf = (id: number) => (frame: Frame) => frame.data?.name === "import.queued" && frame.data.jobId === id;
    expect(jobs(await until(all.frames, queuedOf(ofBo)))).toEqual([ofAnna, ofBo]);
    expect(jobs(await until(annas.frames, queuedOf(ofAnna)))).toEqual([ofAnna]);
    expect(jobs(await until(bos.frames, queuedOf(ofBo)))).toEqual([ofBo]);

    const late = await follow(app, "/events", { as: "anna", lastEventId: "0" });
    expect(namesOf(await until(late.frames, queuedOf(ofAnna)))).toEqual(["import.created", "import.queued"]);
  });

  it("comes over a socket, and ends with the app", async () => {
    const app = await openApp();
    const id = await started(app);
    const server = createAdaptorServer({ fetch: app.app.fetch, overrideGlobalObjects: false });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => new Promise((resolve) => server.close(() => resolve(undefined))));
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/imports/${id}/events`, {
      headers: { accept: "text/event-stream", authorization: "Bearer admin" },
    });
    expect(response.headers.get("cache-control")).toBe("no-cache, no-transform");
    const frames = framesOf(response.body as ReadableStream<Uint8Array>);
    await until(frames, named("import.queued"));
    await until(frames, ({ data }) => data === undefined);
    await app.call("POST", `/imports/${id}/pause`);
    expect(namesOf(await until(frames, named("import.paused")))).toEqual(["import.paused"]);
    await app.app.close();
    expect(namesOf(await until(frames, () => false))).toEqual([]);
  });
});

/** A store with nothing but changes that a test tells. It stands in for Postgres: what is tested is who gets which bytes. */
function toldStore() {
  let tell: (change: Change) => void = () => {};
  let watchers = 0;
  const store = {
    archive: { newestEventId: async () => 0, missing: async () => [] },
    progress: { read: async () => null },
    events: {
      list: async () => [],
      async *watch(signal: AbortSignal) {
        watchers++;
        const changes: Change[] = [];
        let wake = (): void => {};
        tell = (change) => {
          changes.push(change);
          wake();
        };
        signal.addEventListener("abort", () => wake());
        while (!signal.aborted) {
          const next = changes.shift();
          if (next !== undefined) yield next;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
        watchers--;
      },
    },
  } as unknown as Store;
  return { store, tell: (change: Change) => tell(change), watchers: () => watchers };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const event = (id: number): Change => ({
  jobId: 1,
  event: { id, jobId: 1, name: `n${id}`, at: new Date(0), actor: null, data: {} },
});
const progress = (processed: number) => ({ jobId: 1, progress: { processed } }) as unknown as Change;

describe("those who follow", () => {
  it("are told of an import that was deleted while nobody could say so, with the next heartbeat", async () => {
    const { store } = toldStore();
    store.archive.missing = async (ids) => [...ids];
    const feed = new EventFeed(store, { heartbeatMs: 1 });
    const reader = feed.follow({ jobId: 1, ...everything, afterId: 0 }).getReader();
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      text += new TextDecoder().decode(value);
    }
    expect(text).toContain('event: deleted\ndata: {"jobId":1}');
    expect(feed.followers).toBe(0);
  });

  const everything = { filter: {}, sees: async () => true, seesAll: true, language: "en" as const };

  it("share one subscription, which ends with the last of them", async () => {
    const { store, tell, watchers } = toldStore();
    const feed = new EventFeed(store);
    const readers = Array.from({ length: 1000 }, () =>
      feed.follow({ jobId: 1, ...everything, afterId: 0 }).getReader(),
    );
    const greetings = await Promise.all(readers.map((reader) => reader.read()));
    expect(new Set(greetings.map(({ value }) => new TextDecoder().decode(value)))).toEqual(
      new Set(["retry: 2000\n\n"]),
    );
    expect([watchers(), feed.followers]).toEqual([1, 1000]);
    const next = readers.map((reader) => reader.read());
    tell(event(1));
    const pieces = await Promise.all(next);
    // Written once: everyone gets the very same bytes.
    expect(new Set(pieces.map(({ value }) => value)).size).toBe(1);
    for (const reader of readers) await reader.cancel();
    await settled();
    expect([watchers(), feed.followers]).toEqual([0, 0]);
  });

  it("get every event but only the newest progress, where they are slow", async () => {
    const { store, tell } = toldStore();
    const feed = new EventFeed(store);
    const reader = feed.follow({ jobId: 1, ...everything, afterId: 0 }).getReader();
    await reader.read();
    for (let k = 1; k <= 50; k++) {
      tell(progress(k));
      if (k % 25 === 0) tell(event(k));
    }
    await settled();
    await settled();
    const text = new TextDecoder().decode((await reader.read()).value);
    expect(text.match(/^id: \d+$/gm)).toEqual(["id: 25", "id: 50"]);
    expect(text.match(/"processed":\d+/g)).toEqual(['"processed":50']);
    feed.close();
    expect((await reader.read()).done).toBe(true);
  });

  it("hear of progress the more rarely the more they are, the newest of it before whatever happens next", async () => {
    const { store, tell } = toldStore();
    const feed = new EventFeed(store);
    const readers = Array.from({ length: 1000 }, () =>
      feed.follow({ jobId: 1, ...everything, afterId: 0 }).getReader(),
    );
    await Promise.all(readers.map((reader) => reader.read()));
    const [reader] = readers;
    let text = "";
    const reading = (async () => {
      while (!text.includes("id: 1\n")) text += new TextDecoder().decode((await reader.read()).value);
    })();
    for (let k = 1; k <= 20; k++) {
      tell(progress(k));
      await settled();
    }
    tell(event(1));
    await reading;
    expect(text.match(/"processed":\d+|id: \d+/g)).toEqual(['"processed":1', '"processed":20', "id: 1"]);
    feed.close();
  });

  it("are sent away when they do not read at all, so that they hold no memory", async () => {
    const { store, tell } = toldStore();
    const feed = new EventFeed(store);
    const reader = feed.follow({ jobId: 1, ...everything, afterId: 0 }).getReader();
    await reader.read();
    for (let k = 1; k <= 1500; k++) tell(event(k));
    for (let k = 0; k < 3000 && feed.followers > 0; k++) await settled();
    expect(feed.followers).toBe(0);
    const text = new TextDecoder().decode((await reader.read()).value);
    expect(text.match(/^id: /gm)?.length).toBeLessThan(1100);
    expect((await reader.read()).done).toBe(true);
  });
});

/** Does it one time after the other until it is stopped. */
function tellAgain(tell: () => Promise<unknown>): () => Promise<void> {
  let stopped = false;
  const telling = (async () => {
    while (!stopped) await tell();
  })();
  return async () => {
    stopped = true;
    await telling;
  };
}
