/** The year planner's importer: what a row makes on a wheel, over files and as JSON, and whose it is. */
import { describe, expect, it } from "vitest";
import type { Counts } from "../../../src/core/import.ts";
import { activities } from "../../../src/importers/yearwheel/activities.ts";
import { createTables } from "../../../src/postgres/tables/tables.ts";
import { type OpenApp, openApp } from "../../http/open-app.ts";
import { type OpenEngine, openEngine, workToEnd } from "../../open-engine.ts";

/** Anna's two wheels, 1 and 3, and Bo's, 2. */
async function withWheels<App extends OpenEngine>(app: App): Promise<App> {
  await createTables(app.database, activities);
  await app.rows(
    "insert into year_wheels (owner_id, name) values ('anna', 'School'), ('bo', 'Club'), ('anna', 'Home')",
  );
  return app;
}

/** Those of rows and of records that are not 0. */
const filled = (counts: Counts) => Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
const context = { wheel_id: "1" };

const items = (app: OpenEngine, wheel = 1) =>
  app.rows(
    `select i.name, p.year, i.start_date::text as start, i.end_date::text as end, r.name as ring, g.name as "group", l.name as label
     from items i join wheel_pages p on p.id = i.page_id and p.wheel_id = i.wheel_id
       left join rings r on r.id = i.ring_id and r.wheel_id = i.wheel_id
       left join activity_groups g on g.id = i.group_id and g.wheel_id = i.wheel_id
       left join labels l on l.id = i.label_id and l.wheel_id = i.wheel_id
     where i.wheel_id = ${wheel} order by i.start_date, i.name`,
  );
const names = async (app: OpenEngine, table: string) =>
  (await app.rows<{ wheel: number; name: string }>(`select wheel_id as wheel, name from ${table} order by id`)).map(
    ({ wheel, name }) => `${wheel} ${name}`,
  );

describe("a file of activities", () => {
  it.each([
    ["Activity;Start;End;Ring;Group;Label;Description", "2026-12-20", "2027-01-06"],
    ["Aktivitet;Startdatum;Slutdatum;Ring;Grupp;Etikett;Beskrivning", "20 december 2026", "6 januari 2027"],
    ["Namn;Från och med;Till och med;Cirkel;Aktivitetsgrupp;Märkning;Kommentar", "2026-12-20", "2027-01-06"],
  ])("is read by the headers %s", async (header, start, end) => {
    const app = await withWheels(await openEngine([activities]));
    const { counts, job } = await app.importCsv(
      activities,
      `${header}\nLov;${start};${end};Inre;Ledighet;Skola;Inga lektioner\n`,
      { context },
    );
    expect(job.mapping.columns.map(({ field, doubt }) => [field, doubt])).toEqual(
      ["activity", "start", "end", "ring", "group", "label", "description"].map((field) => [field, undefined]),
    );
    expect(filled(counts)).toEqual({
      created: 1,
      created_pages: 2,
      created_rings: 1,
      created_groups: 1,
      created_labels: 1,
      created_items: 2,
    });
    const parents = { ring: "Inre", group: "Ledighet", label: "Skola" };
    expect(await items(app)).toEqual([
      { name: "Lov", year: 2026, start: "2026-12-20", end: "2026-12-31", ...parents },
      { name: "Lov", year: 2027, start: "2027-01-01", end: "2027-01-06", ...parents },
    ]);
  });

  it("finds parents by their names within the wheel, in any case, and makes each of the others once", async () => {
    const app = await withWheels(await openEngine([activities]));
    await app.rows("insert into rings (wheel_id, name) values (2, 'Outer'), (1, 'INNER')");
    await app.rows("insert into wheel_pages (wheel_id, year) values (1, 2026), (2, 2026)");
    const rows = Array.from(
      { length: 40 },
      (_, k) => `A${k},2026-01-${10 + (k % 20)},${k % 2 ? "inner" : "Outer"},G${k % 3}`,
    );
    const { counts } = await app.importCsv(activities, `Activity,Start,Ring,Group\n${rows.join("\n")}\n`, { context });
    expect(filled(counts)).toEqual({
      created: 40,
      unchanged_pages: 1,
      created_rings: 1,
      unchanged_rings: 1,
      created_groups: 3,
      created_items: 40,
    });
    expect([await names(app, "rings"), await names(app, "activity_groups"), await names(app, "labels")]).toEqual([
      ["2 Outer", "1 INNER", "1 Outer"],
      ["1 G0", "1 G1", "1 G2"],
      [],
    ]);
    expect(await app.rows("select wheel_id, year from wheel_pages order by id")).toEqual([
      { wheel_id: 1, year: 2026 },
      { wheel_id: 2, year: 2026 },
    ]);
    expect((await items(app)).length).toBe(40);
  });

  it("keeps out what has no days, or days out of order, and says so", async () => {
    const app = await withWheels(await openEngine([activities]));
    const csv = "Activity,Start,End\nA,2026-01-02,2026-01-01\nB,,2026-01-01\nC,2026-01-01,2126-01-01\nD,2026-01-01,\n";
    const { counts, issues } = await app.importCsv(activities, csv, { context });
    expect([filled(counts), issues]).toEqual([
      { created: 1, invalid: 3, created_pages: 1, created_items: 1 },
      [
        [2, "end", "row_rejected"],
        [3, "start", "required"],
        [4, "end", "row_rejected"],
      ],
    ]);
    expect((await items(app)).map(({ name }) => name)).toEqual(["D"]);
  });

  it("is taken back with all that it has made", async () => {
    const app = await withWheels(await openEngine([activities]));
    await app.rows("insert into rings (wheel_id, name) values (1, 'Inner')");
    const csv = "Activity,Start,End,Ring,Group\nA,2026-12-01,2027-02-01,Inner,One\nB,2026-01-01,,Outer,Two\n";
    const { job } = await app.importCsv(activities, csv, { context });
    await app.engine.undo(job.id);
    await workToEnd(app.engine, job.id);
    expect((await app.engine.imports.get(job.id)).status).toBe("undone");
    expect([
      await items(app),
      await names(app, "rings"),
      await names(app, "activity_groups"),
      await app.rows("select * from wheel_pages"),
    ]).toEqual([[], ["1 Inner"], [], []]);
  });
});

