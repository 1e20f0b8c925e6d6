/** What a table does to a row on its own: it cuts nothing, leaves rows out, changes them, refuses them, and every row is counted as what it became. */
import { expect, it } from "vitest";
import { defineImporter, field, type Importer, ref } from "../../src/index.ts";
import { openEngine, some, workToEnd } from "../open-engine.ts";

const kinds = (merge: "overwrite" | "fill" | "clear"): Importer =>
  defineImporter({
    name: "kinds",
    fields: {
      code: field.text({ required: true }),
      v5: field.text({ merge }),
      c2: field.text({ merge }),
      s5: field.text({ merge }),
      s5b: field.text({ merge }),
      nm: field.text({ merge }),
      ch: field.text({ merge }),
    },
    match: { keys: ["code"], onDuplicate: "update" },
    target: { table: "kinds" },
  });
const kindsDdl = `
  create domain short5 as varchar(5); create domain shorter5 as short5;
  create table kinds (id serial primary key, code text unique, v5 varchar(5), c2 char(2), s5 short5, s5b shorter5, nm name, ch "char")`;

it.each(["overwrite", "fill", "clear"] as const)(
  "cuts no value that is too long, neither of a new record nor with merge %s into one that is there",
  async (merge) => {
    const importer = kinds(merge);
    const { importCsv, dryRun, rows } = await openEngine([importer], kindsDdl);
    const long: Record<string, string> = {
      v5: "abcdefghij",
      c2: "FRA",
      s5: "abcdefghij",
      s5b: "abcdefghij",
      nm: "n".repeat(64),
      ch: "xy",
    };
    const names = Object.keys(long);
    const text = (code: string): string =>
      `code,${names.join(",")}\n${names.map((name, k) => `${code}${k},${names.map((each) => (each === name ? long[name] : "")).join(",")}`).join("\n")}\n`;
    const map = ["code", ...names].map((name) => ({ column: name, field: name }));
    const expected = names.map((name, k) => [k + 2, name, "database_too_long"]);
    expect(some((await dryRun(importer, text("k"), { map })).counts)).toEqual({ invalid: 6 });
    expect((await importCsv(importer, text("k"), { map })).issues).toEqual(expected);
    await rows("insert into kinds (code) select 'k' || k from generate_series(0, 5) k");
    const { counts, issues } = await importCsv(importer, text("k"), { map });
    expect({ refused: counts.invalid + counts.failed, rows: issues.map(([row]) => row) }).toEqual({
      refused: 6,
      rows: [2, 3, 4, 5, 6, 7],
    });
    expect(new Set(issues.map(([, , code]) => code))).toEqual(new Set(["database_too_long"]));
    expect(await rows("select distinct v5, c2, s5, s5b, nm, ch from kinds")).toEqual([
      { v5: null, c2: null, s5: null, s5b: null, nm: null, ch: null },
    ]);
  },
);

it.each([
  ["varchar(5)[]", "overwrite"],
  ["short5[]", "overwrite"],
  ["short5[]", "fill"],
  ["char(5)[]", "fill"],
  ["shorts", "overwrite"],
  ["shorts", "append"],
] as const)("cuts no element that is too long for %s with merge %s", async (type, merge) => {
  const importer = defineImporter({
    name: "lists",
    fields: { code: field.text({ required: true }), tags: field.list(field.text(), { merge }) },
    match: { keys: ["code"], onDuplicate: "update" },
    target: { table: "lists" },
  });
  const { importCsv, rows } = await openEngine(
    [importer],
    `create domain short5 as varchar(5); create domain shorts as short5[];
    create table lists (id serial primary key, code text unique, tags ${type}); insert into lists (code) values ('there')`,
  );
  const { counts, issues } = await importCsv(importer, "code;tags\nnew;abcdefgh\nthere;ok|abcdefgh\nfits;abcde|é\n");
  expect({ refused: counts.invalid + counts.failed, created: counts.created }).toEqual({ refused: 2, created: 1 });
  expect(issues.map(([row, , code]) => [row, code])).toEqual([
    [2, "database_too_long"],
    [3, "database_too_long"],
  ]);
  expect(
    await rows("select code, array(select rtrim(e) from unnest(tags::text[]) e) as tags from lists order by id"),
  ).toEqual([
    { code: "there", tags: [] },
    { code: "fits", tags: ["abcde", "é"] },
  ]);
});

