/** Whole lists where things are in the way: somebody else at work, rights, triggers, rows that are left out, and whoever is told of what goes. */
import { expect, it } from "vitest";
import { defineImporter, field, ref } from "../../../src/index.ts";
import { grantTo } from "../../../src/postgres/schema/grants.ts";
import { members, memberTables } from "../../browser/members/sluice.config.ts";
import { type OpenEngine, openEngine, some, workToEnd } from "../../open-engine.ts";
import { undo } from "../undo-import.ts";
import { club, clubContext, clubHeader, clubTables, listsOf } from "./club.ts";
import { type Foretold, importForetold } from "./foretold.ts";

const open = (chunkRows = 1000): Promise<OpenEngine> => openEngine([club], clubTables, { chunkRows });
const imported = (engine: OpenEngine, lines: string): Promise<Foretold> =>
  importForetold(engine, club, `${clubHeader}${lines}`, { context: clubContext });

const first = "a,Ann,red|blue,1|2,home|work,chair|clerk\nb,Bob,red,3,fax,clerk\n";

it("tells sinks of the links and records that go, and of the member whose row does nothing else", async () => {
  const engine = await open();
  await imported(engine, first);
  await engine.rows(
    "insert into sluice.sinks (name, topics, seen_at) values ('hook', '{chunk.committed,chunk.undone}', now())",
  );
  const { job } = await imported(engine, "a,Ann,red,1,home,chair\nb,Bob,red,3,fax,clerk\n");
  await undo(engine, job.id);
  const ids = await engine.rows<{ member: string; group: string; phone: string }>(`
    select m.id::text as member, g.id::text as group, p.id::text as phone from people m, groups g, phones p
    where m.email = 'a' and g.title = 'blue' and p.number = '2'`);
  const [{ member, group, phone }] = ids;
  const data = {
    updated: [member],
    records: {
      "group.link": { created: [], updated: [], deleted: [`[${member}, ${group}]`] },
      phone: { created: [], updated: [], deleted: [phone] },
      role: { created: [], updated: [`[${member}, "clerk"]`], deleted: [] },
    },
  };
  expect(await engine.rows("select topic, payload -> 'data' as data from sluice.outbox order by id")).toMatchObject([
    { topic: "chunk.committed", data },
    { topic: "chunk.undone", data },
  ]);
});

it.each([
  ["phones", "delete"],
  ["member_groups", "delete"],
  ["roles", "update"],
])("asks for the right on %s to %s before the first row", async (table, right) => {
  const all = "grant select, insert, update, delete on people, groups, member_groups, phones, roles to app;";
  const engine = await openEngine([club], clubTables, {
    grants: `${all} grant usage on all sequences in schema public to app; revoke ${right} on ${table} from app;`,
  });
  await expect(imported(engine, first)).rejects.toMatchObject({
    code: "forbidden",
    message: expect.stringMatching(new RegExp(`right to ${right} on ${table}`)),
  });
});

it("may all that it needs by `sluice migrate --grant`", async () => {
  const engine = await open();
  const [{ role }] = await engine.rows<{ role: string }>(
    "select 'granted_' || replace(gen_random_uuid()::text, '-', '') as role",
  );
  await engine.rows(`create role ${role}`);
  try {
    await grantTo(engine.database, role, [club]);
    const missing = await engine.rows(`
      select t, r from unnest('{people,groups,member_groups,phones,roles}'::text[]) t, unnest('{select,insert,update,delete}'::text[]) r
      where not has_table_privilege('${role}', t, r)`);
    expect(missing).toEqual([]);
  } finally {
    await engine.rows(`drop owned by ${role}; drop role ${role}`);
  }
});

it.each([
  ["phones", "delete", "phone"],
  ["member_groups", "delete", "group.link"],
  ["roles", "update", "role"],
])("leaves a row out whose others %s refuses to %s, and that row alone", async (table, event, record) => {
  const engine = await open();
  await imported(engine, first);
  await engine.rows(`
    create function refuse() returns trigger language plpgsql as $$ begin
      if to_jsonb(old) ->> 'member_id' = (select id::text from people where email = 'a') then raise exception 'kept by the club'; end if;
      return case tg_op when 'DELETE' then old else new end; end $$;
    create trigger refuse before ${event} on ${table} for each row execute function refuse()`);
  const { counts, issues, records } = await imported(engine, "a,Anna,green,5,x,boss\nb,Bob,green,5,x,boss\n");
  expect(some(counts)).toEqual({ updated: 1, failed: 1 });
  expect(issues).toEqual([[2, null, "database_rejected"]]);
  expect(await listsOf(engine)).toEqual({
    a: "blue red / 1=home 2=work / chair clerk",
    b: "green / 5=x / boss clerk!",
  });
  expect(records[record]).toMatchObject({ [event === "delete" ? "deleted" : "deactivated"]: 1 });
});

