/** `/webhooks` and `/me/mail`: who may add and see which, what is never told, and which addresses are refused. */
import { expect, it } from "vitest";
import { isWebhookSecret } from "../../src/core/webhook.ts";
import { openApp } from "./open-app.ts";
import { bring, tenantApp, tenantPeople } from "./tenant-app.ts";

const url = "https://hooks.example.com/imports";
const events = ["import.completed", "import.rows"];

it("adds, shows, changes, rotates and deletes a webhook, and tells its secrets once each", async () => {
  const { call, rows } = await openApp();
  const made = await call("POST", "/webhooks", { url, events });
  expect([made.status, isWebhookSecret(made.json.secret)]).toEqual([201, true]);
  const { id, secret, ...shown } = made.json;
  expect(shown).toMatchObject({
    url,
    name: "hooks.example.com",
    events,
    importer: null,
    context: {},
    disabledAt: null,
  });
  expect((await call("GET", "/webhooks")).json.items).toEqual([{ id, ...shown }]);
  expect((await call("GET", `/webhooks/${id}`)).text).not.toContain("whsec_");
  const topics = "select topics from sluice.sinks where name = 'sluice-webhooks'";
  expect(await rows(topics)).toEqual([{ topics: ["import.completed"] }]);

  const off = await call("PATCH", `/webhooks/${id}`, { isDisabled: true, name: "CRM" });
  expect([off.status, off.json]).toMatchObject([200, { name: "CRM", disabledReason: "person" }]);
  expect(await rows(topics)).toEqual([{ topics: [] }]);
  const on = await call("PATCH", `/webhooks/${id}`, { isDisabled: false, events: ["import.failed", "import.failed"] });
  expect(on.json).toMatchObject({ disabledAt: null, disabledReason: null });
  expect(await rows(topics)).toEqual([{ topics: ["import.failed"] }]);

  const rotated = await call("POST", `/webhooks/${id}/rotate`, {});
  expect([rotated.json.secret === secret, isWebhookSecret(rotated.json.secret)]).toEqual([false, true]);
  expect(Date.parse(rotated.json.previousSecretUntil)).toBeGreaterThan(Date.now() + 23 * 3_600_000);
  const sudden = await call("POST", `/webhooks/${id}/rotate`, { keepHours: 0 });
  expect(sudden.json.previousSecretUntil).toBeNull();

  expect((await call("DELETE", `/webhooks/${id}`)).status).toBe(204);
  for (const [method, path, body] of [
    ["GET", `/webhooks/${id}`],
    ["DELETE", `/webhooks/${id}`],
    ["PATCH", `/webhooks/${id}`, { name: "x" }],
    ["POST", `/webhooks/${id}/rotate`, {}],
    ["GET", `/webhooks/${id}/deliveries`],
  ] as const)
    expect([path, (await call(method, path, body)).status]).toEqual([path, 404]);
});

it.each([
  ["http://hooks.example.com/", 422],
  ["https://127.0.0.1/", 403],
  ["https://[::1]/", 403],
  ["https://[::ffff:10.0.0.1]/", 403],
  ["https://2130706433/", 403],
  ["https://169.254.169.254/latest/", 403],
  ["https://a:b@hooks.example.com/", 422],
  ["javascript:alert(1)", 422],
  ["no url", 422],
])("refuses the address %s, when it is added and when it is changed", async (given, status) => {
  const { call } = await openApp();
  expect((await call("POST", "/webhooks", { url: given, events })).status).toBe(status);
  const { json } = await call("POST", "/webhooks", { url, events });
  expect((await call("PATCH", `/webhooks/${json.id}`, { url: given })).status).toBe(status);
  expect((await call("GET", `/webhooks/${json.id}`)).json.url).toBe(url);
});