describe("activities as JSON", () => {
  const body = {
    wheelId: 1,
    importMode: "append",
    fileName: "plan.xlsx",
    activities: [
      {
        name: "Fair",
        startDate: "2026-03-01",
        endDate: "2026-03-04",
        ring: "Inner",
        group: "Sales",
        label: "Important",
      },
      { name: "Winter", startDate: "2026-12-01", endDate: "2027-02-28", description: "Snow", page: null },
    ],
  };
  const open = async (): Promise<OpenApp> => withWheels(await openApp([activities]));
  const send = (app: OpenApp, given: unknown, as: string) =>
    app.call("POST", "/batch-import-activities", given, { as });

  it("are kept at once and imported in the background", async () => {
    const app = await open();
    const { status, json } = await send(app, body, "anna");
    expect([status, json]).toEqual([202, { jobId: "1", statusUrl: "/api/v1/import/status/1" }]);
    await app.work(1);
    expect((await app.call("GET", "/import/status/1", undefined, { as: "anna" })).json.data).toMatchObject({
      status: "completed",
      results: { totalRows: 2, successCount: 2, errorCount: 0 },
    });
    expect((await items(app)).map(({ name, year, ring }) => [name, year, ring])).toEqual([
      ["Fair", 2026, "Inner"],
      ["Winter", 2026, null],
      ["Winter", 2027, null],
    ]);
    expect((await app.engine.imports.get(1)).fileName).toBe("plan.xlsx");
  });

  it("are refused with all that is missing or not known", async () => {
    const app = await open();
    const { status, json } = await send(
      app,
      { wheel: 1, activities: [{ title: "Fair", startDate: "2026-03-01" }, { name: "B" }] },
      "anna",
    );
    const found = json.errors.map((each: Record<string, unknown>) => [each.code, each.found ?? each.expected]);
    expect([status, found]).toEqual([
      400,
      [
        ["field_unknown", "wheel"],
        ["field_missing", "wheelId"],
        ["field_missing", "activities[0].name"],
        ["field_unknown", "activities[0].title"],
        ["field_missing", "activities[1].startDate"],
      ],
    ]);
  });

  it("go to their owner's wheel alone, and nobody else reads or undoes the import", async () => {
    const app = await open();
    const refused = [];
    for (const [wheelId, as] of [
      [2, "anna"],
      [1, "bo"],
      [1, "admin"],
      [9, "anna"],
      ["x", "anna"],
    ] as const) {
      const { status } = await send(app, { ...body, wheelId }, as);
      refused.push([wheelId, as, status]);
    }
    expect(refused).toEqual([
      [2, "anna", 403],
      [1, "bo", 403],
      [1, "admin", 403],
      [9, "anna", 403],
      ["x", "anna", 400],
    ]);
    expect(await app.rows("select id from sluice.import_jobs")).toEqual([]);

    await send(app, { ...body, wheelId: 3 }, "anna");
    await app.work(1);
    const heard: [string, number][] = [];
    for (const as of ["bo", "admin", "anna"])
      for (const [method, path] of [
        ["GET", "/import/status/1"],
        ["GET", "/imports/1"],
        ["GET", "/imports/1/report"],
        ["POST", "/imports/1/undo"],
      ] as const)
        heard.push([as, (await app.call(method, path, undefined, { as })).status]);
    expect(heard).toEqual([
      ...["bo", "admin"].flatMap((as) => [404, 404, 404, 404].map((status) => [as, status])),
      ...[200, 200, 200, 202].map((status) => ["anna", status]),
    ]);
    expect((await app.call("GET", "/imports", undefined, { as: "bo" })).json.items).toEqual([]);
  });
});

