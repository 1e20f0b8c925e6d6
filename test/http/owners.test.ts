/** Owners over HTTP: searched, unknown ones of a file listed and mapped; options and dry runs of an import that is ready. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { type OpenApp, openApp } from "./open-app.ts";

const contacts = defineImporter({
  name: "contacts",
  fields: { email: field.email(), name: field.text() },
  match: { keys: ["email"] },
  assign: { column: "owner_id", table: "people", by: ["mail", "name"], context: ["tenant"] },
  target: { table: "contacts" },
  context: { tenant: { type: "integer", column: "tenant_id", from: (_user, { context }) => context.tenant } },
  can: ({ id }, action) => id === "anna" || (id === "bo" && action === "view"),
});
const plain = defineImporter({
  name: "plain",
  fields: { email: field.email() },
  target: { table: "contacts" },
});
const open = defineImporter({
  name: "open",
  fields: { email: field.email() },
  assign: { column: "owner_id", table: "people", by: ["mail", "name"] },
  target: { table: "contacts" },
});
const ddl = `
  create table people (id serial primary key, mail text, name text, tenant_id integer);
  insert into people (mail, name, tenant_id) values
    ('zoe@x.fr', 'Zoé Ak', 7), ('anna@x.fr', null, 7), ('bo_100%@x.fr', 'Bo Élan', 7), ('other@y.fr', 'Ann Other', 8), (null, null, 7);
  create table contacts (id bigserial primary key, email text, name text, owner_id integer, tenant_id integer);
  insert into contacts (email, name, tenant_id) values ('old@x.fr', 'Old', 7)`;

async function ready(app: OpenApp, text: string, as = "admin"): Promise<number> {
  const uploadId = await app.upload(text, "contacts.csv", as);
  const body = {
    uploadId,
    importer: "contacts",
    options: { context: { tenant: "7" } },
    start: true,
    acceptDoubts: true,
  };
  const { json } = await app.call("POST", "/imports", body, { as });
  await app.work(json.id);
  return json.id;
}

it("finds them by a part of what they are called, in any case, in the context of the import alone", async () => {
  const app = await openApp([contacts], ddl);
  const id = await ready(app, "email\nx@x.fr\n");
  const found = async (query: string) =>
    (await app.call("GET", `/importers/contacts/owners?importId=${id}&${query}`)).json.items;
  expect(await found("")).toEqual([
    { id: "5", name: "5", email: null },
    { id: "2", name: "anna@x.fr", email: "anna@x.fr" },
    { id: "3", name: "Bo Élan", email: "bo_100%@x.fr" },
    { id: "1", name: "Zoé Ak", email: "zoe@x.fr" },
  ]);
  const names = async (query: string) => (await found(query)).map(({ name }: { name: string }) => name);
  expect(await names("search=AN")).toEqual(["anna@x.fr", "Bo Élan"]);
  expect(await names("search=0%25")).toEqual(["Bo Élan"]);
  expect(await names("search=%25x")).toEqual([]);
  expect(await names(`search=${encodeURIComponent("'; drop table people; --")}`)).toEqual([]);
  expect(await names("limit=2")).toEqual(["5", "anna@x.fr"]);
  expect(await names("id=1&id=4&id=nobody")).toEqual(["Zoé Ak"]);
});

it.each([
  ["contacts", "importId=1", "bo", 403, "You may not import"],
  ["contacts", "importId=1", "admin", 200, undefined],
  ["contacts", "", "admin", 422, "an import must be named"],
  ["contacts", "importId=999", "anna", 404, "no import 999"],
  ["contacts", "importId=1", "anna", 404, "no import 1"],
  ["open", "importId=1", "admin", 422, 'belongs to "contacts"'],
  ["open", "", "admin", 200, undefined],
  ["open", "limit=201", "admin", 422, "limit"],
  ["plain", "", "admin", 409, "does not assign owners"],
  ["nix", "", "admin", 404, 'no importer "nix"'],
])("answers GET /importers/%s/owners?%s of %s with %i", async (name, query, as, status, detail) => {
  const app = await openApp([contacts, plain, open], ddl);
  expect(await ready(app, "email\nx@x.fr\n")).toBe(1);
  const answer = await app.call("GET", `/importers/${name}/owners?${query}`, undefined, { as });
  expect([answer.status, answer.json.detail]).toEqual([
    status,
    detail === undefined ? undefined : expect.stringContaining(detail),
  ]);
});

const text =
  "email,name,seller\nold@x.fr,New,zoe@x.fr\na@x.fr,A,Annie\nb@x.fr,B,ANNIE\nc@x.fr,C,Ann Other\nd@x.fr,D,\n";
const column = { mode: "column", column: "seller" };

it("lists whom nobody is called by, and takes people for them; what is so already is no change", async () => {
  const app = await openApp([contacts], ddl);
  const id = await ready(app, text);
  const at = `/imports/${id}`;
  const set = (options: object) => app.call("PUT", `${at}/options`, { context: { tenant: "7" }, ...options });
  const none = await app.call("GET", `${at}/owners/unknown`);
  expect([none.status, none.json.detail]).toEqual([409, expect.stringContaining("does not assign owners by a column")]);

  expect((await set({ assignment: column })).json.assignment).toEqual(column);
  expect((await app.call("GET", at)).json).toMatchObject({ status: "queued", phase: "parse" });
  const busy = await app.call("GET", `${at}/owners/unknown`);
  expect([busy.status, busy.json.detail]).toEqual([409, expect.stringContaining("is queued")]);
  await app.work(id);
  const unknown = {
    items: [
      { value: "Annie", rows: 2 },
      { value: "Ann Other", rows: 1 },
    ],
    total: 2,
    blank: 1,
  };
  expect((await app.call("GET", `${at}/owners/unknown`)).json).toEqual(unknown);
  expect((await app.call("GET", `${at}/owners/unknown?limit=1`)).json).toEqual({
    ...unknown,
    items: unknown.items.slice(0, 1),
  });

  const assignment = { ...column, fallback: "zoé ak", values: { annie: "anna@x.fr" } };
  const kept = { ...column, fallback: "1", values: { annie: "2" } };
  expect((await set({ assignment })).json.assignment).toEqual(kept);
  const events = await app.events(id);
  expect((await set({ assignment: kept })).status).toBe(200);
  expect(await app.events(id)).toEqual(events);
  expect((await app.call("GET", `${at}/owners/unknown`)).json).toEqual(unknown);
  expect((await app.call("POST", `${at}/dry-run`)).json.counts).toMatchObject({ created: 4, skipped: 1 });
  await app.call("POST", `${at}/commit`);
  await app.work(id);
  expect(await app.rows("select email, owner_id from contacts where name <> 'Old' order by email")).toEqual([
    { email: "a@x.fr", owner_id: 2 },
    { email: "b@x.fr", owner_id: 2 },
    { email: "c@x.fr", owner_id: 1 },
    { email: "d@x.fr", owner_id: 1 },
  ]);
});

it("gives no record to somebody of another context, whom the file calls by name", async () => {
  const app = await openApp([contacts], ddl);
  const id = await ready(app, text);
  const context = { tenant: "7" };
  const refused = await app.call("PUT", `/imports/${id}/options`, {
    context,
    assignment: { mode: "single", owner: "other@y.fr" },
  });
  expect([refused.status, refused.json.detail]).toEqual([422, expect.stringContaining('called "other@y.fr"')]);
  await app.call("PUT", `/imports/${id}/options`, { context, assignment: column });
  await app.work(id);
  expect((await app.call("POST", `/imports/${id}/dry-run`)).json.counts).toMatchObject({ invalid: 3, created: 1 });
});

it("tells with ?changes=true what would be changed, and leaves the records as they are", async () => {
  const app = await openApp([contacts], ddl);
  const id = await ready(app, text);
  await app.call("PUT", `/imports/${id}/options`, {
    context: { tenant: "7" },
    duplicates: { strategy: "update", keys: ["email"] },
  });
  const plainRun = await app.call("POST", `/imports/${id}/dry-run`);
  expect(Object.keys(plainRun.json)).toEqual(["counts", "issues"]);
  const { json } = await app.call("POST", `/imports/${id}/dry-run?changes=true`);
  expect(json).toEqual({
    ...plainRun.json,
    changedFields: [{ field: "name", rows: 1 }],
    samples: [{ row: 2, recordId: "1", changes: [{ field: "name", from: "Old", to: "New" }] }],
  });
  expect((await app.call("POST", `/imports/${id}/dry-run?changes=maybe`)).status).toBe(422);
  expect(await app.rows("select name from contacts")).toEqual([{ name: "Old" }]);
});

it.each([
  [{ dialect: { headerRow: 2 } }, 409, "Reopen the import first"],
  [{ autoCommit: true }, 409, "Commit it"],
  [{ duplicates: { strategy: "skip", keys: ["nix"] } }, 422, '"nix"'],
  [{ duplicates: { strategy: "skip", keys: ["name", "email"] } }, 422, '"name", which no column feeds'],
  [{ merge: { nix: "fill" } }, 422, 'no field "nix"'],
  [{ assignment: { mode: "column", column: "nix" } }, 422, '"nix"'],
  [{ assignment: { mode: "column", column: "seller", values: { x: "nobody" } } }, 422, '"nobody"'],
  [{ context: {} }, 422, 'which "tenant"'],
])("refuses %j for an import that is ready", async (options, status, detail) => {
  const app = await openApp([contacts], ddl);
  const id = await ready(app, "email,seller\na@x.fr,x\n");
  const before = (await app.call("GET", `/imports/${id}/options`)).json;
  const answer = await app.call("PUT", `/imports/${id}/options`, { context: { tenant: "7" }, ...options });
  expect([answer.status, answer.json.detail]).toEqual([status, expect.stringContaining(detail)]);
  expect((await app.call("GET", `/imports/${id}/options`)).json).toEqual(before);
  expect((await app.call("GET", `/imports/${id}`)).json.status).toBe("ready");
});
