/** Who reaches what over Supabase's API: each role on each table with each verb, as PostgREST asks, and how the policies are planned. */
import { expect, it } from "vitest";
import { migrateDatabase } from "../../src/app.ts";
import { resolveOptions } from "../../src/config.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { shippedImporters } from "../../src/importers/shipped.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { followedColumns } from "../../src/postgres/supabase/job-policies.ts";
import { type Caller, type SupabaseDatabase, supabaseDatabase } from "../supabase-database.ts";
import { wholeFile } from "../supabase-project.ts";

const [ann, bo, cid, ola] = ["a", "b", "c", "d"].map((letter) => `${letter.repeat(8)}-0000-4000-8000-000000000000`);
const person = (sub: string, claims: object = {}): Caller => ({ role: "authenticated", claims: { sub, ...claims } });

const callers: Readonly<Record<string, Caller>> = {
  anon: { role: "anon" },
  ann: person(ann),
  // An admin by the profile, an operator by what the server has put into the token.
  admin: person(cid),
  operator: person(ola, { app_metadata: { role: "operator" } }),
  // What a person may write of themselves says nothing.
  pretender: person(bo, { user_metadata: { role: "admin" }, role: "authenticated" }),
  // An anonymous user has the id of an admin, to be sure that it does not count.
  anonymous: person(cid, { is_anonymous: true, app_metadata: { role: "admin" } }),
  service: { role: "service_role" },
};

/** Two people's rows of everything, and one of nobody. */
const rows = `
  insert into profiles (id, email, role) values ('${ann}', 'ann@x.fr', 'sales'), ('${bo}', 'bo@x.fr', 'sales'), ('${cid}', 'cid@x.fr', 'admin');
  insert into leads (email, assigned_to) values ('1@x.fr', '${ann}'), ('2@x.fr', '${bo}'), ('3@x.fr', null);
  insert into lead_history (lead_id, event) select id, 'created' from leads;
  insert into year_wheels (owner_id, name) values ('${ann}', 'A'), ('${bo}', 'B'), ('somebody', 'C');
  insert into wheel_pages (wheel_id, year) select id, 2026 from year_wheels;
  insert into rings (wheel_id, name) select id, 'r' from year_wheels;
  insert into activity_groups (wheel_id, name) select id, 'g' from year_wheels;
  insert into labels (wheel_id, name) select id, 'l' from year_wheels;
  insert into items (wheel_id, page_id, name, start_date, end_date) select w.id, p.id, 'i', '2026-01-01', '2026-01-01' from year_wheels w join wheel_pages p on p.wheel_id = w.id;
  insert into brands (name) values ('x'); insert into categories (name) values ('x');
  insert into products (code) values ('x');
  insert into product_prices (product_id) select id from products;
  insert into product_stocks (product_id, warehouse, quantity) select id, 'x', 1 from products;
  insert into dealers (code, name) values ('x', 'x');
  insert into sluice.import_jobs (importer, file_name, file_hash, file_size, storage_path, dialect, column_mapping, assignment_config, duplicate_config, target, created_by, context)
    select 'leads', 'f.csv', 'h', 1, '/secret', '{}', '{}', '{}', '{}', 'public.leads', by, context::jsonb
    from (values ('${ann}', '{}'), ('${bo}', '{}'), ('${bo}', '{"wheel_id": "2"}'), (null, '{}')) j (by, context);
  insert into sluice.import_rows (job_id, row_no, outcome, issues) select id, 2, 'invalid', '[{"c": "required"}]' from sluice.import_jobs;`;

