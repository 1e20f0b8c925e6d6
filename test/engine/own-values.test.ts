/** Values that the definition makes: defaults, what is derived of a row's others, and columns that no field feeds. */
import { describe, expect, it } from "vitest";
import { constant, defineImporter, field, now, onCreate } from "../../src/index.ts";
import { openEngine } from "../open-engine.ts";
import { commit, ready, rowsOf } from "./review-import.ts";
import { undo } from "./undo-import.ts";

const activities = defineImporter({
  name: "activities",
  fields: {
    title: field.text({ required: true }),
    starts: field.date({ required: true }),
    // Before what it needs.
    span: field.text({ derive: (row) => `${row.starts}/${row.ends}` }),
    ends: field.date({ required: true, default: (row) => row.starts }),
    years: field.list(field.integer(), {
      derive: ({ starts, ends }: { starts: string; ends: string }) =>
        [Number(starts.slice(0, 4)), Number(ends.slice(0, 4))].filter((year, k, all) => all.indexOf(year) === k),
    }),
    state: field.choice({ open: ["Open"], done: ["Done"] }, { default: "open" }),
    weight: field.decimal(),
  },
  defaults: { weight: (row) => (row.state === "done" ? "1.5" : null) },
  checks: [
    (row) => (row.ends !== null && row.starts !== null && row.ends < row.starts ? { message: "ends first" } : null),
  ],
  target: { table: "activities" },
});
const table = `create table activities (id bigint generated always as identity primary key, title text, starts date, ends date not null,
  span text, years integer[], state text not null, weight numeric)`;

describe("values that the definition makes", () => {
  it("come from a value, from a row's others, and from one another, in whatever order the fields are", async () => {
    const open = await openEngine([activities], table);
    const text = "title;starts;ends;state\nA;2026-12-20;2027-01-10;Done\nB;2026-03-01;;\n ; ; ; \n";
    const jobId = await ready(open, activities, text);
    expect((await rowsOf(open, jobId)).kept).toEqual([]);
    await commit(open, jobId);
    expect(
      await open.rows("select title, starts::text, ends::text, span, years, state, weight from activities order by id"),
    ).toEqual([
      {
        title: "A",
        starts: "2026-12-20",
        ends: "2027-01-10",
        span: "2026-12-20/2027-01-10",
        years: [2026, 2027],
        state: "done",
        weight: "1.5",
      },
      {
        title: "B",
        starts: "2026-03-01",
        ends: "2026-03-01",
        span: "2026-03-01/2026-03-01",
        years: [2026],
        state: "open",
        weight: null,
      },
    ]);
  });

  it("follow the edits of a row, and can be set by hand where they are defaults", async () => {
    const open = await openEngine([activities], table);
    const jobId = await ready(open, activities, "title;starts;ends\n;2026-03-01;\nB;x;\nC;2026-05-02;2026-05-01\n");
    const begin = await rowsOf(open, jobId);
    expect(begin.kept.map(({ issues }) => issues)).toMatchObject([
      [{ c: "required", f: "title" }],
      [{ c: "date_invalid", f: "starts" }],
      [{ c: "row_rejected" }],
    ]);
    const edit = (row: number, name: string, value: string) =>
      open.engine.review.editCell(jobId, { row, field: name, value }, "ann");
    expect(await edit(3, "starts", "2026-04-01")).toMatchObject({
      values: { starts: "2026-04-01", ends: "2026-04-01", span: "2026-04-01/2026-04-01" },
    });
    // Its cell is known to be blank, so that the default follows.
    expect(await edit(3, "starts", "2026-04-02")).toMatchObject({ values: { ends: "2026-04-02" } });
    expect(await edit(3, "ends", "2026-04-09")).toMatchObject({ values: { span: "2026-04-02/2026-04-09" } });
    expect(await edit(3, "state", "Done")).toMatchObject({ values: { state: "done", weight: "1.5" } });
    await expect(edit(3, "span", "x")).rejects.toThrow(
      'The field "span" is made of the row\'s other fields. Edit those.',
    );
    for (let k = 0; k < 4; k++) await open.engine.review.undoEdit(jobId, "ann");
    expect(await rowsOf(open, jobId)).toEqual(begin);
  });

  const wrong: [string, () => unknown, string][] = [
    [
      "throws",
      () => {
        throw new Error("no luck");
      },
      'Importer "own": fields.made.derive failed: no luck.',
    ],
    ["waits", () => Promise.resolve("x"), "fields.made.derive is asynchronous"],
    ["is a list", () => ["a"], "fields.made.derive returns a list, and its field holds one value"],
    ["is no number", () => Number.NaN, "fields.made.derive returns NaN"],
  ];
  it.each(wrong)("say what is wrong with code that %s", async (_name, derive, message) => {
    const own = defineImporter({
      name: "own",
      fields: { name: field.text(), made: field.text({ derive }) },
      target: { table: "own" },
    });
    const open = await openEngine([own], "create table own (id serial primary key, name text, made text)");
    await expect(ready(open, own, "name\na\n")).rejects.toThrow(message);
  });

  it("wait for one another in a circle, which is named", async () => {
    const own = defineImporter({
      name: "own",
      fields: {
        name: field.text(),
        a: field.text({ derive: (row) => row.b }),
        b: field.text({ derive: (row) => row.a }),
      },
      target: { table: "own" },
    });
    const open = await openEngine([own], "create table own (id serial primary key, name text, a text, b text)");
    await expect(ready(open, own, "name\na\n")).rejects.toThrow(
      "the values of fields.a, fields.b, fields.a wait for one another",
    );
  });

  it("are refused where a default is none of the field's", async () => {
    const own = defineImporter({
      name: "own",
      fields: { name: field.text(), day: field.date({ default: "soon" }) },
      target: { table: "own" },
    });
    const open = await openEngine([own], "create table own (id serial primary key, name text, day date)");
    await expect(ready(open, own, "name\na\n")).rejects.toThrow('fields.day.default is "soon"');
  });

  it("make a row invalid where they are none of the field's", async () => {
    const own = defineImporter({
      name: "own",
      fields: { name: field.text(), day: field.date({ required: true, derive: (row) => row.name }) },
      target: { table: "own" },
    });
    const open = await openEngine([own], "create table own (id serial primary key, name text, day date)");
    const jobId = await ready(open, own, 'name\n2026-01-01\nx\n""\n2026-02-01\n');
    expect((await rowsOf(open, jobId)).kept.map(({ row_no, issues }) => [row_no, issues])).toMatchObject([
      [3, [{ c: "date_invalid", f: "day" }]],
    ]);
  });
});

