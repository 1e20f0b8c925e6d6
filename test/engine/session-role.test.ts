/**
 * `session` with a role: the users' tables are asked as that role alone, which has no right on anything of Sluice's but the stage of its
 * import, and Sluice's own role none on the users' tables.
 */
import { expect, it } from "vitest";
import { defineImporter, type Fields, field, type ImporterDefinition, type Run } from "../../src/index.ts";
import { checkImporter } from "../../src/postgres/check/check.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { freshRole } from "../fresh-database.ts";
import { type OpenEngine, openEngine, some, workToEnd } from "../open-engine.ts";
import { undo } from "./undo-import.ts";

const tables = ["companies", "people", "contacts", "contact_events"];

/** Rows are the tenant's whom the claims name, for the caller alone; who wrote them is kept. */
function ddlFor(caller: string): string {
  return `
    create role "${caller}";
    create function tenant() returns integer language sql stable as $$
      select (current_setting('request.jwt.claims')::json ->> 'tenant')::integer $$;
    create table companies (id serial primary key, tenant_id integer not null default 1, name text);
    create table people (id serial primary key, tenant_id integer not null default 1, mail text);
    create table contacts (id serial primary key, tenant_id integer not null, email text, name text, company_id integer references companies,
      owner_id integer references people, seen_by text not null default current_user);
    create function note_writer() returns trigger language plpgsql as $$ begin new.seen_by := current_user; return new; end $$;
    create trigger note_writer before update on contacts for each row execute function note_writer();
    create table contact_events (id serial primary key, tenant_id integer not null default tenant(), contact integer, event text,
      old_values jsonb, new_values jsonb, seen_by text not null default current_user);
    insert into companies (tenant_id, name) values (1, 'Acme'), (2, 'Acme'), (2, 'Globex');
    insert into people (tenant_id, mail) values (1, 'anna@x.fr'), (1, 'cy@x.fr'), (2, 'bo@x.fr');
    insert into contacts (tenant_id, email, name) values (1, 'old@x.fr', 'Old'), (2, 'theirs@x.fr', 'Theirs');
    ${tables
      .map(
        (table) => `alter table ${table} enable row level security; alter table ${table} force row level security;
          create policy own on ${table} to "${caller}" using (tenant_id = tenant()) with check (tenant_id = tenant());`,
      )
      .join("\n")}
    grant usage on schema public to "${caller}";
    grant select, insert, update, delete on ${tables.join(", ")} to "${caller}";
    grant usage, update on all sequences in schema public to "${caller}"`;
}

/** Options in place of those of `contacts`. */
type Options = Partial<Omit<ImporterDefinition<Fields>, "name">>;

function contactsOf(caller: string, more: Options = {}) {
  return defineImporter({
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
    session: (run: Run) => ({
      role: caller,
      "request.jwt.claims": JSON.stringify({ tenant: Number(run.context.tenant_id ?? 1), sub: run.user.id }),
    }),
    ...(more as object),
  });
}

const text = "email,name,company,owner\nold@x.fr,New,Acme,\nnew@x.fr,Fresh,Acme,anna@x.fr\nmore@x.fr,More,Globex,\n";
const options = {
  context: { tenant_id: "1" },
  assignment: { mode: "column", column: "owner", fallback: "1" },
} as const;

async function open(
  more: Options = {},
  { ddl = "", ...engine }: { ddl?: string } & NonNullable<Parameters<typeof openEngine>[2]> = {},
): Promise<OpenEngine & { contacts: ReturnType<typeof contactsOf>; caller: string }> {
  const caller = freshRole();
  const contacts = contactsOf(caller, more);
  const opened = await openEngine([contacts], ddlFor(caller) + ddl.replaceAll("caller", `"${caller}"`), {
    // Nothing of what the role may do is its own.
    grants: `grant "${caller}" to app with inherit false`,
    ...engine,
  });
  return { ...opened, contacts, caller };
}

const ready = async ({ engine, create, contacts }: Awaited<ReturnType<typeof open>>, file: string, more = {}) => {
  const job = await create(contacts, file, { ...options, ...more });
  await engine.start(job.id);
  await workToEnd(engine, job.id);
  return job.id;
};

