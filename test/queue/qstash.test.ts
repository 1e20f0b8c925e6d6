/** Imports woken by QStash: a slice for each delivery, whatever is doubled, late, lost or refused on the way. */
import { expect, it, onTestFinished, vi } from "vitest";
import { leads } from "../../src/importers/leads/leads.ts";
import { createApp, createWorker, type ProgramWorker } from "../../src/program/index.ts";
import { freshDatabase } from "../fresh-database.ts";
import { type Message, sign } from "../qstash-deliverer.ts";
import { freshFolder } from "../run-cli.ts";
import { leadsCsv } from "../worker/open-workers.ts";
import { message, openCalled, openQstash, outcomes, tasks } from "./open-qstash.ts";

it("imports a file slice by slice, each published by the one before", async () => {
  // Every request is over at its first checkpoint.
  const { bring, deliverer, statusOf, count, get } = await openQstash({
    settings: { workSeconds: 1, sliceSeconds: 1 },
  });
  const id = await bring(leadsCsv(10_000));
  await expect.poll(() => statusOf(id)).toBe("completed");
  await expect.poll(() => deliverer.isIdle).toBe(true);
  expect(await count()).toBe(10_000);
  expect(new Set(outcomes(deliverer).map(({ status }) => status))).toEqual(new Set([200]));
  const [first] = deliverer.published;
  expect(first.url).toBe(`${tasks}/parse`);
  expect(Object.fromEntries(first.headers)).toMatchObject({
    authorization: "Bearer token-of-this-test",
    "upstash-retries": "3",
    "upstash-flow-control-key": expect.stringMatching(/^sluice-[0-9a-f]{10}-import-1$/),
    "upstash-flow-control-value": "parallelism=3",
    "upstash-deduplication-id": expect.stringMatching(/^sluice-[0-9a-f]{10}-import-1-parse-[0-9a-f]{8}-0-0-0$/),
    "upstash-failure-callback": `${tasks}/dead-letter`,
  });
  expect(deliverer.published.filter(({ deduplicated }) => deduplicated)).toEqual([]);
  expect(await get("/queue")).toMatchObject({ deliveries: { waiting: 0, active: 0, dead: 0 } });
});

it("goes through parse, commit and error-report, each with its retries", async () => {
  let called: Awaited<ReturnType<typeof openCalled>> | undefined;
  const opened = await openQstash({
    between: async (request) => (called as NonNullable<typeof called>).receive(request),
  });
  // Every slice is over at its first checkpoint.
  called = await openCalled(opened, { sliceSeconds: 0 });
  const { bring, deliverer, statusOf, count, get } = opened;
  const id = await bring(`${leadsCsv(3000)}no mail,Nobody,Lyon\n`);
  await expect.poll(() => statusOf(id)).toBe("completed");
  await expect.poll(() => deliverer.isIdle).toBe(true);
  expect(await count()).toBe(3000);
  expect(await get(`/imports/${id}`)).toMatchObject({ counts: { created: 3000, invalid: 1, failed: 0 } });
  const steps = deliverer.published.map(({ url, headers }) =>
    [url.split("/").at(-1), headers.get("upstash-retries")].join(),
  );
  expect([...new Set(steps)]).toEqual(["parse,3", "commit,3", "error-report,2"]);
  expect(steps.filter((step) => step.startsWith("commit")).length).toBeGreaterThan(2);
  expect(deliverer.mostAtOnce(/import/)).toBeLessThanOrEqual(3);
  // What shares the commit is published once, however many slices there are.
  const ids = deliverer.published.map(({ headers }) => headers.get("upstash-deduplication-id"));
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(outcomes(deliverer).map(({ status }) => status))).toEqual(new Set([200]));
});