it("is undone as a whole: the wheel is as it was, but for parents that others use by now", async () => {
  const app = await withWheels(await openEngine([activities]));
  const standOf = async () => ({
    items: await items(app),
    parents: await Promise.all(["rings", "activity_groups", "labels"].map((table) => names(app, table))),
    pages: await app.rows("select wheel_id, year from wheel_pages order by id"),
  });
  await app.importCsv(activities, "Activity,Start,Ring\nOld,2026-01-05,Inner\n", { context });
  const before = await standOf();
  const file = "Activity,Start,End,Ring,Group,Label\nNew,2026-12-20,2027-01-06,Inner,G,L\nMore,2026-03-01,,Outer,G,\n";
  const { job } = await app.importCsv(activities, file, { context });
  const records = {
    pages: { toDelete: 1, toRestore: 0, kept: 0 },
    rings: { toDelete: 1, toRestore: 0, kept: 0 },
    groups: { toDelete: 1, toRestore: 0, kept: 0 },
    labels: { toDelete: 1, toRestore: 0, kept: 0 },
    items: { toDelete: 3, toRestore: 0, kept: 0 },
  };
  expect(await app.engine.undoPreview(job.id)).toMatchObject({ toDelete: 7, records });
  await app.rows(
    "insert into items (wheel_id, name, start_date, end_date, page_id, ring_id) select 1, 'Mine', '2026-05-01', '2026-05-01', p.id, r.id from wheel_pages p, rings r where p.year = 2026 and r.name = 'Outer'",
  );
  await app.engine.undo(job.id, "anna");
  await workToEnd(app.engine, job.id);
  expect(
    (await app.engine.undone.keptRows(job.id)).map(({ record, reason, byTable }) => [record, reason, byTable]),
  ).toEqual([["rings", "referred_to", "public.items"]]);
  await app.rows("delete from items where name = 'Mine'; delete from rings where name = 'Outer'");
  expect(await standOf()).toEqual(before);
});

