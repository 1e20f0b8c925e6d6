/** Rights and policies that an import needs of an application's role: what lacks is told before the first row, and what is enough is not refused. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { openEngine, some } from "../open-engine.ts";

const importer = defineImporter({
  name: "things",
  fields: { code: field.text({ required: true }), name: field.text() },
  match: { keys: ["code"], onDuplicate: "update" },
  target: { table: "things" },
  history: { table: "log", record: "record_id" },
});
const columns = "id serial primary key, code text, name text";
const log = "create table log (record_id integer, event text, old_values jsonb, new_values jsonb);";
const toLog = "grant insert on log to app;";
const toThings = "grant select, insert, update, delete on things to app; grant usage on sequence things_id_seq to app;";
const toColumns = (selected: string): string =>
  `grant select (${selected}), insert (code, name), update (code, name) on things to app; grant usage on sequence things_id_seq to app;`;
const secured = `create table things (${columns}); alter table things enable row level security;`;
const hidden =
  "create function gen() returns text language sql as 'select 1::text'; revoke execute on function gen from public;";

it.each<[what: string, ddl: string, grants: string, says: RegExp | "fits"]>([
  [
    "single columns",
    `create table things (${columns}); ${log}`,
    toColumns("id, code, name") + toLog,
    /right to select on things/,
  ],
  [
    "single columns, with who wrote them",
    `create table things (${columns}); ${log}`,
    toColumns("id, code, name, xmin") + toLog,
    "fits",
  ],
  [
    "the numbers of a history",
    `create table things (${columns}); create table log (id serial, record_id integer, event text, old_values jsonb, new_values jsonb)`,
    toThings + toLog,
    /may not use the sequence log_id_seq/,
  ],
  [
    "a default's function",
    `${hidden} create table things (${columns}, tag text default gen()); ${log}`,
    toThings + toLog,
    /permission denied for function gen/,
  ],
  [
    "what a view reads by its caller's rights",
    `create table base (${columns}); create view things with (security_invoker) as select * from base; ${log}`,
    `grant select, insert, update, delete on things to app; ${toLog}`,
    /writes to public\.things: permission denied for table base/,
  ],
  [
    "policies, of which there is none",
    `${secured} ${log}`,
    toThings + toLog,
    /no policy that lets the database user app_\w+ select/,
  ],
  [
    "policies for other roles, and one that only restricts",
    `${secured} create policy a on things to pg_monitor using (true); create policy b on things as restrictive using (true); ${log}`,
    toThings + toLog,
    /no policy that lets the database user app_\w+ select/,
  ],
  [
    "a policy to read alone",
    `${secured} create policy a on things for select using (true); ${log}`,
    toThings + toLog,
    /no policy that lets the database user app_\w+ insert/,
  ],
  [
    "a history's policy",
    `create table things (${columns}); ${log} alter table log enable row level security`,
    toThings + toLog,
    /log has row level security, .* insert/,
  ],
  [
    "policies that are forced on the owner",
    `${secured} alter table things force row level security; ${log}`,
    `alter table things owner to app; ${toLog}`,
    /no policy/,
  ],
  ["policies that do not hold for the owner", `${secured} ${log}`, `alter table things owner to app; ${toLog}`, "fits"],
  [
    "policies of a role that is inherited",
    `${secured} create policy a on things to pg_monitor using (true); ${log}`,
    `${toThings}${toLog} grant pg_monitor to app;`,
    "fits",
  ],
])("looks for %s", async (_what, ddl, grants, says) => {
  const { importCsv, engine, dryRun } = await openEngine([importer], ddl, { grants });
  const text = "code,name\na,Ann\nb,Bob\na,Amy\n";
  if (says === "fits") {
    const expected = { created: 2, updated: 1 };
    expect(some((await dryRun(importer, text)).counts)).toEqual(expected);
    expect(some((await importCsv(importer, text)).counts)).toEqual(expected);
    return;
  }
  await expect(importCsv(importer, text)).rejects.toMatchObject({
    code: "forbidden",
    message: expect.stringMatching(says),
  });
  // And it is no false alarm.
  engine.prepareTarget = async () => "public.things";
  const created = await importCsv(importer, text).then(
    ({ counts }) => counts.created,
    () => 0,
  );
  expect(created).toBe(0);
});

it("counts in a dry run what a history refuses", async () => {
  const { importCsv, dryRun } = await openEngine(
    [importer],
    `create table things (${columns}); insert into things (code) values ('old');
    create table log (record_id integer, event text check (event <> 'updated'), old_values jsonb, new_values jsonb)`,
  );
  const text = "code,name\na,Ann\nold,New\nb,Bob\n";
  const expected = { created: 2, failed: 1 };
  expect(some((await dryRun(importer, text)).counts)).toEqual(expected);
  expect(some((await importCsv(importer, text)).counts)).toEqual(expected);
});