it("asks the users' tables as the role in every verb: look-ups, dry run, match, commit, records, and the undo", async () => {
  const opened = await open();
  const { engine, rows, contacts, caller } = opened;
  const whose = { context: { tenant_id: "1" }, jobId: null, createdBy: "anna" };
  expect(await engine.owners.find(contacts, ["anna@x.fr", "bo@x.fr"], whose)).toEqual(["1", null]);
  expect((await engine.owners.search(contacts, { limit: 9 }, whose)).map(({ id }) => id)).toEqual(["1", "2"]);
  const id = await ready(opened, text);
  expect((await engine.unknownOwners(id, 9)).items).toEqual([]);
  const foretold = await engine.dryRun(id, { changes: true });
  expect(some(foretold.counts)).toEqual({ created: 1, updated: 1, invalid: 1 });
  await engine.commit(id);
  await workToEnd(engine, id);
  const done = await opened.outcomeOf(id);
  expect([done.job.status, done.counts]).toEqual(["completed", foretold.counts]);
  expect(done.issues).toContainEqual([4, "company", "reference_unknown"]);
  expect(await rows("select email, seen_by from contacts where tenant_id = 1 order by id")).toEqual([
    { email: "old@x.fr", seen_by: caller },
    { email: "new@x.fr", seen_by: caller },
  ]);
  expect(await rows("select event, seen_by from contact_events order by id")).toEqual([
    { event: "imported", seen_by: caller },
    { event: "updated", seen_by: caller },
  ]);
  const listed = await engine.archive.recordPage(done.job, contacts, { limit: 9 });
  expect(listed.records.map(({ values }) => values[1])).toEqual(["new@x.fr", "old@x.fr"]);
  const exported: string[] = [];
  for await (const page of engine.archive.records(done.job, contacts))
    exported.push(...page.map(([, email]) => email ?? ""));
  expect(exported).toEqual(["new@x.fr", "old@x.fr"]);
  const preview = await engine.undoPreview(id);
  expect([preview.toDelete, preview.toRestore]).toEqual([1, 1]);
  expect(await undo(opened, id)).toEqual({ status: "undone", deleted: 1, restored: 1, kept: {}, rows: [] });
  expect(await rows("select tenant_id, email, name, company_id from contacts order by id")).toEqual([
    { tenant_id: 1, email: "old@x.fr", name: "Old", company_id: null },
    { tenant_id: 2, email: "theirs@x.fr", name: "Theirs", company_id: null },
  ]);
});

it("gives the role no right on what is Sluice's but the stage of its import", async () => {
  const opened = await open();
  await ready(opened, text);
  const role = opened.caller.replaceAll("'", "''");
  expect(
    await opened.rows(`
      select n.nspname || '.' || regexp_replace(c.relname, '\\d+', 'N') as name, array_agg(distinct a.privilege_type order by a.privilege_type) as rights
      from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join aclexplode(c.relacl) a join pg_roles r on r.oid = a.grantee
      where n.nspname like 'sluice%' and r.rolname = '${role}' group by 1 order by 1`),
  ).toEqual([]);
  expect(await opened.rows(`select has_schema_privilege('${role}', 'sluice', 'usage') as may`)).toEqual([
    { may: false },
  ]);
  const [job] = await opened.rows<{ id: number }>("select id from sluice.import_jobs");
  await opened.engine.dryRun(job.id);
  expect(
    await opened.rows(`
      select regexp_replace(c.relname, '\\d+', 'N') as name, string_agg(distinct lower(a.privilege_type), ' ' order by lower(a.privilege_type)) as rights
      from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join aclexplode(c.relacl) a join pg_roles r on r.oid = a.grantee
      where n.nspname like 'sluice%' and r.rolname = '${role}' group by 1 order by 1`),
  ).toEqual([
    { name: "job_N_0", rights: "select" },
    { name: "job_N_0_lookup", rights: "insert select" },
    { name: "job_N_0_match", rights: "delete insert select update" },
    { name: "job_N_0_shared", rights: "insert select" },
  ]);
});

