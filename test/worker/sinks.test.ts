/** Sinks: told at least once of what happens to imports and to records, in each import's order, whatever dies or fails. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import type { Sink, SinkMessage, Topic } from "../../src/core/sink.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { createApp, createWorker, importFile } from "../../src/program/index.ts";
import { freshFolder, startCli } from "../run-cli.ts";
import { leadsCsv, type OpenWorkers, openWorkers } from "./open-workers.ts";

interface Heard {
  sink: Sink;
  messages: SinkMessage[];
  /** `topic` of each message, with the import's id. */
  told(): string[];
}

/** A sink that takes messages in unless `refuse` throws. */
function hearing(name: string, topics: Topic[], refuse: (message: SinkMessage) => void = () => {}): Heard {
  const messages: SinkMessage[] = [];
  return {
    messages,
    told: () => messages.map(({ topic, importId }) => `${topic} ${importId}`),
    sink: {
      name,
      topics,
      async deliver(batch) {
        for (const message of batch) refuse(message);
        messages.push(...batch);
      },
    },
  };
}

function startWorker({ url, folder }: OpenWorkers, sinks: Sink[], events: { name: string }[] = []): Promise<void> {
  const worker = createWorker({
    databaseUrl: url,
    dataDir: folder,
    importers: [leads],
    sinks,
    chunkRows: 100,
    logLevel: "silent",
    onEvent: (event) => events.push(event),
  });
  const working = worker.run();
  onTestFinished(() => worker.close());
  return working;
}

it("tells a worker's sink of an import, its chunks and its undo, in their order, with the records", async () => {
  const opened = await openWorkers({ workers: 0 });
  const { sink, messages, told } = hearing("search", [
    "import.created",
    "import.completed",
    "chunk.committed",
    "chunk.undone",
    "import.undone",
  ]);
  // The server has no sink: what it writes for those of workers depends on their being registered.
  startWorker(opened, [sink]);
  await expect.poll(() => opened.rows("select name from sluice.sinks")).toEqual([{ name: "search" }]);
  const { id } = await opened.begin(leadsCsv(250));
  await opened.reaches(id, "completed");
  await expect
    .poll(told)
    .toEqual([
      `import.created ${id}`,
      `chunk.committed ${id}`,
      `chunk.committed ${id}`,
      `chunk.committed ${id}`,
      `import.completed ${id}`,
    ]);
  expect(messages[0]).toEqual({
    key: expect.stringMatching(/^[0-9a-f-]{36}$/),
    topic: "import.created",
    at: expect.any(Date),
    importId: id,
    importer: "leads",
    fileName: "test.csv",
    target: "public.leads",
    context: {},
    user: "tester",
    attempt: 1,
    data: { actor: "tester", importer: "leads", fileName: "test.csv" },
  });
  expect(messages[4].data).toMatchObject({ from: "committing", phase: "commit" });
  const written = messages.slice(1, 4).flatMap(({ data }) => data.created as string[]);
  const records = await opened.rows<{ id: string }>("select id::text from leads order by leads.id");
  expect(written.toSorted((a, b) => Number(a) - Number(b))).toEqual(records.map((record) => record.id));
  expect(new Set(messages.map(({ key }) => key)).size).toBe(5);

  await opened.server.engine.undo(id);
  await opened.reaches(id, "undone").catch(() => {});
  await expect
    .poll(() => told().slice(5))
    .toEqual([`chunk.undone ${id}`, `chunk.undone ${id}`, `chunk.undone ${id}`, `import.undone ${id}`]);
  expect(
    messages
      .slice(5, 8)
      .flatMap(({ data }) => data.created as string[])
      .toSorted(),
  ).toEqual(written.toSorted());
  expect(await opened.rows("select count(*)::int as left from sluice.outbox where done_at is null")).toEqual([
    { left: 0 },
  ]);
});

it("tells of the records that a chunk updated", async () => {
  const opened = await openWorkers({ workers: 0 });
  const { sink, messages } = hearing("search", ["chunk.committed"]);
  startWorker(opened, [sink]);
  const first = await opened.begin(leadsCsv(3));
  await opened.reaches(first.id, "completed");
  const { id } = await opened.begin("email,first_name\nlead1@x.fr,Other\nnew@x.fr,New\n", { strategy: "update" });
  await opened.reaches(id, "completed");
  const [updated, created] = await opened.rows<{ id: string }>(
    "select id::text from leads where email in ('lead1@x.fr', 'new@x.fr') order by leads.id",
  );
  await expect
    .poll(() => messages.find(({ importId }) => importId === id)?.data)
    .toMatchObject({
      created: [created.id],
      updated: [updated.id],
    });
});