it("takes what fits, and finds it unchanged the next time", async () => {
  const importer = kinds("overwrite");
  const { importCsv } = await openEngine([importer], kindsDdl);
  const text = "code,v5,c2,s5,s5b,nm,ch\na,abcde,FR,abcde,abcde,name,x\nb,é,F,ü,ü,é,y\n";
  expect(some((await importCsv(importer, text)).counts)).toEqual({ created: 2 });
  expect(some((await importCsv(importer, text)).counts)).toEqual({ unchanged: 2 });
});

const trig = defineImporter({
  name: "trig",
  fields: { code: field.text({ required: true }), name: field.text(), note: field.text() },
  match: { keys: ["code"], onDuplicate: "update" },
  target: { table: "trig" },
  history: { table: "trig_history", record: "record_id" },
});
const trigDdl = (id: string): string => `
  create table trig (id ${id}, code text, name text, note text);
  create table trig_history (record_id text, event text, old_values jsonb, new_values jsonb);
  create function trig_skip() returns trigger language plpgsql as $$ begin
    if new.name like 'skip%' then return null; end if;
    if new.name like 'bad%' then raise exception 'bad name %', new.name using errcode = 'ZZ001'; end if;
    if new.name like 'same%' then return old; end if;
    new.name := upper(new.name); return new; end $$;
  create trigger t before insert or update on trig for each row execute function trig_skip()`;
const ids = [
  "serial primary key",
  "bigint generated always as identity primary key",
  "uuid primary key default gen_random_uuid()",
];

it.each(ids)("counts and lists the rows that a trigger leaves out of a table whose id is %s", async (id) => {
  const { importCsv, rows, engine } = await openEngine([trig], trigDdl(id), { chunkRows: 10 });
  const first = await importCsv(
    trig,
    "code,name\nt1,ok one\nt2,skip me\nt3,bad boy\nt4,fine\nt5,then\nt5,skip this\nt6,better\nt6,bad one\n",
    { strategy: "update" },
  );
  expect({ counts: some(first.counts), issues: first.issues }).toEqual({
    counts: { created: 4, skipped: 2, failed: 2 },
    issues: [
      [3, null, "database_skipped"],
      [4, null, "database_rejected"],
      [7, null, "database_skipped"],
      [9, null, "database_rejected"],
    ],
  });
  expect(first.issueCounts).toEqual(expect.arrayContaining([{ field: null, code: "database_skipped", count: 2 }]));
  const stored = "select code, name from trig order by code";
  expect(await rows(stored)).toEqual([
    { code: "t1", name: "OK ONE" },
    { code: "t4", name: "FINE" },
    { code: "t5", name: "THEN" },
    { code: "t6", name: "BETTER" },
  ]);
  await engine.undo(first.job.id);
  await engine.work(first.job.id);
  expect(await rows("select code from trig")).toEqual([]);
});

it("counts changes that a trigger leaves out or takes back, and undoes what was really written", async () => {
  const { importCsv, rows, engine } = await openEngine(
    [trig],
    `${trigDdl(ids[0])}; insert into trig (code, name) values ('t1', 'ok one'), ('t4', 'fine'), ('t5', 'then'), ('t6', 'better')`,
  );
  const second = await importCsv(trig, "code,name,note\nt1,skip now,n\nt4,fine,\nt5,same,n\nt6,great,n\n");
  expect({ counts: some(second.counts), issues: second.issues }).toEqual({
    counts: { updated: 1, unchanged: 2, skipped: 1 },
    issues: [[2, null, "database_skipped"]],
  });
  expect(
    await rows("select old_values, new_values from trig_history where event = 'updated' and new_values ? 'note'"),
  ).toEqual([{ old_values: { name: "BETTER", note: null }, new_values: { name: "GREAT", note: "n" } }]);
  await engine.undo(second.job.id);
  await engine.work(second.job.id);
  expect(await rows("select code, name from trig where code = 't6'")).toEqual([{ code: "t6", name: "BETTER" }]);
});