it("has one effect of each message, however often, late or disorderly it is delivered", async () => {
  let seed = 7;
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const old: Message[] = [];
  const { bring, deliverer, count, statusOf } = await openQstash({
    settings: { workSeconds: 1 },
    async mischief(each, deliver) {
      old.push(each);
      const late = [each, ...(random() < 0.5 ? [each] : []), old[Math.floor(random() * old.length)]];
      if (random() < 0.3) await new Promise((resolve) => setTimeout(resolve, 20 * random()));
      await Promise.all(late.sort(() => random() - 0.5).map(deliver));
      if (random() < 0.5) await deliver(each);
    },
  });
  const ids: number[] = [];
  for (let k = 0; k < 10; k++) ids.push(await bring(leadsCsv(40, `file${k}-`)));
  for (const id of ids) await expect.poll(() => statusOf(id)).toBe("completed");
  await expect.poll(() => deliverer.isIdle).toBe(true);
  expect(await count()).toBe(400);
  const effects = new Map<string, number>();
  for (const { messageId, status, answer } of deliverer.deliveries) {
    expect(status).toBe(200);
    const { outcome } = JSON.parse(answer) as { outcome: unknown };
    if (outcome !== "replayed" && outcome !== "under_way") effects.set(messageId, (effects.get(messageId) ?? 0) + 1);
  }
  expect(deliverer.deliveries.length).toBeGreaterThan(effects.size);
  expect(new Set(effects.values())).toEqual(new Set([1]));
  // No chain has become two.
  const published = deliverer.published.map(({ headers }) => headers.get("upstash-deduplication-id"));
  expect(new Set(published).size).toBe(published.length);
});

it("is tried again with QStash's delays, and then imports", async () => {
  let refusals = 2;
  const { bring, deliverer, statusOf } = await openQstash({
    speed: 2000,
    between: async (request, send) => (refusals-- > 0 ? new Response("away", { status: 502 }) : send(request)),
  });
  const id = await bring(leadsCsv(10));
  await expect.poll(() => statusOf(id)).toBe("completed");
  const first = () => outcomes(deliverer).map(({ status }) => status);
  await expect.poll(() => first().slice(0, 3)).toEqual([502, 502, 200]);
  expect(deliverer.deliveries.map(({ retried }) => retried).slice(0, 3)).toEqual([0, 1, 2]);
});

it("keeps what failed for good, and puts it in again when it is told to", async () => {
  let isAway = true;
  const { bring, deliverer, statusOf, get, post, events } = await openQstash({
    speed: 100_000,
    between: async (request, send) =>
      isAway && !request.url.endsWith("/dead-letter") ? new Response("away", { status: 500 }) : send(request),
  });
  const id = await bring(leadsCsv(10));
  await expect.poll(async () => (await get<{ deliveries: object }>("/queue")).deliveries).toMatchObject({ dead: 1 });
  await expect.poll(() => outcomes(deliverer).map(({ status }) => status)).toEqual([500, 500, 500, 500, 200]);
  expect(events).toContainEqual({
    name: "queue.dead",
    task: `import ${id}`,
    reason: "QStash gave up after 4 deliveries: HTTP 500",
  });
  isAway = false;
  expect(await (await post("/queue/redrive")).json()).toEqual({ deliveries: 1 });
  await expect.poll(() => statusOf(id)).toBe("completed");
  expect(await get("/queue")).toMatchObject({ deliveries: { dead: 0 } });
});

it("finds by a sweep what QStash has lost, with an id that is not taken for the lost one", async () => {
  let isLost = true;
  const { bring, deliverer, statusOf, database } = await openQstash({
    mischief: async (each, deliver) => (isLost ? undefined : deliver(each)),
  });
  const lost = await bring(leadsCsv(10));
  await expect.poll(() => deliverer.isIdle).toBe(true);
  await database.pool.query("update sluice.import_jobs set updated_at = now() - interval '1 minute'");
  const before = deliverer.published.length;
  expect((await deliverer.post(message("sweep", { task: { kind: "sweep" } })))?.status).toBe(200);
  const published = deliverer.published.slice(before);
  expect(published.map(({ url, deduplicated }) => [url, deduplicated])).toEqual([[`${tasks}/parse`, false]]);
  // Two sweeps of one minute are one; whichever minute it is by now.
  await deliverer.post(message("sweep", { task: { kind: "sweep" } }));
  for (const { headers } of deliverer.published.slice(before + 1))
    expect(headers.get("upstash-deduplication-id")).toMatch(/-parse-s\d+-0-0-0$/);
  isLost = false;
  expect((await deliverer.post(message("parse", published[0].body)))?.status).toBe(200);
  await expect.poll(() => statusOf(lost)).toBe("completed");
});