describe("columns that no field feeds", () => {
  let made = 0;
  const people = defineImporter({
    name: "people",
    context: { tenant: { type: "text" } },
    fields: { email: field.email(), name: field.text() },
    match: { keys: ["email"], onDuplicate: "update" },
    target: {
      table: "Person",
      set: {
        id: onCreate(() => `id-${++made}`),
        createdBy: onCreate((run) => `${run.importer} ${run.user.id} ${run.context.tenant}`),
        updatedAt: now(),
        source: constant("import"),
      },
      filledByDatabase: ["slug"],
    },
  });
  /** As Prisma makes it, but for the trigger. */
  const prisma = `
    create table "Person" (id text not null primary key, tenant text, email text, name text, "createdBy" text not null,
      "createdAt" timestamp(3) not null default current_timestamp, "updatedAt" timestamp(3) not null, source text, slug text not null);
    create function slugs() returns trigger language plpgsql as $$ begin new.slug := lower(new.name); return new; end $$;
    create trigger slugs before insert on "Person" for each row execute function slugs()`;
  const stored = `select id, email, name, "createdBy", source, slug, "updatedAt" > timestamp '2020-01-01' as fresh from "Person" order by email`;

  it("are filled in new records, changed with others, and given back by an undo", async () => {
    made = 0;
    const open = await openEngine([people], prisma);
    await open.rows(`insert into "Person" (id, tenant, email, name, "createdBy", "updatedAt", source)
      values ('old', 't', 'b@x.fr', 'Bo', 'app', '2000-01-01', 'app') returning 1 as one`);
    const before = await open.rows(stored);
    const context = { tenant: "t" };
    const text = "email,name\na@x.fr,Ann\nb@x.fr,Bob\nc@x.fr,Cy\nc@x.fr,Cyd\n";
    const jobId = await ready(open, people, text, { context, createdBy: "anna" });
    const foreseen = await open.engine.dryRun(jobId, { changes: true });
    expect(foreseen.counts).toMatchObject({ created: 2, updated: 2 });
    expect(await commit(open, jobId)).toMatchObject({ counts: { created: 2, updated: 2 } });
    const own = { createdBy: "people anna t", source: "import", fresh: true };
    expect(await open.rows(stored)).toMatchObject([
      { id: expect.stringMatching(/^id-/), email: "a@x.fr", name: "Ann", slug: "ann", ...own },
      { id: "old", email: "b@x.fr", name: "Bob", createdBy: "app", source: "import", slug: "bo", fresh: true },
      { id: expect.stringMatching(/^id-/), email: "c@x.fr", name: "Cyd", ...own },
    ]);
    await undo(open, jobId);
    expect((await open.rows(stored)).map(({ fresh: _, ...row }) => row)).toEqual(
      before.map(({ fresh: _, ...row }) => row),
    );
  });

  it("need not be named where `updatedAt` is", async () => {
    const plain = defineImporter({
      name: "plain",
      fields: { name: field.text() },
      target: { table: "plain", updatedAt: "updatedAt" },
    });
    const open = await openEngine(
      [plain],
      `create table plain (id serial primary key, name text, "updatedAt" timestamp(3) not null)`,
    );
    const jobId = await ready(open, plain, "name\na\n");
    expect(await commit(open, jobId)).toMatchObject({ counts: { created: 1 } });
  });

  it("are not shown among a row's values", async () => {
    const open = await openEngine([people], prisma);
    const jobId = await ready(open, people, "email,name\na@x.fr,Ann\n", { context: { tenant: "t" } });
    const { rows } = await open.engine.review.rows(jobId, {}, { limit: 5 });
    expect(rows[0].values).toEqual({ email: "a@x.fr", name: "Ann" });
  });
});
