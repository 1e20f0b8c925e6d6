import { expect, it } from "vitest";
import type { ContextField } from "../../src/core/context.ts";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import type { ImporterDefinition } from "../../src/core/importer.ts";
import type { SignedIn } from "../../src/core/users.ts";
import type { HttpEvent } from "../../src/http/request/request-context.ts";
import type { OpenApp } from "./open-app.ts";
import { bring, contacts, notes, tenantApp, tenantTables } from "./tenant-app.ts";

const csv = "Email;Name\nkept@x.fr;New\n";

const contextOf = async (app: OpenApp, id: number): Promise<unknown> =>
  (await app.rows<{ context: unknown }>(`select context from sluice.import_jobs where id = ${id}`))[0].context;

/** An importer of wheels whose context is guarded as given. */
function wheels(
  guard: Partial<Pick<ImporterDefinition<{ title: ReturnType<typeof field.text> }>, "can">> &
    Pick<ContextField, "from" | "label">,
) {
  const { from, label, can } = guard;
  return defineImporter({
    name: "wheels",
    fields: { title: field.text({ required: true }) },
    context: { wheel_id: { type: "bigint", label, ...(from !== undefined && { from }) } },
    target: { table: "wheels" },
    ...(can !== undefined && { can }),
  });
}
const wheelTables = "create table wheels (id bigserial primary key, title text, wheel_id bigint)";

async function wheelApp(importer: ReturnType<typeof wheels>, person: Partial<SignedIn>, ddl = "") {
  const people: Record<string, SignedIn> = {
    anna: { id: "anna", name: "Anna", role: "user", ...person },
    boss: { id: "boss", name: "Boss", role: "admin", ...person },
    other: { id: "other", name: "Other", role: "admin", wheels: ["99"] },
    operator: { id: "operator", name: "Operator", role: "operator" },
  };
  const events: HttpEvent[] = [];
  const app = await tenantApp([importer], `${wheelTables};${ddl}`, {
    authenticate: async (request) => people[request.headers.get("authorization")?.slice(7) ?? ""] ?? null,
    onEvent: (event) => events.push(event),
  });
  return {
    ...app,
    told: events,
    make: async (as: string, context?: Record<string, string>) =>
      bring(app, as, `title\n${as} ${JSON.stringify(context ?? {})}\n`, {
        importer: "wheels",
        ...(context !== undefined && { options: { context } }),
      }),
    listed: async (as: string) =>
      (await app.call("GET", "/imports", undefined, { as })).json.items.map(({ id }: { id: number }) => id),
    offered: async (as: string) => (await app.call("GET", "/importers", undefined, { as })).json.items,
  };
}

it("pins the context of a new import, whatever the client leaves out", async () => {
  const app = await tenantApp();
  const { status, json } = await bring(app, "anna", csv, { start: true });
  expect(status).toBe(202);
  expect(await contextOf(app, json.id)).toEqual({ tenant_id: "1" });
  await app.work(json.id);
  await app.call("POST", `/imports/${json.id}/commit`, undefined, { as: "anna" });
  await app.work(json.id);
  expect(await app.rows("select email, name, tenant_id from contacts order by tenant_id")).toEqual([
    { email: "kept@x.fr", name: "New", tenant_id: 1 },
    { email: "kept@x.fr", name: "Other", tenant_id: 2 },
  ]);
});

it.each([
  [{ tenant_id: "1" }, 201],
  [{ tenant_id: "01" }, 201],
  [{ tenant_id: "2" }, 403],
  [{ tenant_id: "99" }, 403],
  [{ tenant_id: "two" }, 422],
  [{ tenant_id: "1", wheel_id: "3" }, 422],
])("takes %o from a person of tenant 1 with %i", async (context, status) => {
  const app = await tenantApp();
  const answer = await bring(app, "anna", csv, { options: { context } });
  expect(answer.status).toBe(status);
  if (status === 403)
    expect(answer.json.detail).toContain('"tenant_id" of the importer "contacts" is set by the server');
  else if (status === 201) expect(await contextOf(app, answer.json.id)).toEqual({ tenant_id: "1" });
});