it("counts what a view's trigger leaves out, and what no id can tell of", async () => {
  const importer = defineImporter({ ...trig, history: undefined, target: { table: "v" } });
  const { importCsv, rows } = await openEngine(
    [importer],
    `create table base (id serial primary key, code text, name text, note text);
    create view v as select * from base;
    create function v_write() returns trigger language plpgsql as $$ begin
      if new.name like 'skip%' then return null; end if;
      if tg_op = 'INSERT' then insert into base (code, name) values (new.code, new.name) returning id into new.id;
      else update base set name = new.name where id = new.id; end if;
      return new; end $$;
    create trigger t instead of insert or update on v for each row execute function v_write()`,
  );
  expect(some((await importCsv(importer, "code,name\na,one\nb,skip\nc,three\nd,skip\n")).counts)).toEqual({
    created: 2,
    skipped: 2,
  });
  expect(some((await importCsv(importer, "code,name\na,skip\nc,other\n")).counts)).toEqual({ updated: 1, skipped: 1 });
  expect(await rows("select code, name from base order by id")).toEqual([
    { code: "a", name: "one" },
    { code: "c", name: "other" },
  ]);
});

it("counts the rows that a loader does not tell of, where the table has triggers that leave rows out", async () => {
  const importer = defineImporter({
    ...trig,
    history: undefined,
    load: ({ rows, target }) => `
      with made as (insert into ${target} (code, name) select code, name from ${rows} returning id, code)
      select r.row_no, 'created' as outcome, m.id as record_id from ${rows} r join made m on m.code = r.code`,
  });
  const { importCsv, dryRun } = await openEngine([importer], trigDdl(ids[0]));
  const text = "code,name\na,one\nb,skip\nc,bad\n";
  expect(some((await dryRun(importer, text)).counts)).toEqual({ created: 1, skipped: 1, failed: 1 });
  const { counts, issues } = await importCsv(importer, text);
  expect({ counts: some(counts), issues }).toEqual({
    counts: { created: 1, skipped: 1, failed: 1 },
    issues: [
      [3, null, "database_skipped"],
      [4, null, "database_rejected"],
    ],
  });
});

const plain = defineImporter({
  name: "plain",
  fields: { code: field.text({ required: true }), name: field.text() },
  match: { keys: ["code"], onDuplicate: "update" },
  target: { table: "plain" },
});

it("rejects the row that an index cannot hold, and takes the others", async () => {
  const { importCsv, dryRun } = await openEngine(
    [plain],
    "create table plain (id serial primary key, code text, name text); create index on plain (name)",
  );
  // Text that does not compress.
  let seed = 1;
  const long = Array.from({ length: 20_000 }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return String.fromCharCode(97 + (seed % 26));
  }).join("");
  const text = `code,name\na,ok\nb,${long}\nc,ok\n`;
  expect(some((await dryRun(plain, text)).counts)).toEqual({ created: 2, failed: 1 });
  const { counts, issues } = await importCsv(plain, text);
  expect({ counts: some(counts), issues }).toEqual({
    counts: { created: 2, failed: 1 },
    issues: [[3, null, "database_rejected"]],
  });
});

it.each([
  ["a syntax error of what a trigger executes", "execute 'selec 1'"],
  ["a table that is not there", "perform * from nowhere"],
  ["a function that is not supported", "raise feature_not_supported"],
  ["a class of its own", "raise exception 'no' using errcode = 'CRM01'"],
  ["an internal error", "raise exception 'no' using errcode = 'XX000'"],
  ["an assertion", "assert false"],
  ["a class that is a connection's", "raise exception 'no' using errcode = '08001'"],
  ["a class that is an operator's", "raise exception 'no' using errcode = '57014'"],
  ["a class that is a transaction's", "raise exception 'no' using errcode = '40001'"],
  ["a sequence that was not drawn from", "perform currval('s')"],
])("rejects the one row for which a trigger fails by %s", async (_what, statement) => {
  const { importCsv, dryRun } = await openEngine(
    [plain],
    `create table plain (id serial primary key, code text, name text); create sequence s;
    create function f() returns trigger language plpgsql as $$ begin if new.name = 'bad' then ${statement}; end if; return new; end $$;
    create trigger t after insert on plain for each row execute function f()`,
  );
  const text = "code,name\na,ok\nb,bad\nc,ok\n";
  expect(some((await dryRun(plain, text)).counts)).toEqual({ created: 2, failed: 1 });
  const { counts, job } = await importCsv(plain, text);
  expect({ counts: some(counts), status: job.status }).toEqual({
    counts: { created: 2, failed: 1 },
    status: "completed",
  });
});

