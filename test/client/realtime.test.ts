/**
 * An import followed by Supabase's Realtime. Realtime itself cannot run here (Elixir, with a cluster of its own): in its place the table
 * is read as the role of the reader, which is what its `apply_rls` does for each change: only rows that the policy lets through, only
 * columns that the role has a right to.
 */
import { expect, it, onTestFinished } from "vitest";
import { type Change, createClient } from "../../src/client/index.ts";
import type { RealtimeSource } from "../../src/client/realtime-source.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { followedColumns, jobsPart, rolePart } from "../../src/postgres/supabase/job-policies.ts";
import { temporaryFunctions } from "../../src/postgres/supabase/temporary-functions.ts";
import { type OpenApp, openApp } from "../http/open-app.ts";
import { makeProject } from "../supabase-project.ts";

interface Follow {
  id: number;
  onRow: (payload: { new: unknown }) => void;
  onStatus: (status: string) => void;
  onSystem: (payload: { extension: string; status: string }) => void;
}

/** As `sub`: each change is handed on when `tell` is called. */
function standIn({ database }: OpenApp, sub: string, opens = "SUBSCRIBED") {
  const open = new Map<object, Follow>();
  const source: RealtimeSource = {
    channel() {
      const follow: Partial<Follow> = {};
      const channel = {
        on(type: string, { schema, table, filter }: Record<string, string>, onTold: (payload: never) => void) {
          if (type === "system") {
            follow.onSystem = onTold as Follow["onSystem"];
            return channel;
          }
          const onRow = onTold as Follow["onRow"];
          expect([type, schema, table]).toEqual(["postgres_changes", "sluice", "import_jobs"]);
          Object.assign(follow, { id: Number(/^id=eq\.(\d+)$/.exec(filter)?.[1]), onRow });
          return channel;
        },
        subscribe(onStatus: Follow["onStatus"]) {
          open.set(channel, { ...(follow as Follow), onStatus });
          queueMicrotask(() => onStatus(opens));
          return channel;
        },
      };
      return channel;
    },
    removeChannel(channel) {
      open.delete(channel);
    },
  };
  return {
    source,
    open,
    async tell(): Promise<number> {
      let told = 0;
      for (const { id, onRow } of open.values()) {
        const [row] = await database.transaction(async (session) => {
          await session.text("set local role authenticated");
          await session.text("select set_config('request.jwt.claims', $1, true)", [JSON.stringify({ sub })]);
          return (
            await session.text(
              `select to_jsonb(r) as row from (select ${followedColumns.join(", ")} from sluice.import_jobs where id = ${id}) r`,
            )
          ).rows;
        });
        if (row === undefined) continue;
        onRow({ new: row.row });
        told++;
      }
      return told;
    },
  };
}

const uuid = "aaaaaaaa-0000-4000-8000-000000000000";

async function openProject() {
  const app = await openApp(undefined, "", { authenticate: async () => ({ id: uuid, name: "Ann", role: "user" }) });
  await makeProject(app.database);
  for (const part of [temporaryFunctions, rolePart, jobsPart])
    await app.database.session((session) => session.text(part));
  const uploadId = await app.upload("email\nann@example.com\n");
  const { json } = await app.call("POST", "/imports", { uploadId, importer: "leads" });
  const asked: string[] = [];
  const clientBy = (realtime: RealtimeSource) =>
    createClient({
      baseUrl: "http://sluice.test",
      realtime,
      fetch: (input, init) => {
        const request = new Request(input, init);
        asked.push(
          `${request.headers.get("accept") === "text/event-stream" ? "stream" : request.method} ${new URL(request.url).pathname}`,
        );
        return app.app.fetch(request);
      },
    });
  return { app, id: json.id as number, asked, clientBy };
}

/** The changes as they come, until the reader is told to stop. */
function follow(changes: AsyncGenerator<Change>, stop: AbortController): Change[] {
  const seen: Change[] = [];
  void (async () => {
    for await (const change of changes) seen.push(change);
  })().catch(() => {});
  onTestFinished(() => stop.abort());
  return seen;
}

const names = (changes: readonly Change[]): string[] =>
  changes.flatMap((change) => (change.type === "event" ? [change.event.name] : []));