it("keeps the context of an import when its options change, and refuses another", async () => {
  const app = await tenantApp();
  const { json } = await bring(app, "anna", csv);
  const put = async (options: object, as = "anna") =>
    (await app.call("PUT", `/imports/${json.id}/options`, options, { as })).status;
  expect([await put({ context: { tenant_id: "2" } }), await put({}), await put({ context: {} })]).toEqual([
    403, 200, 200,
  ]);
  expect([await put({ context: { tenant_id: "2" } }, "head"), await put({}, "rival")]).toEqual([403, 404]);
  expect(await contextOf(app, json.id)).toEqual({ tenant_id: "1" });
});

it("is an importer for nobody who has no context there", async () => {
  const app = await tenantApp();
  const names = async (as: string) =>
    (await app.call("GET", "/importers", undefined, { as })).json.items.map(({ name }: { name: string }) => name);
  expect([await names("anna"), await names("loose"), await names("operator")]).toEqual([
    ["contacts", "notes"],
    ["notes"],
    ["contacts", "notes"],
  ]);
  for (const path of ["", "/schema", "/template.csv", "/template.xlsx", "/owners"])
    expect((await app.call("GET", `/importers/contacts${path}`, undefined, { as: "loose" })).status).toBe(404);
  expect((await bring(app, "loose", csv, { options: { context: { tenant_id: "1" } } })).status).toBe(404);
});

it("bounds an administrator by their tenant, and an operator by nothing", async () => {
  const app = await tenantApp();
  const made: Record<string, number> = {};
  for (const as of ["anna", "cleo", "dan"]) made[as] = (await bring(app, as, csv)).json.id;
  made.note = (await bring(app, "dan", csv, { importer: "notes" })).json.id;
  const seen = async (as: string, query = "") => {
    const { json } = await app.call("GET", `/imports?order=asc${query}`, undefined, { as });
    expect(json.count).toBe(json.items.length);
    return json.items.map(({ id }: { id: number }) => id);
  };
  expect(await seen("anna")).toEqual([made.anna]);
  expect(await seen("head")).toEqual([made.anna, made.cleo, made.note]);
  expect(await seen("rival")).toEqual([made.dan, made.note]);
  expect(await seen("loose")).toEqual([made.note]);
  expect(await seen("operator")).toEqual([made.anna, made.cleo, made.dan, made.note]);
  expect(await seen("rival", "&user=anna")).toEqual([]);
  // The same id in another tenant.
  expect(await seen("twin")).toEqual([]);
  const waiting = async (as: string) => {
    for (const id of [made.anna, made.dan]) await app.engine.start(id).catch(() => null);
    return (await app.call("GET", "/queue", undefined, { as })).json.imports.waiting;
  };
  expect([await waiting("head"), await waiting("loose"), await waiting("operator")]).toEqual([1, 0, 2]);
});

it("leaves accounts, tokens and what concerns everybody to an operator", async () => {
  const app = await tenantApp();
  const { users } = app.store;
  const kept = await users.create({ name: "Kept", role: "user" }, { id: null, name: "tester" });
  const asked = async (as: string): Promise<number[]> => {
    const requests: [string, string, object?][] = [
      ["POST", "/users", { name: `By ${as}` }],
      ["PATCH", `/users/${kept.id}`, { role: "user" }],
      ["POST", `/users/${kept.id}/sign-in-link`],
      ["DELETE", `/users/${kept.id}/sessions`],
      ["POST", "/tokens", { name: "x", userId: kept.id }],
      ["POST", "/queue/redrive"],
    ];
    const statuses = [];
    for (const [method, path, body] of requests) statuses.push((await app.call(method, path, body, { as })).status);
    return statuses;
  };
  expect(await asked("head")).toEqual([403, 403, 404, 404, 404, 403]);
  expect(await asked("operator")).toEqual([201, 200, 201, 204, 201, 200]);
  expect((await app.call("GET", "/users", undefined, { as: "head" })).json.items).toEqual([]);
  expect((await app.call("GET", "/audit", undefined, { as: "head" })).json.items).toEqual([]);
  expect((await app.call("GET", "/audit", undefined, { as: "operator" })).json.items.length).toBeGreaterThan(3);
});