it("begins with the next sweep where QStash cannot be reached, and tells the operator", async () => {
  const { bring, deliverer, statusOf, events, database } = await openQstash();
  deliverer.outage = 503;
  const id = await bring(leadsCsv(10));
  expect(events).toContainEqual({
    name: "queue.failed",
    reason: expect.stringMatching(/answered 503: .*The sweep finds/),
  });
  expect(await statusOf(id)).toBe("queued");
  deliverer.outage = null;
  await database.pool.query("update sluice.import_jobs set updated_at = now() - interval '1 minute'");
  await deliverer.post(message("sweep", { task: { kind: "sweep" } }));
  await expect.poll(() => statusOf(id)).toBe("completed");
});

it("says of each message whether trying again can help", async () => {
  const { deliverer } = await openQstash();
  for (const [what, step, body, status] of [
    ["no message", "parse", "<html>", 489],
    ["a task without a kind", "parse", { task: { importId: 1 } }, 489],
    ["a sink that is not there", "deliver", { task: { kind: "deliver", sink: "crm" }, id: "x" }, 489],
    ["a task of a newer version", "parse", { task: { kind: "mirror" } }, 503],
    ["an import that is gone", "parse", { task: { kind: "import", importId: 99 }, id: "y" }, 200],
  ] as const) {
    const answer = (await deliverer.post(message(step, body))) as Response;
    expect([what, answer.status]).toEqual([what, status]);
    expect(answer.headers.get("upstash-nonretryable-error")).toBe(status === 489 ? "true" : null);
    expect(answer.headers.get("retry-after")).toBe(status === 503 ? "30" : null);
  }
});

it("refuses whoever QStash has not signed for, on each of its routes", async () => {
  const { deliverer, app, bring, statusOf } = await openQstash({ mischief: async () => {} });
  const id = await bring(leadsCsv(10));
  const { body } = deliverer.published[0];
  for (const step of ["parse", "commit", "error-report", "deliver", "sweep", "dead-letter", "other"]) {
    const url = `${tasks}/${step}`;
    const unsigned = await app.fetch(new Request(url, { method: "POST", body }));
    expect([step, unsigned.status]).toEqual([step, 401]);
    const elsewhere = await sign({ url: `${tasks}/elsewhere`, body });
    expect((await deliverer.post(message(step, body), elsewhere))?.status).toBe(401);
  }
  expect(await statusOf(id)).toBe("queued");
  // What counts is the address that was published to, whatever path a route of one's own or a proxy has.
  const elsewhere = (signature: string): Request =>
    new Request("http://10.0.0.1/own/parse", { method: "POST", body, headers: { "upstash-signature": signature } });
  expect((await app.receive(elsewhere(await sign({ url: "http://10.0.0.1/own/parse", body })))).status).toBe(401);
  expect((await app.receive(elsewhere(await sign({ url: `${tasks}/parse`, body })))).status).toBe(200);
  await expect.poll(() => statusOf(id)).not.toBe("queued");
});

it("takes what is signed by the next key, as after a rotation", async () => {
  const { deliverer, bring, statusOf } = await openQstash();
  deliverer.rotate();
  const id = await bring(leadsCsv(10));
  await expect.poll(() => statusOf(id)).toBe("completed");
});

it("takes two slices at a time where the plan refuses three", async () => {
  const { deliverer, bring, statusOf } = await openQstash({ mostParallel: 2 });
  const id = await bring(leadsCsv(10));
  await expect.poll(() => statusOf(id)).toBe("completed");
  expect(deliverer.published[0].headers.get("upstash-flow-control-value")).toBe("parallelism=2");
});

