/** Files whose header is not simply their first row, or comes again: records are made of what is a record alone. */
import { expect, it } from "vitest";
import { leads } from "../../../src/importers/leads/leads.ts";
import { defineImporter, field, type Importer } from "../../../src/index.ts";
import { openEngine, some } from "../../open-engine.ts";

const bank = defineImporter({
  name: "bank",
  fields: {
    booked: field.date({ aliases: { de: ["Datum", "Date"] } }),
    payee: field.text({ aliases: { de: ["Payee", "Name"] } }),
    amount: field.decimal({ aliases: { de: ["Amount", "Umsatz"] } }),
  },
  match: { keys: [], onDuplicate: "create" },
  target: { table: "bank" },
});
const things = defineImporter({
  name: "things",
  fields: { code: field.text({ required: true, aliases: { de: ["SKU", "ResponseId"] } }), name: field.text() },
  match: { keys: ["code"], onDuplicate: "update" },
  target: { table: "things" },
});
const people = defineImporter({
  name: "people",
  fields: { name: field.text({ required: true }), city: field.text(), zip: field.text() },
  match: { keys: [], onDuplicate: "create" },
  target: { table: "people" },
});
const tables = `
  create table bank (id bigint generated always as identity primary key, booked date, payee text, amount numeric);
  create table things (id bigint generated always as identity primary key, code text not null unique, name text);
  create table people (id bigint generated always as identity primary key, name text not null, city text, zip text)
`;

/** Imports a file; what it came to, what was told of it, and what a query finds then. */
async function imported(importer: Importer, lines: readonly string[], query: string) {
  const { importCsv, rows } = await openEngine([importer], importer === leads ? "" : tables);
  const { counts, issueCounts } = await importCsv(importer, `${lines.join("\n")}\n`);
  return {
    counts: some(counts),
    told: issueCounts.map(({ code, count }) => `${count} ${code}`).sort(),
    stored: (await rows(query)).map((row) => Object.values(row)),
  };
}

it("reads the first column as nameless where the header has one name fewer than the rows have cells", async () => {
  const lines = ['"name","city","zip"', '"1","Anna Berg","Paris","75001"', '"2","Bo Carlsson","Lyon","69001"'];
  expect(await imported(people, lines, "select name, city, zip from people order by id")).toEqual({
    counts: { created: 2 },
    told: ["1 header_shifted"],
    stored: [
      ["Anna Berg", "Paris", "75001"],
      ["Bo Carlsson", "Lyon", "69001"],
    ],
  });
});

it("finds the header below a line of metadata that is wider than the table", async () => {
  const lines = [
    '"EXTF";700;21;"Buchungsstapel";12;20240830140440439;;"RK";"";"";1001;1;20240101;4;20240101;20240831',
    "Umsatz;Soll/Haben;WKZ;Konto;Gegenkonto;Datum;Belegfeld 1;Payee",
    '24,95;"H";"EUR";1200;4930;01.02.2024;"RE-001";"Material"',
    '1190,00;"S";"EUR";10001;8400;15.03.2024;"RE-002";"Beratung"',
  ];
  expect(
    await imported(
      bank,
      lines,
      "select to_char(booked, 'YYYY-MM-DD') as day, amount::text, payee from bank order by id",
    ),
  ).toEqual({
    counts: { created: 2 },
    told: ["1 titles_above_header"],
    stored: [
      ["2024-02-01", "24.95", "Material"],
      ["2024-03-15", "1190.00", "Beratung"],
    ],
  });
});

it("finds the header below comments with commas", async () => {
  const lines = [
    "# this is an export of the team",
    "# name: full name, code: like identity card no, mobile: telephone",
    "name,code,mobile",
    "Eric,a001,0612345678",
    "Anna,a002,0612345679",
  ];
  const { counts, told } = await imported(leads, lines, "select 1 as one");
  expect({ counts, told }).toEqual({ counts: { created: 2 }, told: ["2 titles_above_header"] });
});

it("takes sizes for names of columns", async () => {
  const lines = ["SKU,Name,36,37,38", "S1,Shoe,3,0,2", "S2,Boot,0,1,4"];
  expect(await imported(things, lines, "select code, name from things order by id")).toEqual({
    counts: { created: 2 },
    told: [],
    stored: [
      ["S1", "Shoe"],
      ["S2", "Boot"],
    ],
  });
});

it("makes no records of questions and of ids for machines", async () => {
  const lines = [
    "StartDate,ResponseId,Name",
    "Date de début,Identifiant,Votre nom ?",
    '"{""ImportId"":""startDate""}","{""ImportId"":""_recordId""}","{""ImportId"":""QID1""}"',
    "2024-07-01 08:28:09,R_001,Anna",
    "2024-07-02 08:28:09,R_002,Bo",
  ];
  expect(await imported(things, lines, "select code, name from things order by id")).toEqual({
    counts: { created: 2 },
    told: [],
    stored: [
      ["R_001", "Anna"],
      ["R_002", "Bo"],
    ],
  });
});

it("makes neither records nor rejected rows of a print's titles, rules and repeated headers", async () => {
  const page = (number: number): string[] => [
    `14.05.2024   Stock list   ${number}`,
    "----------------------",
    "|code    |name      |",
    "----------------------",
    `|00000${number}  |Item ${number}    |`,
    `|10000${number}  |Thing ${number}   |`,
    "----------------------",
    "",
  ];
  expect(await imported(things, [...page(1), ...page(2), ...page(3)], "select code from things order by id")).toEqual({
    counts: { created: 6 },
    told: ["2 header_repeated", "2 page_titles", "2 titles_above_header", "8 rules_between"],
    stored: [["000001"], ["100001"], ["000002"], ["100002"], ["000003"], ["100003"]],
  });
});

it("counts the repeated headers of files put together once, however small the slices, and keeps where they are", async () => {
  const lines = Array.from({ length: 300 }, (_, k) => (k % 100 === 0 ? "code;name" : `K${k};Name ${k}`));
  const { importCsv, engine } = await openEngine([things], tables, { batchBytes: 512, sliceMs: 1 });
  const { counts, issueCounts, job } = await importCsv(things, `${lines.join("\n")}\n`);
  expect([some(counts), issueCounts]).toEqual([{ created: 297 }, [{ field: null, code: "header_repeated", count: 2 }]]);
  const kept: number[] = [];
  for await (const { row } of engine.outcomes.warnings(job.id)) kept.push(row);
  expect(kept).toEqual([101, 201]);
});

it("keeps a row that has some of the header's words", async () => {
  const { counts, told } = await imported(
    things,
    ["code;name", "A1;Bolt", "name;code", "code;Name", "A2;name"],
    "select 1 as one",
  );
  expect({ counts, told }).toEqual({ counts: { created: 4 }, told: [] });
});
