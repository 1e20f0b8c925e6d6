/** A queue that calls by HTTP: signed requests, one slice each, until the import is through; what gets lost is found by a sweep. */
import { createHmac } from "node:crypto";
import { expect, it, onTestFinished } from "vitest";
import { pushQueue } from "../../src/core/push-queue.ts";
import type { QueueOpener, Task } from "../../src/core/queue.ts";
import type { SinkMessage } from "../../src/core/sink.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { createApp, createWorker, type ProgramWorker } from "../../src/program/index.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { leadsCsv } from "./open-workers.ts";

interface Provider {
  open: QueueOpener;
  /** What is published and not posted yet; one for each key. */
  waiting: Map<string, string>;
  /** Posts what waits, and what that publishes, to the worker until nothing does; returns the answers. */
  postAll(worker: ProgramWorker): Promise<{ status: number; task?: Task; outcome?: unknown }[]>;
}

const sign = (body: string): string => createHmac("sha256", "secret of the test").update(body).digest("hex");

function post(worker: ProgramWorker, body: string, signature = sign(body)): Promise<Response> {
  const headers = { "x-signature": signature };
  return worker.receive(new Request("https://app.example/tasks", { method: "POST", body, headers }));
}

/** No provider can be had in a test; this one signs as they do, and posts each task once. */
function provider(): Provider {
  const waiting = new Map<string, string>();
  return {
    waiting,
    open: () =>
      pushQueue({
        async publish(body, { key }) {
          waiting.set(key, body);
        },
        async verify(request) {
          const body = await request.text();
          return request.headers.get("x-signature") === sign(body) ? body : null;
        },
      }),
    async postAll(worker) {
      const answers = [];
      for (let [next] = waiting; next !== undefined; [next] = waiting) {
        waiting.delete(next[0]);
        const answer = await post(worker, next[1]);
        answers.push({ status: answer.status, ...((await answer.json()) as object) });
      }
      return answers;
    },
  };
}

async function openBoth({ sinks = [] as Parameters<typeof createWorker>[0]["sinks"] } = {}) {
  const { url, database } = await freshDatabase();
  const { open, waiting, postAll } = provider();
  const shared = {
    databaseUrl: url,
    dataDir: await freshFolder(),
    importers: [leads],
    queue: open,
    chunkRows: 500,
    batchBytes: 65_536,
    sliceSeconds: 1,
    logLevel: "silent",
  };
  const app = createApp({ ...shared, authenticate: async () => ({ id: "ann", name: "Ann", role: "admin" }) });
  onTestFinished(() => app.close());
  const worker = createWorker({ ...shared, sinks });
  onTestFinished(() => worker.close());
  const bring = async (text: string): Promise<void> => {
    const form = new FormData();
    form.set("import", JSON.stringify({ importer: "leads", start: true, options: { autoCommit: true } }));
    form.set("file", new File([text], "leads.csv"));
    const made = await app.fetch(new Request("http://x.example/api/v1/imports", { method: "POST", body: form }));
    expect(made.status).toBe(202);
  };
  const leadsIn = async (): Promise<number> =>
    (await database.pool.query("select count(*)::int as n from leads")).rows[0].n;
  return { app, worker, bring, leadsIn, waiting, postAll, database, shared };
}

it("imports a file request by request, and tells sinks in requests of their own", async () => {
  const told: SinkMessage[] = [];
  const sink = {
    name: "hook",
    topics: ["import.completed"] as const,
    async deliver(messages: readonly SinkMessage[]) {
      told.push(...messages);
    },
  };
  const { worker, bring, leadsIn, postAll, app } = await openBoth({ sinks: [sink] });
  // Registers its sinks, as the first request of a deployed worker does.
  expect((await post(worker, JSON.stringify({ task: { kind: "sweep" } }))).status).toBe(200);
  await bring(leadsCsv(20_000));
  const answers = await postAll(worker);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(answers.at(-1)).toMatchObject({ task: { kind: "deliver", sink: "hook" }, outcome: "done" });
  expect(await leadsIn()).toBe(20_000);
  expect(told.map(({ topic, importId }) => [topic, importId])).toEqual([["import.completed", 1]]);
  const queue = await app.fetch(new Request("http://x.example/api/v1/queue"));
  expect(await queue.json()).toMatchObject({ deliveries: null, sinks: [{ name: "hook", waiting: 0 }] });
});

it("finds by a sweep what the provider has lost", async () => {
  const { worker, bring, leadsIn, waiting, postAll, database } = await openBoth();
  await bring(leadsCsv(10));
  waiting.clear();
  await database.pool.query("update sluice.import_jobs set updated_at = now() - interval '1 minute'");
  expect((await post(worker, JSON.stringify({ task: { kind: "sweep" } }))).status).toBe(200);
  await postAll(worker);
  expect(await leadsIn()).toBe(10);
});

it.each([
  ["that nobody has signed", JSON.stringify({ task: { kind: "sweep" } }), "", 401],
  ["with a task of a newer version", JSON.stringify({ task: { kind: "mirror" } }), undefined, 503],
  ["that is no task at all", "<html>", undefined, 503],
  ["for a sink that it does not have", JSON.stringify({ task: { kind: "deliver", sink: "crm" } }), undefined, 500],
  ["for an import that is gone", JSON.stringify({ task: { kind: "import", importId: 99 } }), undefined, 200],
])("answers a request %s", async (_, body, signature, status) => {
  const { worker } = await openBoth();
  expect((await post(worker, body, signature)).status).toBe(status);
});

it("does a task that is posted twice at the same moment once", async () => {
  const { worker, bring, leadsIn, waiting, postAll } = await openBoth();
  await bring(leadsCsv(5000));
  const [body] = waiting.values();
  await Promise.all([post(worker, body), post(worker, body), post(worker, body)]);
  await postAll(worker);
  expect(await leadsIn()).toBe(5000);
});

it("hands on what is under way when it is closed in the middle of a request", async () => {
  const { worker, bring, leadsIn, waiting, postAll, shared } = await openBoth();
  await bring(leadsCsv(30_000));
  const [[key, body]] = waiting;
  waiting.delete(key);
  let answer = post(worker, body);
  /** A request that is over before the first lead is in has handed on what is left. */
  const leadsSoFar = (): Promise<number> => {
    if (waiting.delete(key)) answer = post(worker, body);
    return leadsIn();
  };
  await expect.poll(leadsSoFar, { interval: 5 }).toBeGreaterThan(0);
  await worker.close();
  expect((await answer).status).toBe(200);
  expect([...waiting.keys()]).toEqual([key]);
  const next = createWorker({ ...shared });
  onTestFinished(() => next.close());
  await postAll(next);
  expect(await leadsIn()).toBe(30_000);
});

it("says which way round a queue works to who takes it for the other", async () => {
  const { worker } = await openBoth();
  await expect(worker.run()).rejects.toThrow("This queue calls its worker by HTTP");
  const { url } = await freshDatabase();
  const asking = createWorker({
    databaseUrl: url,
    dataDir: await freshFolder(),
    importers: [leads],
    logLevel: "silent",
  });
  onTestFinished(() => asking.close());
  await expect(post(asking, "{}")).rejects.toThrow("createWorker cannot work here. QSTASH_TOKEN is not set");
});