it.each(["update", "skip", "create"] as const)(
  "counts rows that a policy refuses the role, alone, and lets the others in (%s)",
  async (strategy) => {
    const opened = await open({
      context: undefined,
      assign: undefined,
      history: undefined,
      fields: { email: field.email(), tenant: field.integer({ column: "tenant_id" }), name: field.text() },
    });
    const { rows } = opened;
    const csv = "email,tenant,name\na@x.fr,1,A\nb@x.fr,2,B\nold@x.fr,1,New\nc@x.fr,1,C\n";
    const id = await ready(opened, csv, { context: {}, assignment: { mode: "none" }, strategy });
    const foretold = await opened.engine.dryRun(id);
    await opened.engine.commit(id);
    await workToEnd(opened.engine, id);
    const { job, counts, issues } = await opened.outcomeOf(id);
    const old = { update: { updated: 1 }, skip: { skipped: 1 }, create: { created: 3 } }[strategy];
    expect([job.status, some(counts)]).toEqual(["completed", { created: 2, failed: 1, ...old }]);
    expect(foretold.counts).toEqual(counts);
    expect(issues).toContainEqual([3, null, "database_rejected"]);
    expect(await rows("select count(*)::int as n from contacts where tenant_id = 2")).toEqual([{ n: 1 }]);
  },
);

it("deals round robin evenly as the role, over rows that the table leaves out", async () => {
  const opened = await open(
    {},
    {
      chunkRows: 4,
      ddl: `; create function no_q() returns trigger language plpgsql as $$ begin return case when new.name = 'q' then null else new end; end $$;
        create trigger no_q before insert on contacts for each row execute function no_q()`,
    },
  );
  const lines = Array.from({ length: 20 }, (_, k) => `n${k}@x.fr,${k % 4 < 2 && k < 12 ? "q" : "n"},,`);
  const id = await ready(opened, ["email,name,company,owner", ...lines].join("\n"), {
    assignment: { mode: "round-robin", owners: ["1", "2"].map((owner) => ({ owner, weight: 1 })) },
  });
  await opened.engine.commit(id);
  await workToEnd(opened.engine, id);
  const { job, counts } = await opened.outcomeOf(id);
  expect([job.status, some(counts)]).toEqual(["completed", { created: 14, skipped: 6 }]);
  expect(
    await opened.rows(
      "select owner_id, count(*)::int as n from contacts where owner_id is not null group by 1 order by 1",
    ),
  ).toEqual([
    { owner_id: 1, n: 7 },
    { owner_id: 2, n: 7 },
  ]);
});

it("runs an importer's own loader as the role", async () => {
  const opened = await open({
    history: undefined,
    load: ({ rows, target }) => `
      with upd as (update ${target} t set name = r.name from ${rows} r where t.id = r.record_id returning r.row_no, t.id),
        ins as (insert into ${target} (tenant_id, email, name) select tenant_id, email, name from ${rows} where action = 'create' returning email, id)
      select row_no, 'updated' as outcome, id as record_id from upd
      union all select r.row_no, 'created', i.id from ins i join ${rows} r on r.email = i.email`,
  });
  const id = await ready(opened, "email,name,company,owner\nold@x.fr,New,Acme,\nnew@x.fr,Fresh,Acme,anna@x.fr\n");
  const foretold = await opened.engine.dryRun(id);
  await opened.engine.commit(id);
  await workToEnd(opened.engine, id);
  const { job, counts } = await opened.outcomeOf(id);
  expect([job.status, some(counts), counts]).toEqual(["completed", { created: 1, updated: 1 }, foretold.counts]);
  expect(await opened.rows("select distinct seen_by from contacts where tenant_id = 1")).toEqual([
    { seen_by: opened.caller },
  ]);
});

const many = ["email,name,company,owner", ...Array.from({ length: 30 }, (_, k) => `m${k % 25}@x.fr,n${k},Acme,`)];

it("does each row once where its connection is killed within a chunk, as the role", async () => {
  let kills = 0;
  const opened: Awaited<ReturnType<typeof open>> = await open(
    {},
    {
      chunkRows: 7,
      onEvent: ({ name }) => {
        if (name === "chunk.loaded" && kills < 3) {
          kills++;
          throw Object.assign(new Error("the connection is gone"), { code: "08006" });
        }
      },
    },
  );
  const { engine, rows } = opened;
  const id = await ready(opened, many.join("\n"));
  await engine.commit(id);
  for (;;) {
    const over = await engine.work(id).catch(() => "again");
    if (over === "done" && (await engine.imports.get(id)).status === "completed") break;
  }
  expect(kills).toBe(3);
  expect(some((await opened.outcomeOf(id)).counts)).toEqual({ created: 25, updated: 5 });
  expect(
    await rows("select count(*)::int as n, count(distinct email)::int as mails from contacts where tenant_id = 1"),
  ).toEqual([{ n: 26, mails: 26 }]);
  expect(await undo(opened, id)).toMatchObject({ status: "undone", deleted: 25, kept: {} });
});

