/** The review: rows page by page, and edits of single cells, through the same validation as the file. */
import { describe, expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { openEngine, some } from "../open-engine.ts";
import { commit, people, peopleTable, ready, rowsOf } from "./review-import.ts";

const header = "Name,Email,Phone,Age,Price,Born,Seen,Active,Status,City,Note";
/** A row of which every cell is right. */
const right = "Ann,ann@x.fr,0612345678,30,1.50,31/01/2024,31/01/2024 08:30,yes,New,Lyon,keep";
const withCell = (place: number, cell: string): string =>
  right
    .split(",")
    .map((each, k) => (k === place ? cell : each))
    .join(",");
const rightValues = {
  name: "Ann",
  email: "ann@x.fr",
  phone: "+33612345678",
  age: 30,
  price: "1.50",
  born: "2024-01-31",
  seen: new Date("2024-01-31T07:30:00Z"),
  active: true,
  status: "fresh",
  city: "Lyon",
};

describe("editing a cell", () => {
  /** The field, a cell that is wrong, one that is right, and what it is then. */
  const mended: [keyof typeof people.fields, string, string, unknown][] = [
    ["name", "", "Bob", "Bob"],
    ["name", "A name that is too long for it", "  Bob  ", "Bob"],
    ["email", "no mail", "Bob@X.fr", "bob@x.fr"],
    ["phone", "12", "07 00 00 00 00", "+33700000000"],
    ["age", "old", "1 000", undefined],
    ["age", "-1", "0", 0],
    ["age", "x", "", null],
    ["price", "much", "1234.25", "1234.25"],
    ["born", "32/01/2024", "05/02/2024", "2024-02-05"],
    ["seen", "soon", "05/07/2024 10:00", new Date("2024-07-05T08:00:00Z")],
    ["active", "perhaps", "non", false],
    ["status", "lost", "won", "won"],
    ["name", "", `O'"Neil\\n $1 {x}`, `O'"Neil\\n $1 {x}`],
    ["city", "\ufeff\u0000", "a\tb\nc\r\\N", "a\tb\nc\r\\N"],
  ];
  it.each(mended)("%s: %j becomes %j", async (name, wrong, now, value) => {
    const open = await openEngine([people], peopleTable);
    const place = Object.keys(people.fields).indexOf(name);
    const jobId = await ready(open, people, `${header}\n${withCell(place, wrong)}\n`);
    const before = await rowsOf(open, jobId);
    expect(before.kept).toMatchObject([{ row_no: 2 }]);
    const row = await open.engine.review.editCell(jobId, { row: 2, field: name, value: now }, "ann");
    const after = await rowsOf(open, jobId);
    if (value === undefined) {
      expect(row).toMatchObject({ status: "invalid", issues: [{ f: name }] });
    } else {
      expect(row).toMatchObject({ row: 2, status: "valid", issues: [] });
      expect(after).toMatchObject({ kept: [], staged: [{ ...rightValues, [name]: value }], issueCounts: [] });
    }
    await open.engine.review.undoEdit(jobId, "ann");
    expect(await rowsOf(open, jobId)).toEqual(before);
  });

  it.each([
    ["name", "", "required"],
    ["email", "nope", "email_invalid"],
    ["age", "x", "integer_invalid"],
    ["born", "2024-02-30", "date_invalid"],
    ["status", "lost", "choice_unknown"],
  ])(
    "makes a valid row invalid by its %s, and valid again with its other values untouched",
    async (name, bad, code) => {
      const open = await openEngine([people], peopleTable);
      const jobId = await ready(open, people, `${header}\n${right}\n`);
      const before = await rowsOf(open, jobId);
      const edit = (value: string) => open.engine.review.editCell(jobId, { row: 2, field: name, value }, null);
      expect(await edit(bad)).toMatchObject({ status: "invalid", issues: [{ c: code, f: name }] });
      expect((await rowsOf(open, jobId)).staged).toEqual([]);
      const good = { name: "Ann", email: "ann@x.fr", age: "30", born: "31/01/2024", status: "New" }[name] as string;
      expect(await edit(good)).toMatchObject({ status: "valid" });
      expect(await rowsOf(open, jobId)).toEqual(before);
      await open.engine.review.undoEdit(jobId, null);
      await open.engine.review.undoEdit(jobId, null);
      expect(await rowsOf(open, jobId)).toEqual(before);
    },
  );

  it("keeps what is still wrong, and mends a row cell by cell", async () => {
    const open = await openEngine([people], peopleTable);
    const jobId = await ready(open, people, `${header}\n,nope,12,30,,,,,,,\n${right}\n`);
    const edit = (name: string, value: string) =>
      open.engine.review.editCell(jobId, { row: 2, field: name, value }, null);
    const codes = async (row: ReturnType<typeof edit>) => (await row).issues.map(({ c }) => c);
    expect(await codes(edit("email", "bob@x.fr"))).toEqual(["required", "phone_invalid"]);
    expect(await codes(edit("phone", ""))).toEqual(["required"]);
    expect(await codes(edit("name", "Bob"))).toEqual([]);
    await rowsOf(open, jobId);
    const { counts } = await commit(open, jobId);
    expect(some(counts)).toEqual({ created: 2 });
    expect(await open.rows("select name, email, age from people where name = 'Bob'")).toEqual([
      { name: "Bob", email: "bob@x.fr", age: 30 },
    ]);
  });

  it("runs the row's checks on what the row is then, and shows them what they saw of the file", async () => {
    const seen: unknown[] = [];
    const checked = defineImporter({
      name: "checked",
      fields: {
        name: field.text(),
        from: field.datetime({ timeZone: "Europe/Paris", column: "since" }),
        paid: field.boolean(),
        price: field.decimal(),
        low: field.integer(),
        high: field.integer(),
      },
      target: { table: "ranges" },
      checks: [
        (row) => {
          seen.push({ ...row });
          return row.low !== null && row.high !== null && row.low > row.high
            ? { field: "low", message: "low is above high" }
            : null;
        },
      ],
    });
    const ddl =
      "create table ranges (id bigint generated always as identity primary key, name text, since timestamptz, paid boolean, price numeric, low bigint, high bigint)";
    const open = await openEngine([checked], ddl);
    const jobId = await ready(open, checked, "name,from,paid,price,low,high\nA,31/07/2024 08:30,yes,2.50,1,5\n");
    const edit = (name: string, value: string) =>
      open.engine.review.editCell(jobId, { row: 2, field: name, value }, null);
    expect(await edit("high", "0")).toMatchObject({ status: "invalid", issues: [{ c: "row_rejected", f: "low" }] });
    expect(await edit("high", "2")).toMatchObject({ status: "valid" });
    const first = seen[0] as Record<string, unknown>;
    expect(first).toEqual({
      name: "A",
      from: "2024-07-31 08:30:00 Europe/Paris",
      paid: true,
      price: "2.50",
      low: 1,
      high: 5,
    });
    expect(seen).toEqual([first, { ...first, high: 0 }, { ...first, high: 2 }]);
  });

  it("keeps a warning of another cell, and drops that of the edited one", async () => {
    const open = await openEngine([people], peopleTable);
    const row = withCell(1, '"ann@x.fr, bob@x.fr"').replace("0612345678", "612345678");
    const jobId = await ready(open, people, `${header}\n${row}\n`);
    expect((await rowsOf(open, jobId)).warnings).toMatchObject([{ field: "phone" }, { field: "email" }]);
    const edited = await open.engine.review.editCell(jobId, { row: 2, field: "email", value: "ann@x.fr" }, null);
    expect(edited).toMatchObject({ status: "valid", issues: [{ c: "leading_zero_lost", f: "phone" }] });
    expect((await rowsOf(open, jobId)).warnings).toMatchObject([{ field: "phone" }]);
    await open.engine.review.editCell(jobId, { row: 2, field: "age", value: "x" }, null);
    expect((await rowsOf(open, jobId)).warnings).toEqual([]);
    await open.engine.review.editCell(jobId, { row: 2, field: "age", value: "9" }, null);
    expect((await rowsOf(open, jobId)).warnings).toMatchObject([{ field: "phone" }]);
  });

  it("pads a row that is too short, once a person has edited it", async () => {
    const open = await openEngine([people], peopleTable);
    const jobId = await ready(open, people, `${header}\nAnn,nope\n`);
    expect(await rowsOf(open, jobId)).toMatchObject({
      kept: [{ issues: [{ c: "row_too_short" }], cells: ["Ann", "nope"] }],
    });
    const { review } = open.engine;
    expect(await review.revalidate(jobId, null)).toMatchObject({ changed: 0 });
    expect(await review.editCell(jobId, { row: 2, field: "city", value: "Lyon" }, null)).toMatchObject({
      status: "invalid",
      issues: [{ c: "email_invalid", f: "email" }],
      cells: ["Ann", "nope", "", "", "", "", "", "", "", "Lyon", ""],
    });
    expect(await review.editCell(jobId, { row: 2, field: "email", value: "" }, null)).toMatchObject({
      status: "valid",
    });
    await rowsOf(open, jobId);
  });

  it("edits a column by its header, whatever it is called", async () => {
    const odd = defineImporter({
      name: "odd",
      fields: { name: field.text(), proto: field.integer() },
      target: { table: "odd" },
    });
    const open = await openEngine(
      [odd],
      "create table odd (id bigint generated always as identity primary key, name text, proto bigint)",
    );
    const map = [{ column: "__proto__", field: "proto" }];
    const jobId = await ready(open, odd, "name,__proto__,constructor\nA,x,1\n", { map });
    const { review } = open.engine;
    expect(await review.editCell(jobId, { row: 2, column: "__proto__", value: "7" }, null)).toMatchObject({
      status: "valid",
      values: { name: "A", proto: "7" },
    });
    await expect(review.editCell(jobId, { row: 2, column: "constructor", value: "7" }, null)).rejects.toThrow(
      /feeds no field/,
    );
    await expect(review.editCell(jobId, { row: 2, field: "__proto__", value: "7" }, null)).rejects.toThrow(/No column/);
    await rowsOf(open, jobId);
  });

  it("edits the column that names the owner, though it feeds no field", async () => {
    const owned = defineImporter({
      name: "people",
      fields: people.fields,
      target: { table: "people" },
      assign: { column: "owner_id", table: "owners", by: ["name"] },
    });
    const owners = "alter table people add owner_id bigint; create table owners (id bigint primary key, name text)";
    const open = await openEngine([owned], `${peopleTable}; ${owners}`);
    const assignment = { mode: "column", column: "Note" } as const;
    const jobId = await ready(open, owned, `${header}\n${right}\n`, { assignment });
    const before = await rowsOf(open, jobId);
    expect(before.staged).toMatchObject([{ owner_key: "keep" }]);
    const { review } = open.engine;
    await review.editCell(jobId, { row: 2, column: 10, value: "bob" }, null);
    await review.editCell(jobId, { row: 2, field: "age", value: "x" }, null);
    await review.editCell(jobId, { row: 2, field: "age", value: "30" }, null);
    expect((await rowsOf(open, jobId)).staged).toEqual([{ ...before.staged[0], owner_key: "bob" }]);
  });

  it("takes the cells of a report that came back for what they are without its apostrophes", async () => {
    const open = await openEngine([people], peopleTable);
    const jobId = await ready(
      open,
      people,
      "Sluice: row,Sluice: reason,Name,Age,City\n7,,'=1+1,x,''s Gravenhage\n8,,B,1,\n",
    );
    const edit = (field: string, value: string) => open.engine.review.editCell(jobId, { row: 2, field, value }, null);
    expect(await edit("age", "5")).toMatchObject({ status: "valid", values: { name: "=1+1", city: "'s Gravenhage" } });
    const edited = { name: "'t Hart", city: "'s Gravenhage" };
    expect(await edit("name", "'t Hart")).toMatchObject({ status: "valid", values: edited });
    await rowsOf(open, jobId);
  });

  const refused: [string, { row: number; field: string; value: string }, string, RegExp][] = [
    ["NUL", { row: 2, field: "name", value: "a\0b" }, "invalid", /NUL/],
    ["half a surrogate pair", { row: 2, field: "name", value: "\ud83d" }, "invalid", /surrogate/],
    ["more than a cell holds", { row: 2, field: "name", value: "x".repeat(32_768) }, "invalid", /32768 characters/],
    ["a field that no column feeds", { row: 2, field: "owner", value: "x" }, "invalid", /No column .* "owner"/],
    ["the header's row", { row: 1, field: "name", value: "x" }, "not_found", /no row 1/],
    ["the stage's marker", { row: 0, field: "name", value: "x" }, "not_found", /no row 0/],
    ["a row behind the last", { row: 99, field: "name", value: "x" }, "not_found", /no row 99/],
    ["a row with too many cells", { row: 3, field: "name", value: "x" }, "conflict", /row_too_long/],
    ["the last value of a row", { row: 4, field: "city", value: " " }, "invalid", /blank row/],
  ];
  it("refuses what cannot be, and says why", async () => {
    const open = await openEngine([people], peopleTable);
    const text = `${header}\n${right}\n${right},more\n,,,,,,,,,Lyon,\n`;
    const jobId = await ready(open, people, text);
    const before = await rowsOf(open, jobId);
    for (const [what, cell, code, message] of refused) {
      const error = await open.engine.review.editCell(jobId, cell, null).catch((each: unknown) => each);
      expect([what, error]).toMatchObject([what, { code, message: expect.stringMatching(message) }]);
    }
    expect(await rowsOf(open, jobId)).toEqual(before);
    expect(await open.engine.review.edits(jobId, { limit: 10 })).toEqual([]);
  });

  it("does not take a cell whose bytes were lost for text", async () => {
    const open = await openEngine([people], peopleTable);
    const utf8 = Buffer.from(`${header}\n${"Zoé,,,,,,,,,Orléans,\n".repeat(3000)}`);
    const latin1 = Buffer.from(withCell(9, "Orl\u00e9ans").replace("ann@x.fr", "nope"), "latin1");
    const jobId = await ready(open, people, Buffer.concat([utf8, latin1]));
    const codes = (row: { issues: { c: string }[] }) => row.issues.map(({ c }) => c);
    const { review } = open.engine;
    expect(codes(await review.editCell(jobId, { row: 3002, field: "email", value: "ann@x.fr" }, null))).toEqual([
      "encoding_invalid",
    ]);
    expect(await review.editCell(jobId, { row: 3002, field: "city", value: "Orléans" }, null)).toMatchObject({
      status: "valid",
    });
    await rowsOf(open, jobId);
  });
});

describe("rows", () => {
  it("come page by page in their order, by what they are and hold", async () => {
    const open = await openEngine([people], peopleTable);
    const lines = Array.from(
      { length: 30 },
      (_, k) => `P${k},${k % 3 === 0 ? "nope" : `p${k}@x.fr`},,${k % 5 === 0 ? "x" : k},,,,,,Ville${k},`,
    );
    const jobId = await ready(open, people, `${header}\n${lines.join("\n")}\n`);
    const { review } = open.engine;
    const page = await review.rows(jobId, {}, { limit: 4 });
    expect(page).toMatchObject({ valid: 16, invalid: 14 });
    expect(page.rows.map(({ row, status }) => [row, status])).toEqual([
      [2, "invalid"],
      [3, "valid"],
      [4, "valid"],
      [5, "invalid"],
    ]);
    expect(page.rows[1].values).toMatchObject({ name: "P1", age: "1", born: null });
    const numbers = async (...of: Parameters<typeof review.rows> extends [number, ...infer Rest] ? Rest : never) =>
      (await review.rows(jobId, ...of)).rows.map(({ row }) => row);
    expect(await numbers({ statuses: ["invalid"] }, { after: 5, limit: 3 })).toEqual([7, 8, 11]);
    expect(await numbers({ issue: "integer_invalid" }, { limit: 9 })).toEqual([2, 7, 12, 17, 22, 27]);
    expect(await numbers({ field: "email", statuses: ["invalid"] }, { after: 8, limit: 2 })).toEqual([11, 14]);
    expect(await numbers({ search: "VILLE1" }, { limit: 20 })).toEqual([3, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]);
    expect(await numbers({ search: "ville1", statuses: ["valid"] }, { limit: 3 })).toEqual([3, 13, 15]);
  });
});

describe("two at once", () => {
  it("two editors of one row: both cells are changed, whoever comes first", async () => {
    const open = await openEngine([people], peopleTable);
    const jobId = await ready(open, people, `${header}\n${withCell(1, "nope").replace(",30,", ",x,")}\n`);
    const { review } = open.engine;
    await Promise.all([
      review.editCell(jobId, { row: 2, field: "email", value: "ann@x.fr" }, "ann"),
      review.editCell(jobId, { row: 2, field: "age", value: "30" }, "bob"),
    ]);
    const { staged } = await rowsOf(open, jobId);
    expect(staged).toMatchObject([rightValues]);
    const edits = await review.edits(jobId, { limit: 10 });
    expect(edits.map(({ actor }) => actor).sort()).toEqual(["ann", "bob"]);
    expect(edits[0]).toMatchObject({ kind: "cell", row: 2, nowValid: 1, stillInvalid: 0 });
  });

  it("an edit that races the press of commit is in what is committed, or is refused", async () => {
    const open = await openEngine([people], peopleTable);
    for (const first of ["edit", "commit"]) {
      const jobId = await ready(open, people, `${header}\n${withCell(1, "nope")}\n`);
      const { engine } = open;
      const edit = () => engine.review.editCell(jobId, { row: 2, field: "email", value: `${first}@x.fr` }, null);
      const press = () => engine.commit(jobId);
      const [edited] = await Promise.allSettled(first === "edit" ? [edit(), press()] : [press(), edit()].reverse());
      const { counts } = await commit2(open, jobId);
      expect(some(counts)).toEqual(edited.status === "fulfilled" ? { created: 1 } : { invalid: 1 });
      if (edited.status === "rejected") expect(edited.reason).toMatchObject({ code: "conflict" });
    }
  });

  it("is refused while the import is anything but ready", async () => {
    const open = await openEngine([people], peopleTable);
    const { id } = await open.create(people, `${header}\n${right}\n`);
    const { review } = open.engine;
    const verbs = [
      () => review.editCell(id, { row: 2, field: "name", value: "x" }, null),
      () => review.replaceValue(id, { field: "name", from: "a", to: "b" }, null),
      () => review.findAndReplace(id, { find: "a", replace: "b" }, null),
      () => review.revalidate(id, null),
    ];
    for (const verb of verbs) await expect(verb()).rejects.toMatchObject({ code: "conflict", message: /is pending/ });
    await expect(review.undoEdit(id, null)).rejects.toMatchObject({ code: "conflict", message: /no edit/ });
  });
});

async function commit2(open: Parameters<typeof commit>[0], jobId: number) {
  const { status } = await open.engine.imports.get(jobId);
  if (status === "ready") return commit(open, jobId);
  for (;;) if ((await open.engine.work(jobId)) === "done") return open.outcomeOf(jobId);
}
