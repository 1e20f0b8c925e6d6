/** What is due later where QStash wakes: put in as a delayed message, once, so that nothing waits for the next sweep. */
import { expect, it } from "vitest";
import type { SinkMessage } from "../../src/core/sink.ts";
import { attemptDelaysSeconds } from "../../src/core/webhook.ts";
import { startReceiver } from "../notify/webhook-receiver.ts";
import type { Deliverer, DelivererOptions } from "../qstash-deliverer.ts";
import { freshFolder } from "../run-cli.ts";
import { leadsCsv } from "../worker/open-workers.ts";
import { message, openCalled, openQstash } from "./open-qstash.ts";

const deliveries = ({ published }: Deliverer) => published.filter(({ url }) => url.endsWith("/deliver"));

/** With a webhook that is told of what becomes of imports. */
async function openTold(mischief?: DelivererOptions["mischief"]) {
  const opened = await openQstash({
    settings: { outboundAllow: ["127.0.0.1"] },
    ...(mischief !== undefined && { mischief }),
  });
  const receiver = await startReceiver();
  const events = ["import.completed", "import.cancelled"];
  expect((await opened.post("/webhooks", { url: receiver.url, events })).status).toBe(201);
  /** What is put in with a delay. */
  const due = () => deliveries(opened.deliverer).filter(({ headers }) => headers.has("upstash-delay"));
  return { ...opened, receiver, due };
}

it("delivers to webhooks again when the specification says, by delayed messages and without a sweep", async () => {
  let isHeld = false;
  const { database, deliverer, post, receiver, bring, statusOf, due } = await openTold(async (each, deliver) =>
    isHeld ? undefined : deliver(each),
  );
  receiver.answer = () => ({ status: receiver.received.length < 6 ? 500 : 204 });
  const id = await bring(leadsCsv(10));
  await expect.poll(() => statusOf(id)).toBe("completed");
  // The first one comes by itself, after five seconds.
  await expect.poll(() => receiver.received.length, { timeout: 20_000 }).toBe(2);
  for (let attempt = 2; attempt < 6; attempt++) {
    await expect.poll(() => due().length).toBe(attempt);
    const wake = due().at(-1);
    const delay = Number(/^(\d+)s$/.exec(wake?.headers.get("upstash-delay") ?? "")?.[1]);
    expect(Math.abs(delay - attemptDelaysSeconds[attempt])).toBeLessThan(3);
    // Hours go by.
    await database.pool.query("update sluice.webhook_deliveries set next_at = now() where done_at is null");
    const first = (await deliverer.post(message("deliver", wake?.body ?? ""))) as Response;
    expect([first.status, await first.json()]).toMatchObject([200, { outcome: "done" }]);
    const again = (await deliverer.post(message("deliver", wake?.body ?? ""))) as Response;
    expect(await again.json()).toMatchObject({ outcome: "replayed" });
    expect(receiver.received).toHaveLength(attempt + 1);
  }
  // Delivered: nothing is put in any more, and nothing but its id tells the attempts apart.
  expect(due()).toHaveLength(5);
  expect(new Set(receiver.received.map((each) => each.id)).size).toBe(1);
  expect(deliverer.published.some(({ url }) => url.endsWith("/sweep"))).toBe(false);

  // What a request does is told without a sweep as well: a cancellation, and a delivery that a person asks for again.
  isHeld = true;
  const other = await bring(leadsCsv(2, "other"));
  isHeld = false;
  expect((await post(`/imports/${other}/cancel`)).status).toBe(202);
  await expect.poll(() => receiver.received.at(-1)?.type).toBe("import.cancelled");
  const sent = receiver.received.length;
  const open = "select from sluice.webhook_deliveries where done_at is null";
  await expect.poll(async () => (await database.pool.query(open)).rows.length).toBe(0);
  expect((await post(`/webhooks/1/deliveries/${receiver.received[0].id}/redeliver`)).status).toBe(202);
  await expect.poll(() => receiver.received.length).toBe(sent + 1);
});