it("pauses with what to do where no row can go in for want of a right or a function", async () => {
  const { importCsv, rows, engine, outcomeOf } = await openEngine(
    [plain],
    `create table plain (id serial primary key, code text, name text);
    create function f() returns trigger language plpgsql as $$ begin perform gone(); return new; end $$;
    create trigger t after insert on plain for each row execute function f()`,
  );
  const { job } = await importCsv(plain, "code,name\na,ok\nb,ok\n");
  expect(job).toMatchObject({
    status: "paused",
    errorMessage: expect.stringMatching(
      /public\.plain rejects every row: function gone\(\) does not exist.*resume the import/,
    ),
  });
  await rows("drop trigger t on plain");
  await engine.resume(job.id);
  await engine.work(job.id);
  expect(some((await outcomeOf(job.id)).counts)).toEqual({ created: 2 });
});

it("says what to match by where a unique index refuses row after row, and goes on without them when told to", async () => {
  const uq = defineImporter({
    name: "uq",
    fields: { ext: field.text({ required: true }), email: field.email(), name: field.text() },
    match: { keys: ["ext"], onDuplicate: "update" },
    target: { table: "uq" },
  });
  const { importCsv, dryRun, engine, outcomeOf, rows } = await openEngine(
    [uq],
    `create table uq (id serial primary key, ext text, email text, name text); create unique index uq_email on uq (lower(email));
    insert into uq (ext, email) select 'e' || k, 'u' || k || '@x.io' from generate_series(0, 149) k`,
  );
  const text = `ext,email,name\n${Array.from({ length: 152 }, (_, k) => `f${k},u${k}@x.io,N${k}`).join("\n")}\n`;
  await expect(dryRun(uq, text)).rejects.toThrow(/would stop at rows that the database rejects.*uq_email/);
  const { job } = await importCsv(uq, text);
  expect(job).toMatchObject({
    status: "paused",
    errorMessage: expect.stringMatching(
      /"uq_email"\. The index uq_email does not allow two records with the same email\. Match on email/,
    ),
  });
  await engine.reject(job.id);
  await workToEnd(engine, job.id);
  const after = await outcomeOf(job.id);
  expect({ status: after.job.status, counts: some(after.counts) }).toEqual({
    status: "completed",
    counts: { created: 2, failed: 150 },
  });
  expect(await rows("select ext from uq where ext like 'f%' order by id")).toEqual([{ ext: "f150" }, { ext: "f151" }]);
  const matched = await importCsv(uq, text, { keys: ["email"] });
  expect(some(matched.counts)).toEqual({ updated: 150, unchanged: 2 });
});

it.each([
  ["another table's index refuses", "create unique index refuses on brands (lower(email))", {}],
  ["a part of the index comes from no field", "create unique index refuses on uq (lower(email), kind)", {}],
  ["the import matches nothing", "create unique index refuses on uq (lower(email))", { mode: "append" }],
] as const)("does not say to match by a unique index where that would not help: %s", async (_, index, options) => {
  const uq = defineImporter({
    name: "uq",
    fields: { ext: field.text({ required: true }), brand: field.text(), email: field.email() },
    records: {
      brand: { table: "brands", key: ["brand"], set: { name: "brand", email: "email" }, onMatch: "use" },
      uq: { table: "uq", key: ["ext"], set: { email: "email", brand_id: ref("brand") } },
    },
  });
  const { importCsv } = await openEngine(
    [uq],
    `create table brands (id serial primary key, name text, email text);
    create table uq (id serial primary key, brand_id int references brands, ext text, email text, kind int default 1); ${index};
    insert into brands (name, email) select 'a' || k, 'u' || k || '@x.io' from generate_series(0, 149) k;
    insert into uq (ext, email) select 'e' || k, 'u' || k || '@x.io' from generate_series(0, 149) k`,
  );
  const text = `ext,brand,email\n${Array.from({ length: 152 }, (_, k) => `f${k},b${k},u${k}@x.io`).join("\n")}\n`;
  const { job } = await importCsv(uq, text, options);
  expect([job.status, job.errorMessage]).toEqual([
    "paused",
    'The database rejects more than 100 rows of one chunk: duplicate key value violates unique constraint "refuses"',
  ]);
});

