/** Webhooks, to real receivers that verify them: what is told to whom, again and again until it is taken, under one id. */

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import { attemptDelaysSeconds, isWebhookSecret, type NewWebhook, type WebhookEvent } from "../../src/core/webhook.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { webhookSender } from "../../src/notify/webhook.ts";
import { openOutbound } from "../../src/outbound/outbound.ts";
import { startCli } from "../run-cli.ts";
import { leadsCsv, type OpenWorkers, openWorkers, type WorkersOptions } from "../worker/open-workers.ts";
import { type Receiver, startReceiver } from "./webhook-receiver.ts";

interface Told extends OpenWorkers {
  /** Adds a webhook of the receiver, which knows its secret then. */
  add(receiver: Receiver, events: WebhookEvent[], more?: Partial<NewWebhook>): Promise<number>;
  /** Of all webhooks, the oldest first. */
  deliveries(): Promise<{ event: string; state: string; statuses: (number | null)[] }[]>;
  /** What waits for its next attempt is due at once. */
  hurry(): Promise<unknown>;
}

async function openTold(options: WorkersOptions = {}): Promise<Told> {
  const opened = await openWorkers({ ...options, env: { SLUICE_OUTBOUND_ALLOW: "127.0.0.1", ...options.env } });
  return {
    ...opened,
    async add(receiver, events, more = {}) {
      const secret = opened.server.webhookSender.newSecret();
      receiver.secrets.push(secret);
      const all = { url: receiver.url, name: "test", importer: null, context: null, createdBy: null };
      return (await opened.server.webhooks.create({ ...all, events, secret, ...more })).id;
    },
    deliveries: () =>
      opened.rows(`
        select event, case when done_at is null then 'waiting' when is_dead then 'failed' else 'delivered' end as state,
          (select coalesce(jsonb_agg(l -> 'status'), '[]') from jsonb_array_elements(log) l) as statuses
        from sluice.webhook_deliveries order by number`),
    hurry: () => opened.rows("update sluice.webhook_deliveries set next_at = now() where done_at is null"),
  };
}

