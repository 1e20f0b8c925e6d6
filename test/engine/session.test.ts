/** `session` of an importer: settings in every transaction on its tables, as row level security reads them. */
import { expect, it } from "vitest";
import { defineImporter, field, type Run, type SessionSettings } from "../../src/index.ts";
import { type OpenEngine, openEngine, some, workToEnd } from "../open-engine.ts";

/** Whoever asks for a row without the setting is told so by an error. */
const ddl = `
  create function tenant() returns integer language plpgsql stable as $$ begin
    if coalesce(current_setting('app.tenant', true), '') = '' then raise exception 'app.tenant is not set'; end if;
    return current_setting('app.tenant')::integer;
  end $$;
  create table companies (id serial primary key, tenant_id integer not null, name text);
  create table people (id serial primary key, tenant_id integer not null, mail text);
  create table contacts (id serial primary key, tenant_id integer not null, email text, name text, company_id integer references companies,
    owner_id integer references people);
  create table contact_events (id serial primary key, tenant_id integer not null default tenant(), contact integer, event text,
    old_values jsonb, new_values jsonb);
  insert into companies (tenant_id, name) values (1, 'Acme'), (2, 'Acme'), (2, 'Globex');
  insert into people (tenant_id, mail) values (1, 'anna@x.fr'), (2, 'bo@x.fr');
  insert into contacts (tenant_id, email, name) values (1, 'old@x.fr', 'Old'), (2, 'theirs@x.fr', 'Theirs');
  ${["companies", "people", "contacts", "contact_events"]
    .map(
      (table) => `alter table ${table} enable row level security; alter table ${table} force row level security;
        create policy own on ${table} using (tenant_id = tenant()) with check (tenant_id = tenant());`,
    )
    .join("\n")}`;
const grants =
  "grant all on companies, people, contacts, contact_events to app; grant all on all sequences in schema public to app";

/** Of one table with all tenants, whose policies alone keep them apart. */
const contacts = defineImporter({
  name: "contacts",
  context: { tenant_id: { type: "integer" } },
  fields: {
    email: field.email(),
    name: field.text(),
    company: field.reference({ column: "company_id", table: "companies", by: ["name"], shared: true }),
  },
  match: { keys: ["email"], onDuplicate: "update" },
  assign: { column: "owner_id", table: "people", by: ["mail"], shared: true },
  history: { table: "contact_events", record: "contact" },
  target: { table: "contacts" },
  session: (run) => ({
    "app.tenant": run.context.tenant_id,
    "app.importer": run.importer,
    "app.user": run.user.id ?? "",
  }),
});

const text = "email,name,company,owner\nold@x.fr,New,Acme,\nnew@x.fr,Fresh,Acme,anna@x.fr\nmore@x.fr,More,Globex,\n";
const options = {
  context: { tenant_id: "1" },
  assignment: { mode: "column", column: "owner", fallback: "1" },
} as const;

async function ready(open: OpenEngine): Promise<number> {
  const job = await open.create(contacts, text, options);
  await open.engine.start(job.id);
  await workToEnd(open.engine, job.id);
  return job.id;
}

it("makes the settings for every verb: look-ups, dry run, match, commit, records, preview of the undo, and undo", async () => {
  const open = await openEngine([contacts], ddl, { grants });
  const { engine, rows } = open;
  const whose = { context: { tenant_id: "1" }, jobId: null, createdBy: "anna" };
  expect(await engine.owners.find(contacts, ["anna@x.fr", "bo@x.fr"], whose)).toEqual(["1", null]);
  expect((await engine.owners.search(contacts, { limit: 9 }, whose)).map(({ id }) => id)).toEqual(["1"]);
  const id = await ready(open);
  expect((await engine.unknownOwners(id, 9)).items).toEqual([]);
  const foretold = await engine.dryRun(id, { changes: true });
  expect(some(foretold.counts)).toEqual({ created: 1, updated: 1, invalid: 1 });
  await engine.commit(id);
  await workToEnd(engine, id);
  const done = await open.outcomeOf(id);
  expect([done.job.status, done.counts]).toEqual(["completed", foretold.counts]);
  expect(done.issues).toContainEqual([4, "company", "reference_unknown"]);
  const listed = await engine.archive.recordPage(done.job, contacts, { limit: 9 });
  expect(listed.records.map(({ values }) => values[1])).toEqual(["new@x.fr", "old@x.fr"]);
  const exported: string[] = [];
  for await (const page of engine.archive.records(done.job, contacts))
    exported.push(...page.map(([, email]) => email ?? ""));
  expect(exported).toEqual(["new@x.fr", "old@x.fr"]);
  const preview = await engine.undoPreview(id);
  expect([preview.toDelete, preview.toRestore]).toEqual([1, 1]);
  await engine.undo(id, "anna");
  await workToEnd(engine, id);
  expect((await engine.imports.get(id)).status).toBe("undone");
  expect(await rows("select tenant_id, email, name, company_id from contacts order by id")).toEqual([
    { tenant_id: 1, email: "old@x.fr", name: "Old", company_id: null },
    { tenant_id: 2, email: "theirs@x.fr", name: "Theirs", company_id: null },
  ]);
});