/** Of a table: what a caller may insert for themselves (`mine`) and for another (`other`), and a column that an update sets. */
interface Tried {
  mine: (id: string) => string;
  other: string;
  set: string;
}
const named = { mine: () => "(name) values ('new')", other: "(name) values ('newer')", set: "name" };
const onWheel = (columns: string, values: string): Tried => ({
  mine: (id) => `(wheel_id, ${columns}) select id, ${values} from year_wheels where owner_id = '${id}'`,
  // The sub-select would see nothing of another's wheel.
  other: `(wheel_id, ${columns}) values (3, ${values})`,
  set: "wheel_id",
});
const tried: Readonly<Record<string, Tried>> = {
  profiles: { mine: () => "(email) values ('new@x.fr')", other: "(email) values ('newer@x.fr')", set: "role" },
  leads: { mine: (id) => `(assigned_to) values ('${id}')`, other: "(assigned_to) values (null)", set: "notes" },
  lead_history: {
    mine: () => "(lead_id, event) values (1, 'x')",
    other: "(lead_id, event) values (3, 'x')",
    set: "event",
  },
  year_wheels: {
    mine: (id) => `(owner_id, name) values ('${id}', 'x')`,
    other: "(owner_id, name) values ('other', 'x')",
    set: "name",
  },
  wheel_pages: onWheel("year", "1999"),
  rings: onWheel("name", "'new'"),
  activity_groups: onWheel("name", "'new'"),
  labels: onWheel("name", "'new'"),
  items: onWheel("page_id, name, start_date, end_date", "1, 'x', '2026-01-01', '2026-01-01'"),
  brands: named,
  categories: named,
  products: { mine: () => "(code) values ('new')", other: "(code) values ('newer')", set: "name" },
  product_prices: {
    mine: () => "(product_id, valid_to) values (1, now())",
    other: "(product_id, valid_to) values (1, now())",
    set: "amount",
  },
  product_stocks: {
    mine: () => "(product_id, warehouse, quantity) values (1, 'new', 1)",
    other: "(product_id, warehouse, quantity) values (1, 'newer', 1)",
    set: "quantity",
  },
  dealers: { mine: () => "(code, name) values ('new', 'x')", other: "(code, name) values ('newer', 'x')", set: "name" },
  "sluice.import_jobs": {
    mine: (id) =>
      `(importer, file_name, file_hash, file_size, storage_path, dialect, column_mapping, assignment_config, duplicate_config, target, created_by) values ('leads', '', '', 0, '', '{}', '{}', '{}', '{}', '', '${id}')`,
    other:
      "(importer, file_name, file_hash, file_size, storage_path, dialect, column_mapping, assignment_config, duplicate_config, target, created_by) values ('leads', '', '', 0, '', '{}', '{}', '{}', '{}', '', 'other')",
    set: "status",
  },
  "sluice.import_rows": {
    mine: () => "(job_id, row_no, outcome) values (1, 9, 'invalid')",
    other: "(job_id, row_no, outcome) values (2, 9, 'invalid')",
    set: "outcome",
  },
};

/** `rows seen, inserts for oneself / for another, rows updated, rows deleted`; `-`: refused, for want of a right or by the policy. */
async function reach({ as }: SupabaseDatabase, table: string, caller: Caller): Promise<string> {
  const { mine, other, set } = tried[table];
  const sub = String(caller.claims?.sub ?? ann);
  const key = table === "sluice.import_rows" ? "job_id" : "id";
  const shown = (result: unknown): string =>
    result === "42501" ? "-" : Array.isArray(result) ? String(result.length) : String(result);
  return [
    shown(await as(caller, `select ${key} from ${table}`)),
    `${shown(await as(caller, `insert into ${table} ${mine(sub)}`))}/${shown(await as(caller, `insert into ${table} ${other}`))}`,
    shown(await as(caller, `update ${table} set ${set} = ${set}`)),
    shown(await as(caller, `delete from ${table}`)),
  ].join(" ");
}