it("says to match by all fields of a unique index together, whatever each of them matches by already", async () => {
  const people = defineImporter({
    name: "people",
    fields: { first: field.text({ required: true }), last: field.text(), ext: field.text() },
    match: { keys: ["ext", "first"], onDuplicate: "update" },
    target: { table: "people" },
  });
  const { importCsv } = await openEngine(
    [people],
    `create table people (id serial primary key, first text, last text, ext text); create unique index whole on people (lower(first), lower(last));
    insert into people (first, last, ext) select 'f' || k, 'l', 'e' || k from generate_series(0, 149) k`,
  );
  const text = `ext,first,last\n${Array.from({ length: 152 }, (_, k) => `x${k},f${k},l`).join("\n")}\n`;
  const { job } = await importCsv(people, text);
  expect(job.errorMessage).toMatch(/two records with the same first, last\. Match on first\+last instead/);
});

const rls = defineImporter({
  name: "rls",
  fields: { code: field.text({ required: true }), name: field.text(), tenant: field.integer() },
  match: { keys: ["code"], onDuplicate: "update" },
  target: { table: "rls" },
});

it("rejects the rows that a policy refuses, and lists those whose record it does not let be changed", async () => {
  const { importCsv, dryRun, rows } = await openEngine(
    [rls],
    `create table rls (id serial primary key, tenant int, code text, name text);
    insert into rls (tenant, code, name) values (1, 'r1', 'old'), (2, 'shown', 'old'), (3, 'hidden', 'old');
    alter table rls enable row level security;
    create policy seen on rls for select using (tenant in (1, 2));
    create policy made on rls for insert with check (tenant = 1);
    create policy changed on rls for update using (tenant = 1) with check (tenant = 1)`,
    { grants: "grant select, insert, update on rls to app; grant usage on sequence rls_id_seq to app;" },
  );
  const text = "code,name,tenant\nr1,upd,1\nr2,other,1\nr3,bad,2\nshown,new,\nr1b,moved,1\n";
  expect(some((await dryRun(rls, text)).counts)).toEqual({ created: 2, updated: 1, skipped: 1, failed: 1 });
  const { counts, issues } = await importCsv(rls, text);
  expect({ counts: some(counts), issues }).toEqual({
    counts: { created: 2, updated: 1, skipped: 1, failed: 1 },
    issues: [
      [4, null, "database_rejected"],
      [5, null, "database_skipped"],
    ],
  });
  expect(await rows("select code, name from rls order by id")).toEqual([
    { code: "r1", name: "upd" },
    { code: "shown", name: "old" },
    { code: "hidden", name: "old" },
    { code: "r2", name: "other" },
    { code: "r1b", name: "moved" },
  ]);
});

const tree = defineImporter({
  name: "tree",
  fields: { code: field.text({ required: true }), parent: field.text() },
  match: { keys: ["code"], onDuplicate: "update" },
  target: { table: "tree" },
});

it.each([
  [20_000, "text"],
  [2, "citext"],
])("takes rows that refer to earlier rows of the file (%d rows a chunk, %s)", async (chunkRows, type) => {
  const open = await openEngine(
    [tree],
    `create extension citext; create table tree (id serial primary key, code ${type} unique, parent ${type} references tree (code));
    insert into tree (code) values ('there')`,
    { chunkRows },
  );
  const text = "code,parent\na,\nb,a\nc,gone\nd,b\ne,there\nf,f\ng,c\nthere,there\n";
  expect(some((await open.dryRun(tree, text)).counts)).toEqual({ created: 5, updated: 1, invalid: 1, failed: 1 });
  const { counts, issues, job } = await open.importCsv(tree, text);
  expect({ counts: some(counts), issues }).toEqual({
    counts: { created: 5, updated: 1, invalid: 1, failed: 1 },
    issues: [
      [4, "parent", "database_foreign_key"],
      [8, null, "database_foreign_key"],
    ],
  });
  const stored = "select code, parent from tree order by code";
  expect(await open.rows(stored)).toEqual([
    { code: "a", parent: null },
    { code: "b", parent: "a" },
    { code: "d", parent: "b" },
    { code: "e", parent: "there" },
    { code: "f", parent: "f" },
    { code: "there", parent: "there" },
  ]);
  await open.engine.undo(job.id);
  await workToEnd(open.engine, job.id);
  expect(await open.rows(stored)).toEqual([{ code: "there", parent: null }]);
});