it("keeps what another session has deleted, changed or locked meanwhile out of its counts, and waits for who holds it", async () => {
  const engine = await open();
  await imported(engine, first);
  const { promise: changed, resolve: commitIt } = Promise.withResolvers<void>();
  const { promise: held, resolve: isHeld } = Promise.withResolvers<void>();
  const other = engine.database.transaction(async (session) => {
    await session.text("update phones set note = 'changed' where number = '2'");
    await session.text("delete from roles where role = 'clerk'");
    isHeld();
    await changed;
  });
  await held;
  const job = await engine.create(club, `${clubHeader}a,Ann,red,1,home,chair\n`, { context: clubContext });
  await engine.engine.start(job.id);
  await workToEnd(engine.engine, job.id);
  await engine.engine.commit(job.id);
  const worked = workToEnd(engine.engine, job.id);
  await expect
    .poll(() =>
      engine.rows("select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"),
    )
    .toHaveLength(1);
  commitIt();
  await Promise.all([other, worked]);
  const { counts } = await engine.outcomeOf(job.id);
  expect(counts).toMatchObject({ updated: 1, deleted_phone: 1 });
  expect(counts.deactivated_role).toBeUndefined();
  expect((await listsOf(engine)).a).toBe("red / 1=home / chair");
  expect((await undo(engine, job.id)).kept).toEqual({});
  expect(await engine.rows("select note from phones where number = '2'")).toEqual([{ note: "changed" }]);
});

it("has two imports of the same members at once end as if one had come after the other", async () => {
  const engine = await open(2);
  const lines = (list: string): string =>
    Array.from({ length: 8 }, (_, k) => `m${k},M,${list.replaceAll("#", String(k))}\n`).join("");
  await imported(engine, lines("red,#,home,chair"));
  const jobs = [];
  for (const list of ["blue|green,1#|2#,x|y,clerk", "grey,3#,z,boss"]) {
    const job = await engine.create(club, `${clubHeader}${lines(list)}`, { context: clubContext });
    await engine.engine.start(job.id);
    await workToEnd(engine.engine, job.id);
    await engine.engine.commit(job.id);
    jobs.push(job.id);
  }
  await Promise.all(jobs.map((id) => workToEnd(engine.engine, id)));
  const lists = Object.values(await listsOf(engine)).map((each) => each.replaceAll(/ ?\w+!/g, "").replace("/  ", "/ "));
  const either = lists.map((_, k) => [`blue green / 1${k}=x 2${k}=y / clerk`, `grey / 3${k}=z / boss`]);
  expect(lists.filter((each, k) => !either[k].includes(each))).toEqual([]);
  for (const id of jobs) expect(some((await engine.outcomeOf(id)).counts)).toEqual({ updated: 8 });
  for (const id of jobs.toReversed()) await undo(engine, id);
  for (const id of jobs) expect((await engine.engine.imports.get(id)).status).toBe("undone");
});

it("has a row decide that goes in, not one that is invalid", async () => {
  const engine = await open();
  await imported(engine, first);
  await engine.rows("alter table people add check (name <> 'bad')");
  await imported(engine, "a,Ann,red,1,home,chair\na,bad,green,9,x,boss\n");
  expect((await listsOf(engine)).a).toBe("red / 1=home / chair clerk!");
});

it("touches nothing that policies hide from whoever writes", async () => {
  const engine = await openEngine([club], clubTables, {
    grants: `grant select, insert, update, delete on people, groups, member_groups, phones, roles to app; grant usage on all sequences in schema public to app;
      alter table phones enable row level security;
      create policy most on phones to app using (number <> 'secret') with check (true)`,
  });
  await imported(engine, first);
  await engine.rows("insert into phones (member_id, number) select id, 'secret' from people where email = 'a'");
  const { records } = await imported(engine, "a,Ann,,1,home,\n");
  expect(records.phone).toEqual({ unchanged: 1, deleted: 1 });
  expect((await listsOf(engine)).a).toBe("blue red / 1=home secret / chair clerk");
});

it("gives back what it may: not the phone of a member who is gone, nor one that somebody has written down again", async () => {
  const engine = await open();
  await imported(engine, `${first}c,Cat,red,4,fax,clerk\n`);
  const { job } = await imported(engine, "a,Ann,red,1,home,chair\nb,Bob,red,5,fax,clerk\nc,Cat,red,6,fax,boss\n");
  await engine.rows("insert into phones (member_id, number) select id, '3' from people where email = 'b'");
  await engine.rows(`
    delete from phones p using people m where m.id = p.member_id and m.email = 'a';
    delete from roles p using people m where m.id = p.member_id and m.email = 'a';
    delete from member_groups p using people m where m.id = p.member_id and m.email = 'a';
    delete from people where email = 'a'`);
  const { status, kept, rows } = await undo(engine, job.id);
  expect([status, kept]).toEqual(["undone", { gone_already: 1, refused: 3 }]);
  expect(rows.map(({ record, reason }) => `${record} ${reason}`).sort()).toEqual([
    "group.link refused",
    "phone refused",
    "phone refused",
    "role gone_already",
  ]);
  expect(await listsOf(engine)).toEqual({ b: "red / 3 / clerk", c: "red / 4=fax / clerk" });
});