it("tells what becomes of an import, signed and with its numbers, and pages of the records it wrote", async () => {
  const told = await openTold({ env: { SLUICE_PUBLIC_URL: "https://crm.example.com" } });
  const receiver = await startReceiver();
  const all: WebhookEvent[] = ["import.ready", "import.completed", "import.undone", "import.cancelled", "import.rows"];
  await told.add(receiver, all);
  const types = () => receiver.received.map(({ type }) => type);

  const job = await told.create(`${leadsCsv(230)}nope,Bo,Lyon\n`);
  await told.server.engine.start(job.id);
  await told.reaches(job.id, "ready");
  await expect.poll(types).toEqual(["import.ready"]);
  await told.server.engine.commit(job.id);
  await told.reaches(job.id, "completed");
  await expect
    .poll(() => types().toSorted())
    .toEqual(["import.completed", "import.ready", ...["import.rows", "import.rows", "import.rows"]]);
  const [ready] = receiver.received;
  expect(ready).toMatchObject({ signatures: 1, accepted: [true], id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  expect(ready.data).toMatchObject({
    importId: job.id,
    importer: "leads",
    fileName: "test.csv",
    url: `https://crm.example.com/import/history/${job.id}`,
    rows: 231,
    counts: { valid: 230, invalid: 1 },
  });
  const completed = receiver.received.find(({ type }) => type === "import.completed");
  expect(completed?.data.counts).toMatchObject({ created: 230, invalid: 1 });
  // A page follows the one before, and each record is on one.
  const pages = receiver.received.filter(({ type }) => type === "import.rows").map(({ data }) => data);
  expect(pages.map(({ page, rows, isLast }) => [page, rows.length, isLast])).toEqual([
    [1, 100, false],
    [2, 100, false],
    [3, 30, true],
  ]);
  const records = await told.rows<{ id: string; email: string }>("select id::text, email from leads order by leads.id");
  const sent = pages.flatMap(({ rows }) => rows as { id: string; values: { email: string } }[]);
  expect(
    sent.map(({ id, values }) => [Number(id), values.email]).toSorted(([a], [b]) => Number(a) - Number(b)),
  ).toEqual(records.map(({ id, email }) => [Number(id), email]));

  await told.server.engine.undo(job.id);
  await expect.poll(() => receiver.received.at(-1)?.type).toBe("import.undone");
  expect(receiver.received.at(-1)?.data.counts).toMatchObject({ deleted: 230, restored: 0 });
  const other = await told.create(leadsCsv(2, "other"));
  await told.server.engine.cancel(other.id);
  await expect.poll(() => receiver.received.at(-1)?.type).toBe("import.cancelled");
  // One that commits by itself is never to be reviewed.
  const third = await told.begin(leadsCsv(2, "third"));
  await told.reaches(third.id, "completed");
  await expect.poll(() => receiver.received.filter(({ data }) => data.importId === third.id).length).toBe(2);
  expect(types().filter((type) => type === "import.ready")).toHaveLength(1);
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(receiver.received.length);
});

it("repeats by the specification's schedule under one id, gives up in the end, and delivers again on request", async () => {
  const told = await openTold();
  const receiver = await startReceiver();
  const id = await told.add(receiver, ["import.completed"]);
  receiver.answer = () => ({
    status: receiver.received.length % 2 === 0 ? 500 : 302,
    headers: { location: receiver.url },
  });
  const job = await told.begin(leadsCsv(2));
  await told.reaches(job.id, "completed");
  const waits: number[] = [];
  for (let attempt = 1; attempt < attemptDelaysSeconds.length; attempt++) {
    await expect.poll(() => receiver.received.length).toBe(attempt);
    const next = `select round(extract(epoch from next_at - (log -> -1 ->> 'at')::timestamptz))::int as wait
      from sluice.webhook_deliveries where attempts = ${attempt} and claimed_by is null`;
    await expect.poll(() => told.rows(next)).toHaveLength(1);
    waits.push(((await told.rows(next)) as { wait: number }[])[0].wait);
    await told.hurry();
  }
  // What the note itself takes comes on top.
  for (const [k, wait] of waits.entries()) expect(wait).toBeGreaterThanOrEqual(attemptDelaysSeconds[k + 1] - 1);
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  await expect
    .poll(() => told.deliveries())
    .toEqual([{ event: "import.completed", state: "failed", statuses: expect.arrayContaining([302, 500]) }]);
  expect(receiver.received).toHaveLength(attemptDelaysSeconds.length);

  receiver.answer = () => ({ status: 200 });
  const [delivery] = await told.server.webhooks.deliveries(id, { state: "failed" }, { limit: 10 });
  expect(delivery.attempts.find(({ status }) => status === 302)?.error).toMatch(/redirects are not followed/);
  await told.server.webhooks.redeliver(id, delivery.id);
  await expect.poll(async () => (await told.deliveries())[0].state).toBe("delivered");
  expect(new Set(receiver.received.map((each) => `${each.id} ${each.body}`)).size).toBe(1);
  // Of the attempt, not of the message.
  expect(receiver.received.every(({ accepted }) => accepted[0])).toBe(true);
});

it("signs with the secret of before as well while it is rotated", async () => {
  const told = await openTold();
  const receiver = await startReceiver();
  const id = await told.add(receiver, ["import.completed"]);
  const [old] = receiver.secrets;
  const fresh = told.server.webhookSender.newSecret();
  receiver.secrets.push(fresh);
  expect([old, fresh].every(isWebhookSecret)).toBe(true);
  const next = async (prefix: string) => {
    const job = await told.begin(leadsCsv(2, prefix));
    await told.reaches(job.id, "completed");
    await expect.poll(() => receiver.received.some(({ data }) => data.importId === job.id)).toBe(true);
    const { signatures, accepted } = receiver.received.at(-1) as Receiver["received"][number];
    return { signatures, accepted };
  };
  await told.server.webhooks.rotate(id, fresh, new Date(Date.now() + 3_600_000));
  expect(await next("a")).toEqual({ signatures: 2, accepted: [true, true] });
  await told.server.webhooks.rotate(id, fresh, new Date(Date.now() - 1000));
  expect(await next("b")).toEqual({ signatures: 1, accepted: [false, true] });
});

it("turns off what is gone, slows down for what asks for it, and holds up nobody else for either", async () => {
  const told = await openTold();
  const [gone, busy, fine] = [await startReceiver(), await startReceiver(), await startReceiver()];
  const ids = { gone: await told.add(gone, ["import.completed"]), busy: await told.add(busy, ["import.completed"]) };
  await told.add(fine, ["import.completed"]);
  gone.answer = () => ({ status: 410 });
  busy.answer = () => ({ status: 429, headers: { "retry-after": "3600" } });
  for (const prefix of ["a", "b"]) {
    const job = await told.begin(leadsCsv(2, prefix));
    await told.reaches(job.id, "completed");
  }
  await expect.poll(() => fine.received.length).toBe(2);
  await expect.poll(async () => (await told.server.webhooks.get(ids.gone)).disabledReason).toBe("gone");
  await expect.poll(async () => (await told.server.webhooks.get(ids.busy)).throttledUntil).not.toBeNull();
  const { throttledUntil } = await told.server.webhooks.get(ids.busy);
  expect(Number(throttledUntil)).toBeGreaterThan(Date.now() + 3_000_000);
  // Nothing else goes there before that, however due it is; and to the other one never.
  const [busyBefore, goneBefore] = [busy.received.length, gone.received.length];
  const last = await told.begin(leadsCsv(2, "c"));
  await told.reaches(last.id, "completed");
  await told.hurry();
  await expect.poll(() => fine.received.length).toBe(3);
  expect([busy.received.length, gone.received.length]).toEqual([busyBefore, goneBefore]);
  await expect(told.server.webhooks.redeliver(ids.gone, (await firstOf(told, ids.gone)).id)).rejects.toMatchObject({
    code: "conflict",
  });
  // Once it is on again, what it is told from then on gets there.
  gone.answer = () => ({ status: 200 });
  await told.server.webhooks.change(ids.gone, { isDisabled: false });
  await told.server.webhooks.redeliver(ids.gone, (await firstOf(told, ids.gone)).id);
  await expect.poll(async () => (await firstOf(told, ids.gone)).state).toBe("delivered");
});

async function firstOf(told: Told, id: number) {
  return (await told.server.webhooks.deliveries(id, {}, { limit: 10 }))[0];
}

let operator: Receiver;
async function operatorEnv(): Promise<Record<string, string>> {
  operator = await startReceiver();
  operator.secrets.push("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
  return { SLUICE_OPERATOR_WEBHOOK: operator.url, SLUICE_OPERATOR_WEBHOOK_SECRET: operator.secrets[0] };
}

it("tells the operator's address of failed imports and of what is wrong, once", async () => {
  const told = await openTold({ env: await operatorEnv() });
  const gone = await startReceiver();
  gone.answer = () => ({ status: 410 });
  const id = await told.add(gone, ["import.completed"]);
  const job = await told.begin(leadsCsv(2));
  await told.reaches(job.id, "completed");
  await expect.poll(async () => (await told.server.webhooks.get(id)).disabledReason).toBe("gone");
  for (let times = 0; times < 2; times++) await told.server.queue?.enqueue({ kind: "sweep" });
  await expect
    .poll(() => operator.received.map(({ type, accepted }) => [type, accepted[0]]))
    .toEqual([["operator.alert", true]]);
  expect(operator.received[0].data).toMatchObject({
    kind: "webhook_off",
    name: `webhook ${id} (test)`,
    count: 1,
    fresh: 1,
  });
  expect(JSON.parse(operator.received[0].body).text).toContain(`Turned off: webhook ${id} (test)`);
  const failing = await told.create(leadsCsv(2, "lost"));
  await told.server.files.remove((await told.server.engine.imports.get(failing.id)).storagePath);
  await told.server.engine.start(failing.id);
  await expect.poll(() => operator.received.at(-1)?.type).toBe("import.failed");
  expect(operator.received.at(-1)?.data).toMatchObject({ importId: failing.id, importer: "leads", user: "tester" });
});

it("tells a tenant's webhook of its own imports alone, and one of an importer of no other", async () => {
  const contacts = defineImporter({
    name: "contacts",
    fields: { email: field.email({ required: true }) },
    context: { tenant_id: { type: "integer" } },
    target: { table: "contacts" },
  });
  const told = await openTold({
    importers: [leads, contacts],
    ddl: "create table contacts (id bigserial primary key, email text, tenant_id int)",
  });
  const receivers = [await startReceiver(), await startReceiver(), await startReceiver(), await startReceiver()];
  const [one, two, ofLeads, all] = receivers;
  await told.add(one, ["import.completed", "import.rows"], { importer: "contacts", context: { tenant_id: "1" } });
  await told.add(two, ["import.completed", "import.rows"], { importer: "contacts", context: { tenant_id: "2" } });
  await told.add(ofLeads, ["import.completed"], { importer: "leads" });
  await told.add(all, ["import.completed"]);
  const imports: number[] = [];
  for (const tenant of ["1", "2"]) {
    const context = { tenant_id: tenant };
    const job = await told.create(`email\nperson${tenant}@x.fr\n`, { importer: contacts, autoCommit: true, context });
    await told.server.engine.start(job.id);
    await told.reaches(job.id, "completed");
    imports.push(job.id);
  }
  const lead = await told.begin(leadsCsv(2));
  await told.reaches(lead.id, "completed");
  await expect.poll(() => all.received.length).toBe(3);
  await expect.poll(async () => (await told.deliveries()).filter(({ state }) => state === "waiting")).toEqual([]);
  const heard = (receiver: Receiver) => [...new Set(receiver.received.map(({ data }) => data.importId))];
  expect([heard(one), heard(two), heard(ofLeads), heard(all).toSorted()]).toEqual([
    [imports[0]],
    [imports[1]],
    [lead.id],
    [...imports, lead.id],
  ]);
  expect(one.received.map(({ body }) => body).join()).not.toContain("person2");
});

it("sends again what a worker had sent that was killed before it could note it, under the same id", async () => {
  const told = await openTold({ workers: 0 });
  const receiver = await startReceiver();
  await told.add(receiver, ["import.completed"]);
  const script = fileURLToPath(new URL("told-worker.ts", import.meta.url));
  const dying = startCli([told.url, told.folder, ""], { cwd: told.folder, script });
  receiver.answer = () => {
    process.kill(dying.pid, "SIGKILL");
    return { status: 200 };
  };
  const job = await told.begin(leadsCsv(3));
  expect((await dying.ended).signal).toBe("SIGKILL");
  receiver.answer = () => ({ status: 200 });
  await told.startWorker();
  await expect.poll(() => told.deliveries()).toMatchObject([{ state: "delivered", statuses: [200] }]);
  expect(receiver.received.map(({ id, data }) => [id, data.importId])).toEqual([
    [receiver.received[0].id, job.id],
    [receiver.received[0].id, job.id],
  ]);
});

it("delivers each once where several workers do, however many there are", async () => {
  const told = await openTold({ workers: 3 });
  const receiver = await startReceiver();
  const wanted = 3;
  for (let k = 0; k < wanted; k++) await told.add(receiver, ["import.completed"]);
  const jobs = [];
  for (let k = 0; k < 6; k++) jobs.push((await told.begin(leadsCsv(2, `w${k}-`))).id);
  for (const id of jobs) await told.reaches(id, "completed");
  await expect.poll(() => receiver.received.length).toBe(wanted * jobs.length);
  await expect
    .poll(async () => (await told.deliveries()).map(({ state }) => state))
    .toEqual(Array(18).fill("delivered"));
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(18);
});

it("writes nothing where there is no webhook, or none is on", async () => {
  const told = await openTold();
  const receiver = await startReceiver();
  const id = await told.add(receiver, ["import.completed"]);
  await told.server.webhooks.change(id, { isDisabled: true });
  const job = await told.begin(leadsCsv(2));
  await told.reaches(job.id, "completed");
  expect(await told.rows("select topics from sluice.sinks")).toEqual([{ topics: [] }]);
  expect(await told.rows("select count(*)::int as n from sluice.outbox")).toEqual([{ n: 0 }]);
  await told.server.webhooks.delete(id);
  expect(await told.server.webhooks.list(null)).toEqual([]);
});

it("reaches no private address, even where one was stored", async () => {
  const told = await openTold();
  const victim = createServer((_, response) => void response.end());
  let hits = 0;
  victim.on("connection", () => {
    hits += 1;
  });
  victim.listen(0, "::");
  await once(victim, "listening");
  onTestFinished(() => void victim.close());
  const { port } = victim.address() as AddressInfo;
  const receiver = await startReceiver();
  for (const url of [`http://127.0.0.2:${port}/`, `https://[::1]:${port}/`, `http://169.254.169.254/`])
    await told.add(receiver, ["import.completed"], { url });
  const job = await told.begin(leadsCsv(2));
  await told.reaches(job.id, "completed");
  const logs = "select log -> 0 ->> 'error' as error from sluice.webhook_deliveries where jsonb_array_length(log) > 0";
  await expect
    .poll(() => told.rows(logs))
    .toEqual(Array(3).fill({ error: expect.stringMatching(/is an address of this machine or of a private network/) }));
  expect(hits).toBe(0);
});

it("waits for no receiver longer than it has time, and says so", async () => {
  const receiver = await startReceiver();
  receiver.answer = () => new Promise(() => {});
  const sender = webhookSender(openOutbound({ allow: ["127.0.0.1"] }), 200);
  const request = { url: receiver.url, id: "1", body: '{"type":"t"}', secrets: [] };
  expect(await sender.send(request, new AbortController().signal)).toEqual({
    status: null,
    error: "no answer within 0.2 s",
    retryAfterSeconds: null,
  });
  const stopped = new AbortController();
  stopped.abort(new Error("stopped"));
  await expect(sender.send(request, stopped.signal)).rejects.toThrow();
});

it.each([
  ["whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3", true],
  ["whsec_c2hvcnQ=", false],
  ["MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3", false],
  ["whsec_not base64 at all, and long enough", false],
])("takes %s for a secret: %s", (text, isOne) => {
  expect(isWebhookSecret(text)).toBe(isOne);
});
