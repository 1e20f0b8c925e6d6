/** Documents: a cell of JSON, columns of members, and the columns that feed nothing else. */
import { describe, expect, it } from "vitest";
import type { MergeRule } from "../../src/core/fields/kind.ts";
import { defineImporter, field, ref } from "../../src/index.ts";
import { openEngine } from "../open-engine.ts";
import { ready } from "./review-import.ts";
import { undo } from "./undo-import.ts";

const contacts = (merge?: MergeRule) =>
  defineImporter({
    name: "contacts",
    fields: {
      email: field.email(),
      custom: field.json(
        {
          size: field.integer({ min: 0 }),
          sector: field.text({ aliases: { fr: ["Secteur"] } }),
          met: field.date(),
          tags: field.list(field.text()),
          price: field.decimal(),
          vip: field.boolean(),
          at: field.datetime({ timeZone: "Europe/Paris" }),
        },
        { rest: true, merge },
      ),
    },
    match: { keys: ["email"], onDuplicate: "update" },
    target: { table: "contacts" },
  });
const ddl = `
  create table contacts (id serial primary key, email text unique, custom jsonb);
  insert into contacts (email, custom) values ('old@x.fr', '{"size": 1, "own": "kept", "sector": null}'), ('list@x.fr', '[1]'), ('none@x.fr', null)`;
const select = "select email, custom from contacts order by id";

it("is made of the members' columns and of the columns that feed nothing else", async () => {
  const { importCsv, rows } = await openEngine([contacts()], ddl);
  const text = `email;Size;Secteur;met;tags;price;vip;at;__proto__;Hair colour;constructor
a@x.fr;5;Retail;31/01/2024;red, green;1,50;yes;31/07/2024 08:30;evil;brown;
b@x.fr;;;;;;;;;;
c@x.fr;-1;"say ""hi""\\ ok";x;;;;;;;
`;
  const { issues, job, rows: kept } = await importCsv(contacts(), text);
  expect(job.mapping.columns.map(({ field: name, reason }) => [name, reason])).toEqual([
    ["email", "name"],
    ["custom.size", "name"],
    ["custom.sector", "alias"],
    ["custom.met", "name"],
    ["custom.tags", "name"],
    ["custom.price", "name"],
    ["custom.vip", "name"],
    ["custom.at", "name"],
    ["custom.*", "rest"],
    ["custom.*", "rest"],
    ["custom.*", "rest"],
  ]);
  expect(issues).toEqual([
    [4, "custom", "number_too_small"],
    [4, "custom", "date_invalid"],
  ]);
  expect(kept[0].issues.map(({ p }) => p?.part)).toEqual(["size: -1", "met: x"]);
  const [made] = await rows<{ custom: object }>("select custom from contacts where email = 'a@x.fr'");
  expect(Object.entries(made.custom).sort(([a], [b]) => (a < b ? -1 : 1))).toEqual([
    ["Hair colour", "brown"],
    ["__proto__", "evil"],
    ["at", "2024-07-31T06:30:00.000Z"],
    ["met", "2024-01-31"],
    ["price", 1.5],
    ["sector", "Retail"],
    ["size", 5],
    ["tags", ["red", "green"]],
    ["vip", true],
  ]);
  expect(await rows("select custom from contacts where email = 'b@x.fr'")).toEqual([{ custom: null }]);
});

describe("an update of members", () => {
  const text =
    "email;size;sector\nold@x.fr;2;\nold@x.fr;;Retail\nlist@x.fr;3;\nnone@x.fr;4;\nnew@x.fr;5;A\nnew@x.fr;6;\n";
  it.each<[MergeRule | undefined, unknown[]]>([
    [undefined, [{ size: 2, own: "kept", sector: "Retail" }, { size: 3 }, { size: 4 }, { size: 6, sector: "A" }]],
    ["fill", [{ size: 1, own: "kept", sector: "Retail" }, [1], { size: 4 }, { size: 5, sector: "A" }]],
    ["clear", [{ own: "kept", sector: "Retail" }, { size: 3 }, { size: 4 }, { size: 6 }]],
    ["never", [{ size: 1, own: "kept", sector: null }, [1], null, { size: 5, sector: "A" }]],
  ])("by the rule %s leaves the other members, is foretold, and undone", async (merge, documents) => {
    const open = await openEngine([contacts(merge)], ddl);
    const { importCsv, dryRun, rows } = open;
    const before = await rows(select);
    const foretold = await dryRun(contacts(merge), text);
    const { counts, job } = await importCsv(contacts(merge), text);
    expect(counts).toEqual(foretold.counts);
    expect((await rows<{ custom: unknown }>(select)).map(({ custom }) => custom)).toEqual(documents);
    await undo(open, job.id);
    expect(await rows(select)).toEqual(before);
  });

  it("changes nothing where the members are there already", async () => {
    const { importCsv } = await openEngine([contacts()], ddl);
    const { counts } = await importCsv(contacts(), "email;size\nold@x.fr;1\n");
    expect(counts).toMatchObject({ unchanged: 1 });
  });
});