describe("a wheel that is replaced", () => {
  const body = (n: number, name: string) => ({
    wheelId: 1,
    importMode: "replace",
    fileName: "plan.xlsx",
    activities: Array.from({ length: n }, (_, k) => ({
      name: `${name} ${k}`,
      startDate: `2026-${String(1 + (k % 12)).padStart(2, "0")}-03`,
      ring: `Ring ${k % 3}`,
    })),
  });
  const open = async (): Promise<OpenApp> => {
    const app = await withWheels(await openApp([activities]));
    await app.call("POST", "/batch-import-activities", { ...body(10, "old"), importMode: "append" }, { as: "anna" });
    await app.work(1);
    await app.rows(
      `insert into items (wheel_id, page_id, name, start_date, end_date)
       select 2, p.id, 'theirs', '2026-01-01', '2026-01-01' from (select id from wheel_pages limit 1) p`,
    );
    return app;
  };
  const replace = (app: OpenApp, given: object) => app.call("POST", "/batch-import-activities", given, { as: "anna" });
  const whole = (app: OpenEngine) => app.rows("select * from items order by id");
  const kinds = async (app: OpenEngine) =>
    (
      await app.rows<{ kind: string; n: number }>(
        "select split_part(name, ' ', 1) as kind, count(*)::int as n from items where wheel_id = 1 group by 1 order by 1",
      )
    ).map(({ kind, n }) => `${kind} ${n}`);

  it("has the file's activities alone, on the rings and pages that are there; an undo gives the old ones back", async () => {
    const app = await open();
    const before = await whole(app);
    expect((await replace(app, body(8, "new"))).status).toBe(202);
    await app.work(2);
    expect([await kinds(app), filled(await app.engine.imports.counts(2))]).toEqual([
      ["new 8"],
      { created: 8, created_items: 8, deleted_items: 10, unchanged_pages: 1, unchanged_rings: 3 },
    ]);
    expect(await items(app, 2)).toEqual([]);
    expect(await app.rows("select name from items where wheel_id = 2")).toEqual([{ name: "theirs" }]);
    expect((await app.call("POST", "/imports/2/undo", undefined, { as: "anna" })).status).toBe(202);
    await app.work(2);
    expect(await whole(app)).toEqual(before);
  });

  it("is seen whole by a reader at every moment, also where two replace it at once", async () => {
    const app = await open();
    await replace(app, body(9, "first"));
    await replace(app, body(9, "second"));
    const seen = new Set<string>();
    let isOver = false;
    const watching = (async () => {
      while (!isOver) for (const kind of [(await kinds(app)).join(" + ")]) seen.add(kind);
    })();
    await Promise.all([app.work(2), app.work(3)]);
    isOver = true;
    await watching;
    const [last] = await kinds(app);
    expect([...seen].filter((each) => !["old 10", "first 9", "second 9"].includes(each))).toEqual([]);
    expect(["first 9", "second 9"]).toContain(last);
    expect((await app.rows("select from items where wheel_id = 1")).length).toBe(9);
  });

  it("stays as it is where more than 30 % would go, or nothing would come, until the number is confirmed", async () => {
    const app = await open();
    const before = await whole(app);
    await replace(app, body(6, "new"));
    await app.work(2);
    const stopped = (await app.call("GET", "/imports/2", undefined, { as: "anna" })).json;
    expect([stopped.status, stopped.errorMessage, stopped.next.code, stopped.next.records]).toEqual([
      "paused",
      "This import would remove 4 of 10 records. Nothing has been removed; so many have to be confirmed first.",
      "confirm_removals",
      4,
    ]);
    expect(await whole(app)).toEqual(before);
    const confirmed = await app.call("POST", "/imports/2/resume", { confirmRemovals: 4 }, { as: "anna" });
    expect(confirmed.status).toBe(202);
    await app.work(2);
    expect(await kinds(app)).toEqual(["new 6"]);
    await replace(app, { ...body(2, "few"), confirmRemovals: 4 });
    await app.work(3);
    expect(await kinds(app)).toEqual(["few 2"]);
  });

  it("is what it was when the file's own activities are refused half-way", async () => {
    const app = await open();
    const before = await whole(app);
    const commitChunk = app.store.commits.commitChunk.bind(app.store.commits);
    app.store.commits.commitChunk = (job, importer, columns, options) =>
      commitChunk(job, importer, columns, {
        ...options,
        onEvent(event) {
          options.onEvent(event);
          if (event.name === "chunk.loaded") throw new Error("cut off");
        },
      });
    await replace(app, body(8, "new"));
    await app.work(2).catch(() => {});
    expect(await whole(app)).toEqual(before);
    app.store.commits.commitChunk = commitChunk;
    await app.engine.resume(2).catch(() => {});
    await app.work(2);
    expect(await kinds(app)).toEqual(["new 8"]);
  });
});