it.each([
  ["no event", { url, events: [] }],
  ["an event that there is not", { url, events: ["import.exploded"] }],
  ["an address of 3000 characters", { url: "https://x.fr/".padEnd(3000, "x"), events }],
  ["a context of no importer", { url, events, context: { tenant_id: "1" } }],
  ["an importer that there is not", { url, events, importer: "nothing" }],
])("refuses %s", async (_, body) => {
  const { call } = await openApp();
  expect([404, 422]).toContain((await call("POST", "/webhooks", body)).status);
});

it("shows what was told, page by page, and delivers it again under its id", async () => {
  const { call, rows } = await openApp();
  const { json } = await call("POST", "/webhooks", { url, events });
  const { id } = json;
  await rows(`
    insert into sluice.webhook_deliveries (webhook_id, event, job_id, payload, attempts, done_at, is_dead, log)
    select ${id}, 'import.completed', k, '{"type": "import.completed"}', 10, now(), k = 3,
      '[{"at": "2026-12-01T20:00:00.000Z", "status": 500, "error": null, "milliseconds": 12}]'
    from generate_series(1, 5) k`);
  const first = await call("GET", `/webhooks/${id}/deliveries?limit=2`);
  expect(first.json.items.map((each: { importId: number }) => each.importId)).toEqual([5, 4]);
  const second = await call("GET", `/webhooks/${id}/deliveries?limit=5&after=${first.json.next}`);
  expect(second.json.items.map((each: { importId: number }) => each.importId)).toEqual([3, 2, 1]);
  expect(second.json.next).toBeNull();
  const failed = await call("GET", `/webhooks/${id}/deliveries?state=failed`);
  expect(failed.json.items).toMatchObject([
    { importId: 3, state: "failed", attempts: [{ status: 500, milliseconds: 12 }] },
  ]);
  expect((await call("GET", `/webhooks/${id}/deliveries?importId=2`)).json.items).toHaveLength(1);
  const [{ id: delivery }] = failed.json.items;
  const again = await call("POST", `/webhooks/${id}/deliveries/${delivery}/redeliver`);
  expect([again.status, again.json]).toMatchObject([202, { id: delivery, state: "waiting" }]);
  // Of a webhook that it is not of, it is not there.
  const other = await call("POST", "/webhooks", { url, events });
  expect((await call("POST", `/webhooks/${other.json.id}/deliveries/${delivery}/redeliver`)).status).toBe(404);
});

it("is for admins, and pins a tenant's own context whatever is asked for", async () => {
  const { call } = await openApp();
  for (const [method, path, body] of [
    ["GET", "/webhooks"],
    ["POST", "/webhooks", { url, events }],
    ["GET", "/webhooks/1"],
  ] as const)
    expect([path, (await call(method, path, body, { as: "anna" })).status]).toEqual([path, 403]);

  const app = await tenantApp();
  const add = (as: string, more: object = {}) => app.call("POST", "/webhooks", { url, events, ...more }, { as });
  expect((await add("head")).status).toBe(422);
  const own = await add("head", { importer: "contacts" });
  expect([own.status, own.json.context]).toEqual([201, { tenant_id: "1" }]);
  expect((await add("head", { importer: "contacts", context: { tenant_id: "2" } })).status).toBe(403);
  expect((await add("cleo", { importer: "contacts" })).status).toBe(403);
  const theirs = await add("rival", { importer: "contacts" });
  expect(theirs.json.context).toEqual({ tenant_id: "2" });
  const all = await add("operator");
  expect(all.json).toMatchObject({ importer: null, context: null });
  expect((await add("operator", { importer: "contacts", context: {} })).status).toBe(422);
  expect((await add("operator", { importer: "contacts", context: { tenant_id: "2" } })).json.context).toEqual({
    tenant_id: "2",
  });

  const seen = async (as: string) =>
    (await app.call("GET", "/webhooks", undefined, { as })).json.items.map((each: { id: number }) => each.id);
  expect(await seen("head")).toEqual([own.json.id]);
  expect(await seen("rival")).toContain(theirs.json.id);
  expect(await seen("rival")).not.toContain(own.json.id);
  expect((await seen("operator")).length).toBe(4);
  for (const id of [own.json.id, all.json.id])
    for (const [method, path, body] of [
      ["GET", `/webhooks/${id}`],
      ["PATCH", `/webhooks/${id}`, { url: "https://rival.example.com/" }],
      ["POST", `/webhooks/${id}/rotate`, {}],
      ["DELETE", `/webhooks/${id}`],
    ] as const)
      expect([path, (await app.call(method, path, body, { as: "rival" })).status]).toEqual([path, 404]);
});