const notes = defineImporter({
  name: "notes",
  fields: { code: field.text(), data: field.json({ size: field.integer() }), plain: field.json() },
  match: { keys: ["code"], onDuplicate: "update" },
  target: { table: "notes" },
});
const notesTable = "create table notes (id serial primary key, code text unique, data jsonb, plain json)";

it("is a cell of JSON, replaced as a whole", async () => {
  const open = await openEngine(
    [notes],
    `${notesTable}; insert into notes (code, data, plain) values ('a', '{"x": 1}', '[]')`,
  );
  const { importCsv, rows } = open;
  const select = "select code, data, plain from notes order by id";
  const before = await rows(select);
  const text = `code\tdata\tplain\na\t{"size": "5", "big": 12345678901234567890}\t[1, {"b": null}]\nb\t{"size": "x"}\t\nc\t{\t5\nd\t{"a":"\\u0000"}\t{"a":1e99999}\ne\t"x"\t{"__proto__":{"x":1}}\nf\t\t${"[".repeat(200)}\n`;
  const { counts, job, issues } = await importCsv(notes, text);
  expect(issues).toEqual([
    [3, "data", "integer_invalid"],
    [4, "data", "json_invalid"],
    [4, "plain", "json_invalid"],
    [5, "data", "nul_character"],
    [5, "plain", "json_invalid"],
    [6, "data", "json_invalid"],
    [7, "plain", "json_too_deep"],
  ]);
  expect(counts).toMatchObject({ updated: 1, invalid: 5 });
  expect(await rows("select data::text, plain::text from notes")).toEqual([
    { data: '{"big": 12345678901234567890, "size": 5}', plain: '[1, {"b": null}]' },
  ]);
  expect((await importCsv(notes, text)).counts).toMatchObject({ unchanged: 1 });
  await undo(open, job.id);
  expect(await rows(select)).toEqual(before);
});

it("takes a cell of JSON and columns of members together, and edits of each", async () => {
  const open = await openEngine([notes, contacts()], `${notesTable}; ${ddl}`);
  const jobId = await ready(open, notes, 'code\tdata\tsize\na\t{"size": 1, "x": [2]}\t9\nb\t[1]\t\nc\t[1]\t2\n', {
    map: [{ column: "size", field: "data.size" }],
  });
  const { job } = await open.outcomeOf(jobId);
  const staged = () =>
    open.rows(`select row_no, data from sluice_stage.job_${jobId}_${job.stageGeneration} where row_no > 0 order by 1`);
  expect(await staged()).toEqual([
    { row_no: 2, data: { size: 9, x: [2] } },
    { row_no: 3, data: [1] },
  ]);
  const edit = (row: number, name: string, value: string) =>
    open.engine.review.editCell(jobId, { row, field: name, value }, "ann");
  expect(await edit(2, "data.size", "10")).toMatchObject({ status: "valid", values: { "data.size": "10" } });
  expect(await edit(3, "data", '{"y": true}')).toMatchObject({ status: "valid" });
  expect(await edit(4, "data", "")).toMatchObject({ status: "valid" });
  expect(await staged()).toEqual([
    { row_no: 2, data: { size: 10, x: [2] } },
    { row_no: 3, data: { y: true } },
    { row_no: 4, data: { size: 2 } },
  ]);
});

it("changes the members that the file has in every record of a row", async () => {
  const people = defineImporter({
    name: "people",
    fields: { code: field.text(), name: field.text(), firm: field.json({ size: field.integer(), town: field.text() }) },
    records: {
      firm: { table: "firms", key: ["code"], set: { data: "firm" }, onMatch: "update" },
      person: { table: "people", key: ["name"], set: { firm_id: ref("firm") }, onMatch: "update" },
    },
  });
  const open = await openEngine(
    [people],
    `create table firms (id serial primary key, code text unique, data jsonb);
     create table people (id serial primary key, name text unique, firm_id integer references firms);
     insert into firms (code, data) values ('a', '{"own": true, "size": 1}')`,
  );
  const { importCsv, rows } = open;
  const { job } = await importCsv(people, "code;name;size;town\na;Ann;2;\na;Bo;;Lyon\nb;Cy;5;\n");
  const documents = async () =>
    (await rows<{ data: unknown }>("select data from firms order by id")).map(({ data }) => data);
  expect(await documents()).toEqual([{ own: true, size: 2, town: "Lyon" }, { size: 5 }]);
  await undo(open, job.id);
  expect(await documents()).toEqual([{ own: true, size: 1 }]);
});