it.each(["phones", "member_groups"])("asks for a policy by which records of %s may be deleted", async (table) => {
  const engine = await openEngine([club], clubTables, {
    grants: `grant select, insert, update, delete on people, groups, member_groups, phones, roles to app; grant usage on all sequences in schema public to app;
      alter table ${table} enable row level security;
      create policy r on ${table} for select to app using (true);
      create policy i on ${table} for insert to app with check (true);
      create policy u on ${table} for update to app using (true)`,
  });
  await expect(imported(engine, first)).rejects.toMatchObject({
    code: "forbidden",
    message: expect.stringMatching(new RegExp(`${table} has row level security, and no policy .* delete`)),
  });
});

it("lets the last row decide that goes in, where a duplicate is left to the first", async () => {
  const engine = await open();
  await imported(engine, first);
  const job = await engine.create(club, `${clubHeader}a,Ann,green,5,x,boss\na,Ann,red,1,home,chair\n`, {
    context: clubContext,
    repeats: "first",
  });
  await engine.engine.start(job.id);
  await workToEnd(engine.engine, job.id);
  await engine.engine.commit(job.id);
  await workToEnd(engine.engine, job.id);
  const { counts, issues } = await engine.outcomeOf(job.id);
  expect(some(counts)).toEqual({ updated: 1, skipped: 1 });
  expect(issues).toEqual([[3, null, "duplicate_in_file"]]);
  expect((await listsOf(engine)).a).toBe("green / 5=x / boss chair! clerk!");
});

it("takes away no link of another tenant, where the link table has a column of its own for it", async () => {
  const shared = defineImporter({
    name: "shared",
    context: { club_id: { type: "bigint" } },
    fields: { email: field.text({ required: true }), name: field.text(), groups: field.list(field.text()) },
    records: {
      member: { table: "people", key: ["email"], set: { name: "name" }, shared: true },
      group: {
        table: "groups",
        each: "groups",
        key: ["groups"],
        set: { title: "groups" },
        shared: true,
        link: { table: "member_groups", from: ref("member"), context: { club_id: "of_club" } },
        others: "delete",
      },
    },
  });
  const engine = await openEngine(
    [shared],
    `create table people (id bigint generated always as identity primary key, email text not null unique, name text);
     create table groups (id bigint generated always as identity primary key, title text not null unique);
     create table member_groups (of_club bigint not null, member_id bigint references people, group_id bigint references groups, note text default 'by hand',
       primary key (of_club, member_id, group_id));`,
  );
  const links =
    "select concat_ws(' ', of_club, email, title, note) as line from member_groups l join people m on m.id = member_id join groups g on g.id = group_id order by 1";
  const by = (club_id: string, lines: string): Promise<Foretold> =>
    importForetold(engine, shared, `email,name,groups\n${lines}`, { context: { club_id } });
  await by("1", "a,Ann,red; blue\n");
  await by("2", "a,Ann,red; blue; grey\n");
  const before = await engine.rows(links);
  const { job, records } = await by("1", "a,Ann,red\n");
  expect(records["group.link"]).toEqual({ unchanged: 1, deleted: 1 });
  expect(await engine.rows(links)).toEqual(before.filter((_, k) => k !== 0));
  expect((await undo(engine, job.id)).kept).toEqual({});
  expect(await engine.rows(links)).toEqual(before);
});

it.each([1, 2, 1000])(
  "needs no main record: members that are nothing but a name, in chunks of %i rows",
  async (chunkRows) => {
    const engine = await openEngine([members], memberTables, { chunkRows });
    const stand = async (): Promise<string[]> =>
      (
        await engine.rows<{ line: string }>(`
        select concat_ws(' ', 'link', email, title) as line from member_groups l join people m on m.id = l.member_id join groups g on g.id = l.group_id
        union all select concat_ws(' ', 'phone', email, number, p.id) from phones p join people m on m.id = p.member_id
        union all select concat_ws(' ', 'role', email, role, active) from roles r join people m on m.id = r.member_id
        order by 1`)
      ).map(({ line }) => line);
    const before = await stand();
    const lines = "a,red|grey,1|9,clerk\nb,red,,clerk\na,grey,9,boss\nc,green,4,chair\nb,,5,\nc,red,,\n";
    const { job, counts } = await importForetold(engine, members, `email,groups,phones,roles\n${lines}`);
    expect(counts.created + counts.updated + counts.unchanged).toBe(6);
    expect(
      (await stand()).filter((line) => !/ f$/.test(line)).map((line) => line.replace(/(phone .*) \d+$/, "$1")),
    ).toEqual([
      ...["link a grey", "link b red", "link c red"],
      ...["phone a 9", "phone b 5", "phone c 4"],
      ...["role a boss t", "role b clerk t", "role c chair t"],
    ]);
    const again = await importForetold(engine, members, `email,groups,phones,roles\na,grey,9,boss\nc,red,4,chair\n`);
    expect(some(again.counts)).toEqual({ unchanged: 2 });
    expect((await undo(engine, again.job.id)).kept).toEqual({});
    expect((await undo(engine, job.id)).kept).toEqual({});
    expect(await stand()).toEqual(before);
  },
);