it("allows so many webhooks of one context, and no more", async () => {
  const { call, rows } = await openApp();
  await rows(
    `insert into sluice.webhooks (url, name, events, secret, context) select '${url}', 'x', '{import.failed}', 's', '{}' from generate_series(1, 50)`,
  );
  expect((await call("POST", "/webhooks", { url, events })).status).toBe(409);
  expect((await call("POST", "/webhooks", { url, events, importer: "leads" })).status).toBe(201);
});

it("keeps what a person wants of mails for them alone, and notes with each import where theirs go", async () => {
  const known: typeof tenantPeople = Object.fromEntries(
    Object.entries(tenantPeople).map(([id, user]) => [id, { ...user, email: `${id}@example.com` }]),
  );
  const app = await tenantApp(undefined, undefined, {
    authenticate: async (request) => known[request.headers.get("authorization")?.slice(7) ?? ""] ?? null,
    mailRows: 200,
  });
  const mail = (who: string) => app.call("GET", "/me/mail", undefined, { as: who });
  expect((await mail("anna")).json).toEqual({
    ...{ isSent: true, address: "anna@example.com", isOff: false, fromRows: null, usualFromRows: 200, language: null },
  });
  const changed = await app.call("PATCH", "/me/mail", { isOff: true, fromRows: 5 }, { as: "anna" });
  expect(changed.json).toMatchObject({ isOff: true, fromRows: 5 });
  expect((await app.call("PATCH", "/me/mail", { fromRows: null, language: "sv" }, { as: "anna" })).json).toMatchObject({
    ...{ isOff: true, fromRows: null, language: "sv" },
  });
  // The same id in another tenant is another person.
  expect((await mail("twin")).json).toMatchObject({ isOff: false, language: null, address: "twin@example.com" });
  expect((await app.call("PATCH", "/me/mail", { language: "de" }, { as: "anna" })).status).toBe(422);

  const [mine, theirs] = [await bring(app, "anna", "Email\na@x.fr\n"), await bring(app, "twin", "Email\nb@x.fr\n")];
  const { recipients } = app.store;
  expect(await recipients.ofImport(mine.json.id)).toMatchObject({ address: "anna@example.com", isOff: true });
  expect(await recipients.ofImport(theirs.json.id)).toMatchObject({ address: "twin@example.com", isOff: false });

  const plain = await openApp();
  expect((await plain.call("GET", "/me/mail", undefined, { as: "anna" })).json).toMatchObject({
    isSent: false,
    address: null,
  });
});

it("gives accounts an address, one and no more", async () => {
  const { call } = await openApp();
  const made = await call("POST", "/users", { name: "Zoe", email: "zoe@example.com" });
  expect([made.status, made.json.email]).toEqual([201, "zoe@example.com"]);
  const path = `/users/${made.json.id}`;
  expect((await call("PATCH", path, { email: "z@example.com" })).json.email).toBe("z@example.com");
  expect((await call("PATCH", path, { name: "Zoé" })).json.email).toBe("z@example.com");
  expect((await call("PATCH", path, { email: null })).json.email).toBeNull();
  for (const email of ["no", "a@x.fr, b@x.fr", "Zoe <zoe@example.com>", "z@x.fr\nBcc: y@x.fr"])
    expect([email, (await call("PATCH", path, { email })).status]).toEqual([email, 422]);
  const { json } = await call("GET", `/audit?userId=${made.json.id}`);
  expect(json.items.map(({ data }: { data: object }) => data)).toContainEqual({
    email: ["zoe@example.com", "z@example.com"],
  });
});