it("writes nothing where nobody is registered, and nothing of a dry run", async () => {
  const opened = await openWorkers();
  const { id } = await opened.begin(leadsCsv(3));
  await opened.reaches(id, "completed");
  expect(await opened.rows("select count(*)::int as n from sluice.outbox")).toEqual([{ n: 0 }]);
  const { sink, told } = hearing("all", ["import.created", "import.ready"]);
  const options = { databaseUrl: opened.url, dataDir: opened.folder, logLevel: "silent", sinks: [sink] };
  await importFile(leads, Buffer.from(leadsCsv(3, "dry")), { ...options, dryRun: true, fileName: "dry.csv" });
  expect(told()).toEqual([]);
});

it("tells a command's sink before the command ends", async () => {
  const { url } = await openWorkers({ workers: 0 });
  const { sink, told } = hearing("hook", ["import.completed"]);
  const options = { databaseUrl: url, dataDir: await freshFolder(), logLevel: "silent", sinks: [sink] };
  const { id } = await importFile(leads, Buffer.from(leadsCsv(3)), { ...options, fileName: "leads.csv" });
  expect(told()).toEqual([`import.completed ${id}`]);
});

it("delivers again what fails, with its key, before anything later of that import, and holds up no other import", async () => {
  const opened = await openWorkers({ workers: 0 });
  let fails = true;
  const refused: string[] = [];
  const topics: Topic[] = ["import.queued", "import.completed"];
  const { sink, messages, told } = hearing("hook", topics, ({ importId, key }) => {
    if (!fails || importId !== 1) return;
    refused.push(key);
    throw new Error("503 from the receiver");
  });
  const events: { name: string }[] = [];
  startWorker(opened, [sink], events);
  await expect.poll(() => opened.rows("select name from sluice.sinks")).toHaveLength(1);
  const first = await opened.begin(leadsCsv(3));
  await opened.reaches(first.id, "completed");
  await expect.poll(() => refused.length).toBeGreaterThanOrEqual(1);
  const second = await opened.begin(leadsCsv(3, "second"));
  await opened.reaches(second.id, "completed");
  await expect.poll(told).toEqual(["import.queued 2", "import.queued 2", "import.completed 2"]);
  expect(events).toContainEqual(
    expect.objectContaining({ name: "sink.failed", sink: "hook", reason: "503 from the receiver" }),
  );
  const standing = await opened.server.outbox.standing();
  expect(standing).toMatchObject([{ name: "hook", topics, waiting: 3, dead: 0, error: "503 from the receiver" }]);
  fails = false;
  await opened.rows("update sluice.outbox set next_at = now()");
  await expect.poll(() => told().slice(3)).toEqual(["import.queued 1", "import.queued 1", "import.completed 1"]);
  expect(messages[3].key).toBe(refused[0]);
  expect(messages[3].attempt).toBeGreaterThan(1);
});

it("notes why a delivery failed, whatever characters are in that", async () => {
  const { server, rows } = await openWorkers({ workers: 0 });
  await server.outbox.register([hearing("hook", ["import.queued"]).sink]);
  await rows("insert into sluice.outbox (sink, topic, job_id, payload) values ('hook', 'import.queued', 1, '{}')");
  const messages = await server.outbox.claim("hook", 10);
  expect(await server.outbox.failed(messages, "It said \0 and \ud800.", { attempts: 1, firstSeconds: 5 })).toBe(1);
  expect(await rows("select error, is_dead from sluice.outbox")).toEqual([
    { error: "It said \ufffd and \ufffd.", is_dead: true },
  ]);
});

it("gives a message up after ten attempts, keeps it, goes on with the next, and puts it in again when it is asked to", async () => {
  const opened = await openWorkers({ workers: 0 });
  let fails = true;
  const { sink, told } = hearing("hook", ["import.queued", "import.completed"], ({ topic }) => {
    if (fails && topic === "import.queued") throw new Error("no such receiver");
  });
  startWorker(opened, [sink]);
  await expect.poll(() => opened.rows("select name from sluice.sinks")).toHaveLength(1);
  const { id } = await opened.begin(leadsCsv(3));
  await opened.reaches(id, "completed");
  const app = createApp({
    databaseUrl: opened.url,
    dataDir: opened.folder,
    importers: [leads],
    logLevel: "silent",
    authenticate: async () => ({ id: "ann", name: "Ann", role: "admin" }),
  });
  onTestFinished(() => app.close());
  const ask = async (method: string, path: string): Promise<Record<string, unknown>> =>
    (await app.fetch(new Request(`http://x.example/api/v1${path}`, { method }))).json() as Promise<
      Record<string, unknown>
    >;
  const hurry = async (): Promise<unknown> => {
    await opened.rows("update sluice.outbox set next_at = now() where done_at is null");
    return (await ask("GET", "/queue")).sinks;
  };
  const name = {
    ...{ name: "hook", topics: ["import.queued", "import.completed"] },
    ...{ importer: null, state: "working", rebuild: null },
  };
  await expect
    .poll(hurry, { timeout: 60_000 })
    .toEqual([{ ...name, waiting: 0, dead: 2, oldestSeconds: 0, error: "no such receiver" }]);
  await expect.poll(told).toEqual([`import.completed ${id}`]);
  expect(await opened.rows("select topic, attempts from sluice.outbox where is_dead")).toEqual([
    { topic: "import.queued", attempts: 10 },
    { topic: "import.queued", attempts: 10 },
  ]);
  fails = false;
  expect(await ask("POST", "/queue/redrive")).toEqual({ deliveries: 2 });
  await expect.poll(() => told().length).toBe(3);
  await expect.poll(hurry).toEqual([{ ...name, waiting: 0, dead: 0, oldestSeconds: 0, error: null }]);
});