it("takes what a constraint that is not enforced would refuse", async () => {
  const { importCsv, dryRun } = await openEngine(
    [plain],
    `create table names (name text primary key); create table plain (id serial primary key, code text, name text,
      check (name <> 'bad') not enforced, foreign key (name) references names not enforced)`,
  );
  const text = "code,name\na,bad\nb,ok\na,worse\n";
  expect(some((await dryRun(plain, text)).counts)).toEqual({ created: 2, updated: 1 });
  expect(some((await importCsv(plain, text)).counts)).toEqual({ created: 2, updated: 1 });
});

it.each([
  ["sql stable", "", "check (is_first(name))"],
  ["sql immutable", "create domain firsts as text check (is_first(value));", ""],
])("counts in a dry run what a check that reads the table refuses (%s)", async (kind, domain, check) => {
  const { importCsv, dryRun, rows } = await openEngine(
    [plain],
    `create table plain (id serial primary key, code text, name text);
    create function is_first(n text) returns boolean language ${kind} as 'select not exists (select from plain where name = n)';
    ${domain} ${domain === "" ? `alter table plain add ${check}` : "alter table plain alter name type firsts"}`,
  );
  const text = "code,name\na,x\nb,x\nc,y\n";
  const foretold = some((await dryRun(plain, text)).counts);
  expect(foretold).toEqual(some((await importCsv(plain, text)).counts));
  expect(await rows("select name from plain order by id")).toHaveLength(foretold.created ?? 0);
});

it.each([500, 2])(
  "fails rows with the earlier row for which they were skipped, and says so (%d rows a chunk)",
  async (chunkRows) => {
    const importer = defineImporter({
      name: "people",
      fields: { email: field.text(), age: field.integer() },
      match: { keys: ["email"], onDuplicate: "skip" },
      target: { table: "people" },
    });
    const open = await openEngine(
      [importer],
      `create table people (id serial primary key, email text, age integer);
     create function grown() returns trigger language plpgsql as $$ begin
       if new.age = 7 then raise exception 'too young'; end if; return new; end $$;
     create trigger grown before insert on people for each row execute function grown()`,
      { chunkRows },
    );
    const csv = "email,age\na@x.fr,7\nb@x.fr,30\na@x.fr,31\nb@x.fr,32\nA@x.fr,33\nc@x.fr,34\n";
    expect(some((await open.dryRun(importer, csv)).counts)).toEqual({ created: 2, skipped: 1, failed: 3 });
    const { counts, issues } = await open.importCsv(importer, csv);
    expect(some(counts)).toEqual({ created: 2, skipped: 1, failed: 3 });
    expect(issues.filter(([row]) => row !== 5)).toEqual([
      [2, null, "database_rejected"],
      [4, null, "duplicate_of_failed"],
      [6, null, "duplicate_of_failed"],
    ]);
    expect(await open.rows("select email, age from people order by email")).toEqual([
      { email: "b@x.fr", age: 30 },
      { email: "c@x.fr", age: 34 },
    ]);
    expect(
      await open.rows(
        "select code, sum(count)::int as count from sluice.import_issue_counts where job_id = (select max(id) from sluice.import_jobs) group by 1 order by 1",
      ),
    ).toEqual([
      { code: "database_rejected", count: 1 },
      { code: "duplicate_in_file", count: 1 },
      { code: "duplicate_of_failed", count: 2 },
      { code: "key_case_differs", count: 1 },
    ]);
  },
);