it("lets an administrator everything where no importer has a context, but no operator be made", async () => {
  const app = await tenantApp([notes]);
  expect((await app.call("POST", "/users", { name: "New" }, { as: "head" })).status).toBe(201);
  expect((await app.call("POST", "/users", { name: "More", role: "operator" }, { as: "head" })).status).toBe(403);
  expect((await app.call("POST", "/queue/redrive", undefined, { as: "rival" })).status).toBe(200);
});

it("tells whoever follows all imports of those within their reach alone", async () => {
  const app = await tenantApp();
  const abort = new AbortController();
  const follow = async (as: string) => {
    const request = new Request("http://sluice.test/api/v1/events", {
      headers: { authorization: `Bearer ${as}`, accept: "text/event-stream" },
      signal: abort.signal,
    });
    const { body } = await app.app.fetch(request);
    return (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  };
  const readers = { rival: await follow("rival"), head: await follow("head"), twin: await follow("twin") };
  for (const reader of Object.values(readers)) await reader.read();
  const theirs = (await bring(app, "anna", csv)).json.id;
  const mine = (await bring(app, "dan", csv)).json.id;
  const twins = (await bring(app, "twin", csv)).json.id;
  const heardUntil = async (reader: (typeof readers)["rival"], id: number): Promise<number[]> => {
    const heard: number[] = [];
    while (!heard.includes(id)) {
      const { value = "", done } = await reader.read();
      if (done) break;
      heard.push(...[...value.matchAll(/"jobId":(\d+)/g)].map(([, number]) => Number(number)));
    }
    return [...new Set(heard)];
  };
  expect(await heardUntil(readers.rival, twins)).toEqual([mine, twins]);
  expect(await heardUntil(readers.head, theirs)).toEqual([theirs]);
  expect(await heardUntil(readers.twin, twins)).toEqual([twins]);
  abort.abort();
});

it("takes uploads and repeated requests of the same id in another tenant for somebody else's", async () => {
  const app = await tenantApp();
  const uploadId = await app.upload(csv, "people.csv", "anna");
  expect((await app.call("GET", "/uploads", undefined, { as: "twin" })).json.items).toEqual([]);
  expect((await app.call("POST", "/imports", { uploadId, importer: "contacts" }, { as: "twin" })).status).toBe(404);
  const headers = { "idempotency-key": "one" };
  const body = { uploadId, importer: "contacts" };
  const made = await app.call("POST", "/imports", body, { as: "anna", headers });
  expect(made.status).toBe(201);
  expect((await app.call("POST", "/imports", body, { as: "twin", headers })).status).toBe(404);
  expect((await app.call("POST", "/imports", body, { as: "anna", headers })).json.id).toBe(made.json.id);
});

it("takes the same file in another tenant for another import, and in the same one for the same", async () => {
  const app = await tenantApp();
  expect((await bring(app, "anna", csv)).status).toBe(201);
  const again = await bring(app, "anna", csv);
  expect([again.status, again.json.importId]).toEqual([409, 1]);
  expect((await bring(app, "twin", csv)).status).toBe(201);
  const sent = await app.upload(csv, "people.csv", "twin");
  expect((await app.call("GET", `/uploads/${sent}`, undefined, { as: "twin" })).json.sameAs.importId).toBe(2);
});

it("remembers a mapping for its context alone", async () => {
  const app = await tenantApp();
  const first = (await bring(app, "anna", csv)).json;
  await app.call("PUT", "/templates", { importId: first.id, name: "One" }, { as: "anna" });
  const other = (await bring(app, "twin", csv)).json;
  expect(other.suggestedTemplates).toEqual([]);
  const second = (await app.call("PUT", "/templates", { importId: other.id, name: "Two" }, { as: "twin" })).json;
  const names = async (as: string) =>
    (await app.call("GET", "/templates", undefined, { as })).json.items.map(({ name }: { name: string }) => name);
  expect([await names("anna"), await names("twin"), await names("head"), await names("operator")]).toEqual([
    ["One"],
    ["Two"],
    ["One"],
    ["Two", "One"],
  ]);
  const use = { templateId: second.id };
  expect((await app.call("POST", `/imports/${first.id}/template`, use, { as: "operator" })).status).toBe(404);
});

it("keeps corrected rows in the context of the import that they were rejected by", async () => {
  const importer = wheels({ from: (user) => user.wheels });
  const app = await wheelApp(importer, { wheels: ["7", "8"] });
  const parent = (await app.make("anna", { wheel_id: "7" })).json.id;
  const child = async (options?: object) => {
    const body = { importer: "wheels", parentId: parent, ...(options && { options }) };
    return bring(app, "anna", `title\n${JSON.stringify(options ?? {})}\n`, body);
  };
  const made = await child();
  expect(await contextOf(app, made.json.id)).toEqual({ wheel_id: "7" });
  expect((await child({ context: { wheel_id: "8" } })).status).toBe(422);
  const moved = { context: { wheel_id: "8" } };
  expect((await app.call("PUT", `/imports/${made.json.id}/options`, moved, { as: "anna" })).status).toBe(409);
  expect((await app.call("PUT", `/imports/${parent}/options`, moved, { as: "anna" })).status).toBe(200);
});

it("lets those choose who have several, from a list that it tells", async () => {
  const app = await wheelApp(wheels({ from: (user) => user.wheels }), { wheels: ["7", 8] });
  expect((await app.offered("anna"))[0].context).toEqual([
    { name: "wheel_id", label: "Wheel id", type: "bigint", pinned: false, choices: ["7", "8"] },
  ]);
  const unsaid = await app.make("anna");
  expect([unsaid.status, unsaid.json.detail]).toEqual([422, expect.stringContaining("Yours are: 7, 8.")]);
  const mine = (await app.make("anna", { wheel_id: "08" })).json.id;
  expect(await contextOf(app, mine)).toEqual({ wheel_id: "8" });
  expect((await app.make("anna", { wheel_id: "99" })).status).toBe(403);
  const others = (await app.make("other")).json.id;
  expect([await app.listed("boss"), await app.listed("other"), await app.listed("operator")]).toEqual([
    [mine],
    [others],
    [others, mine],
  ]);
});

it("tells what a person reads instead of the values, in their language", async () => {
  const label = { en: "Year wheel", sv: "Årshjul" };
  const from = (user: SignedIn) => [{ value: 7, label: `Wheel of ${user.id}` }, 8];
  const app = await wheelApp(wheels({ label, from }), {});
  const offered = await app.call("GET", "/importers", undefined, { as: "anna", headers: { "accept-language": "sv" } });
  expect(offered.json.items[0].context).toEqual([
    {
      name: "wheel_id",
      label: "Årshjul",
      type: "bigint",
      pinned: false,
      choices: ["7", "8"],
      choiceLabels: { 7: "Wheel of anna" },
    },
  ]);
  expect(await contextOf(app, (await app.make("anna", { wheel_id: "7" })).json.id)).toEqual({ wheel_id: "7" });
  expect((await app.make("anna", { wheel_id: "9" })).status).toBe(403);
});

it("asks `from` with what the client chose, and lists what it would let them choose", async () => {
  const from = (user: SignedIn, request: { context: Readonly<Record<string, string | undefined>> }) =>
    (user.wheels ?? []).includes(request.context.wheel_id);
  const app = await wheelApp(wheels({ from }), { wheels: ["7"] });
  expect((await app.offered("anna"))[0].context).toEqual([
    { name: "wheel_id", label: "Wheel id", type: "bigint", pinned: false },
  ]);
  expect((await app.make("anna")).status).toBe(422);
  expect((await app.make("anna", { wheel_id: "99" })).status).toBe(403);
  const mine = (await app.make("anna", { wheel_id: "7" })).json.id;
  const others = (await app.make("other", { wheel_id: "99" })).json.id;
  expect([await app.listed("boss"), await app.listed("other")]).toEqual([[mine], [others]]);
  expect((await app.call("GET", `/imports/${mine}`, undefined, { as: "other" })).status).toBe(404);
});

it("asks the database, whose large numbers stay exact", async () => {
  const ddl = "create table members (person text, wheel bigint); insert into members values ('anna', 9007199254740993)";
  const app = await wheelApp(
    wheels({
      from: async (user, _request, db) =>
        (await db.query("select wheel from members where person = $1", [user.id])).rows[0]?.wheel,
    }),
    {},
    ddl,
  );
  const { status, json } = await app.make("anna");
  expect(status).toBe(201);
  expect(await contextOf(app, json.id)).toEqual({ wheel_id: "9007199254740993" });
  expect((await app.make("boss")).status).toBe(404);
});

it("lets `can` judge a context that nothing pins, of administrators too", async () => {
  const app = await wheelApp(
    wheels({
      can: async (user, action, { context }) => action !== "undo" && (user.wheels ?? []).includes(context.wheel_id),
    }),
    { wheels: ["7"] },
  );
  const mine = (await app.make("anna", { wheel_id: "7" })).json.id;
  expect((await app.make("anna", { wheel_id: "8" })).status).toBe(403);
  expect((await app.make("other", { wheel_id: "7" })).status).toBe(403);
  expect([await app.listed("boss"), await app.listed("other")]).toEqual([[mine], []]);
  expect((await app.call("GET", `/imports/${mine}`, undefined, { as: "other" })).status).toBe(404);
  expect((await app.call("POST", `/imports/${mine}/undo`, undefined, { as: "boss" })).status).toBe(403);
});

it.each([
  ["nothing", wheels({})],
  ["a `can` that does not look at the context", wheels({ can: (_user, _action) => true })],
])("offers an importer to nobody whose context is guarded by %s, and says what to write", async (_, importer) => {
  const app = await wheelApp(importer, { wheels: ["7"] });
  for (const as of ["anna", "boss", "operator"]) {
    expect(await app.offered(as)).toEqual([]);
    expect((await app.make(as, { wheel_id: "7" })).status).toBe(404);
  }
  expect(app.told).toEqual([
    {
      name: "importer.unguarded",
      importer: "wheels",
      advice: expect.stringMatching(
        /"wheels" is offered to nobody.*wheel_id: \{ …, from: \(user\) => user\.wheelId \}.*can: /,
      ),
    },
  ]);
});

it("never asks `from` while an import is worked on", async () => {
  let asked = 0;
  const from = () => {
    asked++;
    return "7";
  };
  const app = await wheelApp(wheels({ from }), {});
  const { json } = await app.make("anna");
  await app.call("POST", `/imports/${json.id}/start`, { acceptDoubts: true }, { as: "anna" });
  const before = asked;
  await app.work(json.id);
  await app.engine.commit(json.id);
  await app.work(json.id);
  expect(asked).toBe(before);
  expect(await app.rows("select wheel_id::int from wheels")).toEqual([{ wheel_id: 7 }]);
});

it("asks `from` once in a request, however many imports it lists", async () => {
  let asked = 0;
  const importer = wheels({
    from: () => {
      asked++;
      return "7";
    },
  });
  const app = await wheelApp(importer, {});
  for (const as of ["anna", "boss"]) await app.make(as);
  asked = 0;
  expect(await app.listed("boss")).toHaveLength(2);
  expect(asked).toBe(1);
});

it("refuses a value of `from` that is none of its type, without a word of it", async () => {
  const app = await wheelApp(wheels({ from: () => "seven" }), {});
  const { status, text } = await app.call("GET", "/importers", undefined, { as: "anna" });
  expect(status).toBe(500);
  expect(text).not.toContain("seven");
});

it("hides imports whose importer has lost its context from everybody but an operator", async () => {
  const app = await tenantApp([{ ...contacts, context: undefined, assign: undefined }, notes], tenantTables);
  await app.rows(
    `insert into sluice.import_jobs (importer, file_name, file_hash, file_size, storage_path, dialect, column_mapping,
       assignment_config, duplicate_config, context, target, created_by)
     select importer, 'a.csv', 'x', 1, 'x', '{"format": "csv", "packing": "none", "headerRow": 1, "columns": []}', '{"columns": []}', '{"mode": "none"}',
       '{"keys": [], "strategy": "skip"}', '{"tenant_id": "1"}', 'public.contacts', 'anna'
     from (values ('contacts'), ('gone')) v (importer)`,
  );
  for (const id of [1, 2])
    for (const [as, status] of [
      ["anna", 404],
      ["head", 404],
      ["operator", 200],
    ] as const)
      expect((await app.call("GET", `/imports/${id}`, undefined, { as })).status).toBe(status);
  expect((await app.call("GET", "/imports", undefined, { as: "operator" })).json.count).toBe(2);
});