it.each<[unknown, string]>([
  [{}, "`sinks` must be a list"],
  [[null], "a sink must be an object"],
  [[{ name: "My Sink" }], `a sink's \`name\` must be small letters, digits and hyphens, at most 40: "My Sink" is not.`],
  [[{ name: "hook", topics: [] }], 'the sink "hook" needs `topics`'],
  [[{ name: "hook", topics: ["import.done"] }], 'the sink "hook" asks for "import.done". There is: import.created'],
  [[{ name: "hook", topics: ["import.failed"] }], 'the sink "hook" needs `deliver`'],
  [Array(2).fill(hearing("hook", ["import.failed"]).sink), 'two sinks are called "hook"'],
])("refuses %j at once", (sinks, problem) => {
  const options = { databaseUrl: "postgres://x@127.0.0.1/x", importers: [leads], sinks: sinks as Sink[] };
  expect(() => createWorker(options)).toThrow(`createWorker: ${problem}`);
});

it("forgets what was delivered long ago, and a sink that nobody has had for long with its messages", async () => {
  const opened = await openWorkers({ workers: 0 });
  const { sink, told } = hearing("hook", ["import.created"]);
  startWorker(opened, [sink]);
  await expect.poll(() => opened.rows("select name from sluice.sinks")).toHaveLength(1);
  for (const name of ["a", "b", "c"]) await opened.create(leadsCsv(1, name));
  await expect.poll(() => told().length).toBe(3);
  await expect.poll(() => opened.rows("select id from sluice.outbox where done_at is null")).toEqual([]);
  await opened.rows(`update sluice.outbox set is_dead = id = 2, done_at = now() - interval '8 days' where id <> 3`);
  await opened.rows(
    `insert into sluice.sinks (name, topics, seen_at) values ('gone', '{import.created}', now() - interval '31 days')`,
  );
  await opened.server.engine.sweep({ stagingMs: 1e9, filesMs: 1e9, jobsMs: null });
  expect(await opened.rows("select id::int from sluice.outbox order by outbox.id")).toEqual([{ id: 2 }, { id: 3 }]);
  expect(await opened.rows("select name from sluice.sinks")).toEqual([{ name: "hook" }]);
});

it("delivers again what a worker had delivered that was killed before it could note it", async () => {
  const opened = await openWorkers({ workers: 0 });
  const heard = join(await freshFolder(), "heard");
  const script = fileURLToPath(new URL("dying-sink.ts", import.meta.url));
  const dying = startCli([opened.url, opened.folder, heard], { cwd: opened.folder, script });
  await expect.poll(() => opened.rows("select name from sluice.sinks")).toHaveLength(1);
  const { id } = await opened.begin(leadsCsv(3));
  expect((await dying.ended).signal).toBe("SIGKILL");
  const [line] = (await readFile(heard, "utf8")).split("\n");
  const { sink, messages } = hearing("mail", ["import.completed"]);
  startWorker(opened, [sink]);
  await expect.poll(() => messages.map(({ key, importId }) => `${key} ${importId}`)).toEqual([line]);
  expect(messages[0]).toMatchObject({ importId: id, attempt: 2 });
});

it("delivers each message once where several workers have the sink, one import's never at the same time", async () => {
  const opened = await openWorkers({ workers: 0 });
  const underWay = new Set<number>();
  const clashes: number[] = [];
  const keys: string[] = [];
  const slow: Sink = {
    name: "slow",
    topics: ["import.queued", "import.ready", "import.completed", "chunk.committed"],
    async deliver(messages) {
      const imports = new Set(messages.map(({ importId }) => importId));
      for (const id of imports) if (underWay.has(id)) clashes.push(id);
      for (const id of imports) underWay.add(id);
      await opened.rows("select pg_sleep(0.05)");
      keys.push(...messages.map(({ key }) => key));
      for (const id of imports) underWay.delete(id);
    },
  };
  for (let k = 0; k < 3; k++) startWorker(opened, [slow]);
  await expect.poll(() => opened.rows("select name from sluice.sinks")).toHaveLength(1);
  const jobs = [];
  for (let k = 0; k < 5; k++) jobs.push(await opened.begin(leadsCsv(250, `file${k}-`)));
  for (const { id } of jobs) await opened.reaches(id, "completed");
  await expect.poll(() => keys.length, { timeout: 20_000 }).toBe(5 * (2 + 1 + 3 + 1));
  expect(new Set(keys).size).toBe(keys.length);
  expect(clashes).toEqual([]);
});