it("matches again as the role when a commit goes on after a pause, or another import writes meanwhile", async () => {
  const opened = await open({}, { chunkRows: 7, sliceMs: 1 });
  const { engine } = opened;
  const first = await ready(opened, many.join("\n"));
  const second = await ready(opened, many.slice(0, 20).join("\n"));
  await engine.commit(first);
  await engine.work(first);
  await engine.pause(first, "asked");
  await engine.work(first);
  await engine.commit(second);
  await workToEnd(engine, second);
  await engine.resume(first);
  await workToEnd(engine, first);
  const outcomes = await Promise.all([first, second].map(opened.outcomeOf));
  expect(outcomes.map(({ job }) => job.status)).toEqual(["completed", "completed"]);
  expect(
    await opened.rows(
      "select count(*)::int as n, count(distinct email)::int as mails from contacts where tenant_id = 1",
    ),
  ).toEqual([{ n: 26, mails: 26 }]);
});

it("keeps a record that rows refer to which the role does not see, where Sluice's own role does", async () => {
  const opened = await open(
    { fields: { email: field.email(), name: field.text() }, assign: undefined, history: undefined },
    {
      ddl: `; create table notes (id serial primary key, contact integer references contacts on delete cascade);
        alter table notes enable row level security; grant select on notes to caller`,
    },
  );
  const job = await opened.importCsv(opened.contacts, "email,name\nnew@x.fr,Fresh\nother@x.fr,Other\n", {
    context: { tenant_id: "1" },
  });
  const id = job.job.id;
  await opened.rows("insert into notes (contact) select id from contacts where email = 'new@x.fr'");
  await expect(opened.engine.undo(id, "ann")).rejects.toThrow(
    /notes refers to contacts, but the database user app_\w+ may not read it/,
  );
  await opened.rows(
    `grant select on notes to ${(await opened.rows<{ role: string }>("select rolname as role from pg_roles where rolname like 'app\\_%' and has_schema_privilege(rolname, 'sluice_stage', 'create') and not rolsuper limit 1"))[0].role}`,
  );
  await expect(opened.engine.undo(id, "ann")).rejects.toThrow(/row-level security hides some of its rows/);
  await opened.rows("alter table notes disable row level security");
  expect(await undo(opened, id)).toMatchObject({ status: "undone", deleted: 1, kept: { referred_to: 1 } });
});

it("says what a role lacks before the first row", async () => {
  const { database, contacts, caller } = await open();
  const own = await database.query<{ name: string }>(sql`
    select rolname as name from pg_roles r where has_schema_privilege(r.oid, 'sluice_stage', 'create') and not rolsuper`);
  expect(own).not.toEqual([]);
  const errors = async (importer = contacts) =>
    (await checkImporter(database, importer)).filter(({ level }) => level === "error").map(({ message }) => message);
  expect(await errors()).toEqual([]);
  // Whose the company of a raw id is.
  await database.query(sql`revoke select on companies from ${sql.id(caller)}`);
  const byId = contactsOf(caller, {
    fields: { email: field.email(), company: field.integer({ column: "company_id" }) },
  });
  expect(await errors(byId)).toEqual([
    `The database user ${caller} lacks the right to select on public.companies, which the importer "contacts" needs. Run: grant select on public.companies to ${caller}`,
  ]);
  await database.query(sql`grant select on companies to ${sql.id(caller)}`);
  await database.query(sql`revoke update on contacts from ${sql.id(caller)}`);
  expect(await errors()).toEqual([
    `The database user ${caller} lacks the right to update on contacts, which the importer "contacts" needs. Run: grant update on contacts to ${caller}`,
  ]);
  const nobody = defineImporter({ ...contacts, session: () => ({ role: "nobody at all" }) });
  expect((await checkImporter(database, nobody)).map(({ message }) => message)).toEqual([
    'The `session` of the importer "contacts" asks for the role "nobody at all", which the database does not have. Create it, or name another.',
  ]);
});

it("refuses an import as a role that the database user may not act as", async () => {
  const caller = freshRole();
  const contacts = contactsOf(caller);
  const opened = await openEngine([contacts], ddlFor(caller), { grants: "select" });
  await expect(opened.importCsv(contacts, text, options)).rejects.toThrow(
    /database user may not act as the role "caller \w+", which the `session` of the importer "contacts" asks for/,
  );
});