it("schedules one sweep for production and none for previews, and sends what passes Vercel's protection", async () => {
  const opened = await openQstash({ mischief: async () => {} });
  const { deliverer } = opened;
  const vercel = {
    platform: "vercel",
    isLive: true,
    productionHost: "",
    deploymentHost: "",
    bypassSecret: "let-me-in",
    supabaseUrl: "",
  } as const;
  const preview = await openCalled(opened, { hosting: { ...vercel, isProduction: false } });
  expect(deliverer.schedules.size).toBe(0);
  await preview.queue?.enqueue({ kind: "import", importId: 1 });
  const { headers } = deliverer.published[0];
  expect(headers.get("upstash-forward-x-vercel-protection-bypass")).toBe("let-me-in");
  expect(headers.get("upstash-failure-callback-forward-x-vercel-protection-bypass")).toBe("let-me-in");
  // Vercel ends a request after 300 s, unless told otherwise.
  expect(headers.get("upstash-timeout")).toBe("300s");
  for (const sweepMinutes of [5, 5, 15]) {
    await openCalled(opened, { sweepMinutes, hosting: { ...vercel, isProduction: true } });
    const [[id, schedule]] = deliverer.schedules;
    expect([id, schedule.url, schedule.body]).toEqual([
      expect.stringMatching(/^sluice-[0-9a-f]{10}-sweep$/),
      `${tasks}/sweep`,
      '{"task":{"kind":"sweep"}}',
    ]);
    expect([schedule.cron, schedule.headers.get("upstash-forward-x-vercel-protection-bypass")]).toEqual([
      `*/${sweepMinutes} * * * *`,
      "let-me-in",
    ]);
  }
  expect(deliverer.scheduled).toBe(2);
});

it("fails an import that no request gets anywhere with, rather than trying for ever", async () => {
  let called: Awaited<ReturnType<typeof openCalled>> | undefined;
  const opened = await openQstash({
    // All of the request's time is gone before it gets here.
    between: async (request) => (called as NonNullable<typeof called>).receive(request, 10_000),
  });
  called = await openCalled(opened, { maxDurationSeconds: 10 });
  const id = await opened.bring(leadsCsv(5000));
  await expect.poll(() => opened.statusOf(id)).toBe("failed");
  expect(await opened.get(`/imports/${id}`)).toMatchObject({
    errorMessage: expect.stringMatching(
      /a request may take 10 s here, which is not enough to get past row 1 of leads\.csv\. Unpack/,
    ),
  });
  await expect.poll(() => opened.deliverer.isIdle).toBe(true);
  expect(outcomes(opened.deliverer).map(({ outcome }) => outcome)).toEqual(["again", "again", "done"]);
});

it("lets createWorker answer QStash, whose callbacks hear what becomes of an import", async () => {
  let worker: ProgramWorker | undefined;
  const { bring, shared, statusOf } = await openQstash({
    between: async (request) => (worker as ProgramWorker).receive(request),
  });
  const completed: number[] = [];
  worker = createWorker({ ...shared, importers: [leads], onCompleted: ({ id, rows }) => completed.push(id, rows) });
  onTestFinished(() => worker?.close());
  const id = await bring(leadsCsv(3));
  await expect.poll(() => completed).toEqual([id, 3]);
  expect(await statusOf(id)).toBe("completed");
});

it("refuses to be mounted on Vercel without object storage, and says what to set", async () => {
  vi.stubEnv("VERCEL", "1");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(() => createApp({ databaseUrl: "postgres://x@127.0.0.1/x", importers: [leads] })).toThrow(
    /^createApp cannot work here\. Vercel keeps no files between two requests: set SLUICE_FILES to the address of a bucket/,
  );
});

it("works on imports itself where there is no public address", async () => {
  const { url } = await freshDatabase();
  const app = createApp({
    ...{ databaseUrl: url, dataDir: await freshFolder(), importers: [leads], queueKind: "auto", logLevel: "silent" },
    authenticate: async () => ({ id: "ann", name: "Ann", role: "operator" }),
  });
  onTestFinished(() => app.close());
  const form = new FormData();
  form.set("import", JSON.stringify({ importer: "leads", start: true, options: { autoCommit: true } }));
  form.set("file", new File([leadsCsv(10)], "leads.csv"));
  const at = "http://localhost:3000/api/v1/imports";
  expect((await app.fetch(new Request(at, { method: "POST", body: form }))).status).toBe(202);
  const job = async () => (await app.fetch(new Request(`${at}/1`))).json() as Promise<{ status: string }>;
  await expect.poll(job).toMatchObject({ status: "completed", counts: { created: 10 } });
});