it("lets each role do with each table what it may, and nothing else", async () => {
  const project = await supabaseDatabase();
  await project.apply(await wholeFile());
  await project.database.query(sql.raw(rows));
  // What else refers to a row is not the question here.
  for (const table of Object.keys(tried))
    await project.database.query(sql.raw(`alter table ${table} disable trigger all`));
  const found: Record<string, Record<string, string>> = {};
  for (const table of Object.keys(tried)) {
    found[table] = {};
    for (const [name, caller] of Object.entries(callers)) found[table][name] = await reach(project, table, caller);
  }
  const none = "- -/- - -";
  const all = (rows: number): string => `${rows} 1/1 ${rows} ${rows}`;
  const readOnly = (rows: number) => `${rows} -/- 0 0`;
  const wheel = {
    anon: none,
    ann: "1 1/- 1 1",
    admin: "0 0/- 0 0",
    operator: "0 0/- 0 0",
    pretender: "1 1/- 1 1",
    anonymous: "0 0/- 0 0",
    service: "3 1/1 3 3",
  };
  const catalogue = {
    ...{ anon: none, ann: readOnly(1), admin: all(1), operator: readOnly(1), pretender: readOnly(1) },
    ...{ anonymous: readOnly(0), service: all(1) },
  };
  expect(found).toEqual({
    profiles: {
      anon: none,
      ann: readOnly(1),
      admin: all(3),
      operator: readOnly(0),
      pretender: readOnly(1),
      anonymous: readOnly(1),
      service: all(3),
    },
    leads: {
      anon: none,
      ann: "1 1/- 1 0",
      admin: all(3),
      operator: "0 1/- 0 0",
      pretender: "1 1/- 1 0",
      anonymous: "0 1/- 0 0",
      service: all(3),
    },
    lead_history: {
      anon: none,
      ann: "1 -/- - -",
      admin: "3 -/- - -",
      operator: "0 -/- - -",
      pretender: "1 -/- - -",
      anonymous: "0 -/- - -",
      service: all(3),
    },
    year_wheels: { ...wheel, admin: "0 1/- 0 0", operator: "0 1/- 0 0", anonymous: "0 1/- 0 0", service: all(3) },
    ...Object.fromEntries(["wheel_pages", "rings", "activity_groups", "labels", "items"].map((name) => [name, wheel])),
    ...Object.fromEntries(
      ["brands", "categories", "products", "product_prices", "product_stocks"].map((name) => [name, catalogue]),
    ),
    dealers: { ...catalogue, ann: readOnly(0), operator: readOnly(0), pretender: readOnly(0) },
    // Without a context: those of Ann, Bo and nobody. Nobody makes or changes one but by Sluice's API.
    "sluice.import_jobs": {
      anon: none,
      ann: "1 -/- - -",
      admin: "3 -/- - -",
      operator: "4 -/- - -",
      pretender: "2 -/- - -",
      anonymous: "0 -/- - -",
      service: all(4),
    },
    "sluice.import_rows": {
      anon: none,
      ann: "1 -/- - -",
      admin: "3 -/- - -",
      operator: "4 -/- - -",
      pretender: "2 -/- - -",
      anonymous: "0 -/- - -",
      service: all(4),
    },
  });

  // A record stays whose it is.
  expect(await project.as(callers.ann, `update leads set assigned_to = '${bo}'`)).toBe("42501");
  expect(await project.as(callers.ann, `update year_wheels set owner_id = '${bo}'`)).toBe("42501");
  expect(await project.as(callers.ann, "update items set wheel_id = 2")).toBe("42501");

  // How far an import is, and nothing else of it; nothing at all of what Sluice keeps beside.
  for (const column of followedColumns)
    expect([column, await project.as(callers.ann, `select ${column} from sluice.import_jobs`)]).toEqual([
      column,
      [expect.anything()],
    ]);
  const columns = await project.database.query<{ name: string }>(
    sql`select attname::text as name from pg_attribute where attrelid = 'sluice.import_jobs'::regclass and attnum > 0 and not attisdropped`,
  );
  for (const { name } of columns.filter((each) => !followedColumns.includes(each.name)))
    expect([name, await project.as(callers.admin, `select ${name} from sluice.import_jobs`)]).toEqual([name, "42501"]);
  const others = await project.database.query<{ name: string }>(sql`
    select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('sluice', 'sluice_stage') and c.relkind = 'r' and c.relname not in ('import_jobs', 'import_rows')
  `);
  expect(others.length).toBeGreaterThan(15);
  for (const { name } of others)
    for (const caller of [callers.anon, callers.admin])
      for (const statement of [`select from ${name}`, `delete from ${name}`])
        expect([statement, await project.as(caller, statement)]).toEqual([statement, "42501"]);
  expect(await project.as(callers.anon, "select sluice_auth.get_user_role()")).toBe("42501");
  for (const view of ['"ImportLog"', '"ImportErrorsLog"']) {
    expect(await project.as(callers.admin, `select from ${view}`)).toBe("42501");
    expect(await project.as(callers.service, `select from ${view}`)).toHaveLength(4);
  }

  // Asked once for a statement, not for each row: an InitPlan, and no function in a filter.
  for (const table of Object.keys(tried)) {
    const plan = (await project.as(
      callers.ann,
      `explain (verbose, costs off) select id from ${table === "sluice.import_rows" ? "(select job_id as id from sluice.import_rows) r" : table}`,
    )) as { "QUERY PLAN": string }[];
    const lines = plan.map((line) => line["QUERY PLAN"]);
    expect([table, lines.some((line) => line.includes("InitPlan"))]).toEqual([table, true]);
    expect([
      table,
      lines.filter((line) => line.includes("Filter") && /\b(?:uid|jwt|get_user_role|current_setting)\(/.test(line)),
    ]).toEqual([table, []]);
  }

  // One table is published, and whoever follows it is told what they may read.
  expect(
    await project.database.query(
      sql`select schemaname::text, tablename::text from pg_publication_tables where pubname = 'supabase_realtime'`,
    ),
  ).toEqual([{ schemaname: "sluice", tablename: "import_jobs" }]);
  // The file again changes nothing, and neither does its owner's work suffer from the policies.
  await project.apply(await wholeFile());
  expect(await reach(project, "leads", callers.ann)).toBe("1 1/- 1 0");
});

it("gives every exposed table of the shipped importers one policy for each verb and role, with an index for what it compares", async () => {
  const { apply, database, url } = await supabaseDatabase();
  await apply(await wholeFile());
  // What a server makes beside: the queue, none of whose functions goes by its caller's search path (Splinter 0011).
  await migrateDatabase(resolveOptions("test", {}, { databaseUrl: url, importers: [...shippedImporters] }));
  const mutable = await database.query(sql`
    select oid::regprocedure::text from pg_proc where array_to_string(proconfig, ',') like '%search_path=%' is not true
      and pronamespace::regnamespace::text in ('public', 'sluice', 'sluice_auth', 'sluice_queue')
  `);
  expect(mutable).toEqual([]);
  const names = shippedImporters.flatMap(({ tables = [] }) => tables.map(({ name }) => name));
  const open = await database.query(sql`
    select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and not relrowsecurity
  `);
  expect(open).toEqual([]);
  const policies = await database.query<{ table: string; verb: string; roles: string }>(sql`
    select tablename::text as table, cmd as verb, roles::text as roles from pg_policies where schemaname = 'public'
  `);
  expect(new Set(policies.map(({ table }) => table))).toEqual(new Set(names));
  expect(new Set(policies.map(({ roles }) => roles))).toEqual(new Set(["{authenticated}"]));
  expect(new Set(policies.map(({ table, verb }) => `${table} ${verb}`)).size).toBe(policies.length);
  const unindexed = await database.query(sql`
    select k.conrelid::regclass::text as table, a.attname::text as column
    from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
    where k.contype = 'f' and k.connamespace = 'public'::regnamespace
      and not exists (select from pg_index i where i.indrelid = k.conrelid and i.indkey[0] = a.attnum and i.indpred is null)
  `);
  expect(unindexed).toEqual([]);
});

it("closes what the server makes by itself, and lets in a role that migrate grants to", async () => {
  const { as, database, url } = await supabaseDatabase();
  await database.query(
    sql.raw(
      "do $$ begin create role granted_backend nologin; exception when duplicate_object or unique_violation then null; end $$",
    ),
  );
  const config = resolveOptions("test", {}, { databaseUrl: url, importers: [leads] });
  await migrateDatabase(config);
  await database.query(sql.raw("insert into leads (email) values ('1@x.fr')"));
  // Supabase's default privileges give everybody the right to the table; without a policy they see nothing of it.
  for (const role of ["anon", "authenticated"] as const)
    for (const statement of ["select from leads", "update leads set notes = 'x'"])
      expect([role, statement, [await as({ role }, statement)].flat()]).toEqual([
        role,
        statement,
        statement.startsWith("s") ? [] : [0],
      ]);
  // Before the file and after it.
  for (const text of ["select 1", await wholeFile([leads])]) {
    await database.session((session) => session.text(text));
    await migrateDatabase(config, { grant: "granted_backend" });
    const backend = { role: "granted_backend" as "anon" };
    expect(await as(backend, "update leads set notes = 'x'")).toBe(1);
    expect(await as(backend, "select from sluice.import_jobs")).toEqual([]);
    expect(
      await as(
        backend,
        "insert into sluice.import_rows (job_id, row_no, outcome) select id, 2, 'invalid' from sluice.import_jobs",
      ),
    ).toBe(0);
  }
});

it("gives nobody who comes by the API a right to a table beside reading and writing rows, nor to what is no table", async () => {
  const { as, apply, database, url } = await supabaseDatabase();
  await apply(await wholeFile());
  await migrateDatabase(resolveOptions("test", {}, { databaseUrl: url, importers: [...shippedImporters] }));
  const [{ version }] = await database.query<{ version: number }>(
    sql`select current_setting('server_version_num')::int as version`,
  );
  // Policies bind none of these: TRUNCATE empties a table, REFERENCES and TRIGGER tell of its rows, MAINTAIN locks it; and none is theirs to hand on.
  const handedOn = ["select", "insert", "update", "delete"].map((verb) => `${verb} with grant option`);
  const beside = ["truncate", "references", "trigger", ...(version >= 170_000 ? ["maintain"] : []), ...handedOn];
  const roles = ["anon", "authenticated"] as const;
  for (const role of roles) {
    const held = await database.query<{ table: string; verb: string }>(sql`
      select c.oid::regclass::text as table, verb from pg_class c, unnest(${beside}::text[]) verb
      where c.relnamespace::regnamespace::text in ('public', 'sluice', 'sluice_stage', 'sluice_queue')
        and c.relkind in ('r', 'p', 'v', 'm', 'f') and has_table_privilege(${role}, c.oid, verb)
    `);
    expect([role, held]).toEqual([role, []]);
    const run = await database.query(sql`
      select p.oid::regprocedure::text as function from pg_proc p
      where p.pronamespace::regnamespace::text in ('sluice', 'sluice_stage', 'sluice_queue')
        and has_schema_privilege(${role}, p.pronamespace, 'usage') and has_function_privilege(${role}, p.oid, 'execute')
        and p.prosecdef
    `);
    expect([role, run]).toEqual([role, []]);
    const numbers = await database.query(sql`
      select c.oid::regclass::text as sequence from pg_class c
      where c.relkind = 'S' and c.relnamespace::regnamespace::text in ('sluice', 'sluice_stage', 'sluice_queue')
        and has_schema_privilege(${role}, c.relnamespace, 'usage')
        and case c.relkind when 'S' then has_sequence_privilege(${role}, c.oid, 'select, usage, update') end
    `);
    expect([role, numbers]).toEqual([role, []]);
    const made = await database.query(sql`
      select nspname::text from pg_namespace
      where nspname in ('sluice', 'sluice_auth', 'sluice_stage', 'sluice_queue') and has_schema_privilege(${role}, oid, 'create')
    `);
    expect([role, made]).toEqual([role, []]);
  }
  // As statements, by people of each kind; `setval` would have the next records collide.
  const statements = [
    ...["truncate leads", "truncate sluice.import_jobs cascade"],
    ...["create table sluice.x ()", "create table mine (id bigint references leads)", "create index on leads (email)"],
    ...["alter table leads disable row level security", "alter table leads owner to authenticated", "drop table leads"],
    ...["create policy mine on leads using (true)", "comment on table leads is ''"],
    ...["create trigger t before insert on leads for each row execute function suppress_redundant_updates_trigger()"],
    ...["alter publication supabase_realtime add table leads", "vacuum leads"],
    ...["select pg_read_file('/etc/passwd')"],
    ...[
      "copy leads to program 'true'",
      "select lo_import('/etc/passwd')",
      "do $$ begin execute 'truncate leads'; end $$",
    ],
    ...["create function sluice_auth.get_user_role() returns text language sql as 'select 1::text'"],
  ];
  const refused = /^(?:42501|42P17|25001)$/;
  const done: string[][] = [];
  for (const name of ["anon", "ann", "admin", "operator", "anonymous"])
    for (const statement of statements) {
      const said = String(await as(callers[name], statement));
      if (!refused.test(said)) done.push([name, statement, said]);
    }
  expect(done).toEqual([]);
});