it("puts in one delayed message for what is due later, however many imports come by meanwhile", async () => {
  const { database, receiver, bring, statusOf, due } = await openTold();
  receiver.answer = () => ({ status: 429, headers: { "retry-after": "7200" } });
  for (let k = 0; k < 4; k++) {
    const id = await bring(leadsCsv(3, `file${k}-`));
    await expect.poll(() => statusOf(id)).toBe("completed");
  }
  // Every import was told of, to nobody yet.
  await expect
    .poll(async () => (await database.pool.query("select from sluice.webhook_deliveries")).rows.length)
    .toBe(4);
  await expect.poll(() => due().length).toBe(1);
  const [wake] = due();
  expect(Number.parseInt(wake.headers.get("upstash-delay") ?? "", 10)).toBeGreaterThan(7190);
  expect(receiver.received).toHaveLength(1);
});

it("repeats a sink's messages by delayed messages too, and never asks QStash for more than seven days", async () => {
  let failures = 0;
  const told: string[] = [];
  const sink = {
    name: "crm",
    topics: ["import.completed"] as const,
    async deliver(messages: readonly SinkMessage[]) {
      if (failures++ === 0) throw new Error("away");
      told.push(...messages.map(({ topic }) => topic));
    },
  };
  let called: Awaited<ReturnType<typeof openCalled>> | undefined;
  const opened = await openQstash({
    between: async (request) => (called as NonNullable<typeof called>).receive(request),
  });
  called = await openCalled(opened, { sinks: [sink] });
  const id = await opened.bring(leadsCsv(10));
  await expect.poll(() => opened.statusOf(id)).toBe("completed");
  await expect.poll(() => told, { timeout: 20_000 }).toEqual(["import.completed"]);
  const ofSink = deliveries(opened.deliverer).filter(({ body }) => body.includes('"crm"'));
  const delays = ofSink.map(({ headers }) => headers.get("upstash-delay"));
  expect(delays).toEqual([null, "5s"]);
  await called.queue?.enqueue({ kind: "sweep" }, { afterSeconds: 30 * 24 * 3600 });
  expect(opened.deliverer.published.at(-1)?.headers.get("upstash-delay")).toBe("604800s");
});

it("wakes a source at its schedule's time, not at the next sweep", async () => {
  const folder = await freshFolder();
  const opened = await openQstash({ mischief: async () => {}, settings: { sourceFolders: [folder] } });
  const { deliverer, database } = opened;
  const source = { name: "nightly", importer: "leads", place: { kind: "folder", path: folder }, files: ["*.csv"] };
  const made = await opened.post("/sources", { ...source, schedule: "0 6 * * *", timeZone: "Europe/Paris" });
  expect(made.status).toBe(201);
  await database.pool.query("update sluice.sources set next_run_at = now() + interval '100 seconds', look_at = null");
  expect((await deliverer.post(message("sweep", { task: { kind: "sweep" } })))?.status).toBe(200);
  const fetches = () => deliverer.published.filter(({ url }) => url.endsWith("/fetch"));
  const [wake] = fetches();
  const delay = Number.parseInt(wake.headers.get("upstash-delay") ?? "", 10);
  expect(delay).toBeGreaterThan(90);
  expect(delay).toBeLessThanOrEqual(100);
  // The next sweep has nothing to add.
  await deliverer.post(message("sweep", { task: { kind: "sweep" } }));
  expect(fetches()).toHaveLength(1);
  // The time has come: whoever is called looks at once, and puts in tomorrow's.
  await database.pool.query("update sluice.sources set next_run_at = now()");
  expect((await deliverer.post(message("fetch", wake.body)))?.status).toBe(200);
  const { rows } = await database.pool.query("select looked_at is not null as looked from sluice.sources");
  expect(rows).toEqual([{ looked: true }]);
  expect(fetches()).toHaveLength(2);
  expect(Number.parseInt(fetches()[1].headers.get("upstash-delay") ?? "", 10)).toBeGreaterThan(0);
});