it("looks again under the settings when another import writes to the table meanwhile", async () => {
  const open = await openEngine([contacts], ddl, { grants, chunkRows: 2 });
  const first = await ready(open);
  const second = await ready(open);
  for (const id of [first, second]) await open.engine.commit(id);
  await workToEnd(open.engine, second);
  await workToEnd(open.engine, first);
  const outcomes = await Promise.all([first, second].map(open.outcomeOf));
  expect(outcomes.map(({ job, counts }) => [job.status, some(counts)])).toEqual([
    ["completed", { unchanged: 2, invalid: 1 }],
    ["completed", { created: 1, updated: 1, invalid: 1 }],
  ]);
});

it.each([
  ["update", { created: 1, updated: 1, invalid: 0 }],
  ["skip", { created: 1, skipped: 1 }],
] as const)(
  "foretells what policies let in, by which rows of others are refused alone (%s)",
  async (strategy, expected) => {
    const items = defineImporter({
      name: "items",
      fields: { code: field.text(), tenant: field.integer({ column: "tenant_id" }), name: field.text() },
      match: { keys: ["code"], onDuplicate: strategy },
      target: { table: "items" },
      session: () => ({ "app.tenant": 1 }),
    });
    const { dryRun, importCsv, rows } = await openEngine(
      [items],
      `create table items (id serial primary key, tenant_id integer not null, code text, name text);
     insert into items (tenant_id, code, name) values (1, 'mine', 'Old'), (2, 'theirs', 'Old');
     alter table items enable row level security; alter table items force row level security;
     create policy seen on items for select using (tenant_id = current_setting('app.tenant')::integer);
     create policy made on items for insert with check (tenant_id = current_setting('app.tenant')::integer);
     create policy changed on items for update using (true) with check (tenant_id = current_setting('app.tenant')::integer)`,
      { grants: "grant all on items to app; grant all on all sequences in schema public to app" },
    );
    const csv = "code,tenant,name\na,1,A\nb,2,B\nmine,1,New\ntheirs,2,New\n";
    const foretold = await dryRun(items, csv);
    const { job, counts } = await importCsv(items, csv);
    expect([job.status, counts]).toMatchObject(["completed", { ...expected, failed: 2 }]);
    expect(foretold.counts).toEqual(counts);
    expect(await rows("select tenant_id, code, name from items order by tenant_id, code")).toEqual([
      { tenant_id: 1, code: "a", name: "A" },
      { tenant_id: 1, code: "mine", name: strategy === "update" ? "New" : "Old" },
      { tenant_id: 2, code: "theirs", name: "Old" },
    ]);
  },
);

it("plans what it checks under the settings too, which policies ask for", async () => {
  const open = await openEngine([contacts], ddl, { grants });
  const deleted = defineImporter({ ...contacts, match: { keys: ["email"], where: "name <> 'Theirs'" } });
  const loader = defineImporter({
    ...contacts,
    load: ({ rows, target }) =>
      `update ${target} t set name = r.name from ${rows} r where t.id = r.record_id returning r.row_no, 'updated' as outcome, t.id as record_id`,
  });
  const store = open.store;
  expect(await Promise.all([contacts, deleted, loader].map((each) => store.targets.prepare(each)))).toEqual(
    Array(3).fill("public.contacts"),
  );
});

it("tells whose import it is", async () => {
  const runs: unknown[] = [];
  const importer = defineImporter({
    name: "people",
    context: { tenant: {} },
    fields: { mail: field.email() },
    target: { table: "persons" },
    session: (run) => {
      runs.push(run);
      return { "app.x": 1, "app.y": true };
    },
  });
  const { importCsv } = await openEngine(
    [importer],
    "create table persons (id serial primary key, mail text, tenant text)",
  );
  const { job } = await importCsv(importer, "mail\na@x.fr\n", { context: { tenant: "t" }, createdBy: "anna" });
  // Beside those with made-up values, by which it is seen what the tables allow.
  const real = runs.filter((run) => (run as Run).jobId !== 0 && (run as Run).user.id === "anna");
  expect(new Set(real.map((run) => JSON.stringify(run)))).toEqual(
    new Set([JSON.stringify({ importer: "people", jobId: job.id, context: { tenant: "t" }, user: { id: "anna" } })]),
  );
});

it.each<[string, () => unknown, RegExp]>([
  ["no name for a role", () => ({ role: "" }), /has no name of a role for "role": return \{ role: "authenticated" \}/],
  [
    "a role that is not there",
    () => ({ role: "nobody at all" }),
    /the role "nobody at all", which the database does not/,
  ],
  ["a setting of Postgres", () => ({ search_path: "x" }), /sets "search_path".*names contain a dot: app\.tenant/],
  ["a name that is none", () => ({ "app.a b": "x" }), /sets "app\.a b"/],
  ["no value", () => ({ "app.tenant": undefined }), /has no value for "app\.tenant"/],
  ["a promise", () => Promise.resolve({ "app.tenant": "x" }), /must return settings at once/],
  ["nothing", () => undefined, /must return settings at once/],
  [
    "an error",
    () => {
      throw new Error("no tenant");
    },
    /`session` of the importer "people" failed: no tenant/,
  ],
])("refuses a session that gives %s", async (_what, session, message) => {
  const importer = defineImporter({
    name: "people",
    fields: { mail: field.email() },
    target: { table: "persons" },
    session: session as () => SessionSettings,
  });
  const { importCsv, rows } = await openEngine([importer], "create table persons (id serial primary key, mail text)");
  await expect(importCsv(importer, "mail\na@x.fr\n")).rejects.toThrow(message);
  expect(await rows("select id from persons")).toEqual([]);
});