it("follows an import's status and progress by rows, and holds no stream open", async () => {
  const { app, id, asked, clientBy } = await openProject();
  const realtime = standIn(app, uuid);
  const stop = new AbortController();
  const seen = follow(clientBy(realtime.source).imports.watch(id, { signal: stop.signal }), stop);
  await expect.poll(() => names(seen)).toEqual(["import.created"]);
  await app.engine.start(id, uuid);
  await realtime.tell();
  await expect.poll(() => names(seen)).toContain("import.queued");
  await app.work(id);
  await realtime.tell();
  await expect.poll(() => names(seen)).toContain("import.ready");
  const done = {
    phase: "parse",
    step: "reading",
    processed: 1,
    total: 1,
    percent: 100,
    rowsPerSecond: null,
    etaSeconds: null,
  } as const;
  await app.store.progress.write(id, done, true);
  await realtime.tell();
  await expect
    .poll(() => seen.filter((change) => change.type === "progress").at(-1))
    .toMatchObject({ progress: { percent: 100, current_step: "reading" } });
  const events = seen.flatMap((change) => (change.type === "event" ? [change.event.id] : []));
  expect(events).toEqual([...new Set(events)].sort((a, b) => a - b));
  expect(asked.filter((each) => each.startsWith("stream"))).toEqual([]);
  stop.abort();
  await expect.poll(() => realtime.open.size).toBe(0);
});

it("tells another person nothing", async () => {
  const { app, clientBy, id } = await openProject();
  const realtime = standIn(app, uuid.replaceAll("a", "b"));
  const stop = new AbortController();
  const seen = follow(clientBy(realtime.source).imports.watch(id, { signal: stop.signal }), stop);
  await expect.poll(() => seen.length).toBeGreaterThan(0);
  expect(await realtime.tell()).toBe(0);
});

it("follows the server's stream where the channel does not open", async () => {
  const { app, asked, clientBy, id } = await openProject();
  const realtime = standIn(app, uuid, "CHANNEL_ERROR");
  const stop = new AbortController();
  const seen = follow(clientBy(realtime.source).imports.watch(id, { signal: stop.signal }), stop);
  await expect.poll(() => names(seen)).toEqual(["import.created"]);
  expect(asked).toContain(`stream /api/v1/imports/${id}/events`);
  await app.engine.start(id, uuid);
  await expect.poll(() => names(seen)).toContain("import.queued");
});

it("asks for what happened before changes came, which is later than the channel opened", async () => {
  const { app, asked, clientBy, id } = await openProject();
  const realtime = standIn(app, uuid);
  const stop = new AbortController();
  const seen = follow(clientBy(realtime.source).imports.watch(id, { signal: stop.signal }), stop);
  await expect.poll(() => names(seen)).toEqual(["import.created"]);
  await app.engine.start(id, uuid);
  // Of another part of Realtime nothing follows.
  for (const extension of ["broadcast", "postgres_changes"])
    for (const { onSystem } of realtime.open.values()) onSystem({ extension, status: "ok" });
  await expect.poll(() => names(seen)).toContain("import.queued");
  expect(asked.filter((each) => each.startsWith("stream"))).toEqual([]);
});

it("follows the server's stream where the channel opened and no changes will come", async () => {
  const { app, asked, clientBy, id } = await openProject();
  const realtime = standIn(app, uuid);
  const stop = new AbortController();
  const seen = follow(clientBy(realtime.source).imports.watch(id, { signal: stop.signal }), stop);
  await expect.poll(() => names(seen)).toEqual(["import.created"]);
  for (const { onSystem } of realtime.open.values()) onSystem({ extension: "postgres_changes", status: "error" });
  await expect.poll(() => asked).toContain(`stream /api/v1/imports/${id}/events`);
  expect(realtime.open.size).toBe(0);
  await app.engine.start(id, uuid);
  await expect.poll(() => names(seen)).toContain("import.queued");
});

it("writes what Realtime hands on once a second at most, in the import's own language", async () => {
  const { app, id } = await openProject();
  await app.engine.start(id, uuid);
  const reading = {
    phase: "parse",
    step: "reading",
    total: null,
    percent: 1,
    rowsPerSecond: null,
    etaSeconds: null,
  } as const;
  await app.store.progress.write(id, { ...reading, processed: 1 }, false);
  await app.database.query(sql`update sluice.import_jobs set progress_at = clock_timestamp()`);
  expect(await app.store.progress.write(id, { ...reading, processed: 2 }, false)).toBe(false);
  expect(
    await app.database.query(sql`select current_step, counts ->> 'invalid' as invalid from sluice.import_jobs`),
  ).toEqual([{ current_step: "reading", invalid: "0" }]);
});
