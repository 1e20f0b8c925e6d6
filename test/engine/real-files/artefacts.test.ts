/** What other programs did to the cells of a file is undone, and counted by field; what only looks so stays as it is. */
import { describe, expect, it } from "vitest";
import { defineImporter, field } from "../../../src/index.ts";
import { openEngine, some } from "../../open-engine.ts";

const people = defineImporter({
  name: "people",
  fields: {
    name: field.text({ required: true }),
    email: field.email(),
    phone: field.phone({ country: "FR" }),
    birthday: field.date(),
    balance: field.decimal(),
    active: field.boolean(),
    zip: field.text(),
  },
  match: { keys: [], onDuplicate: "create" },
  target: { table: "people" },
});
const peopleDdl =
  "create table people (id bigint generated always as identity primary key, name text not null, email text, phone text, birthday date, balance numeric, active boolean, zip text)";

const things = defineImporter({
  name: "things",
  fields: { code: field.text({ required: true }), name: field.text(), amount: field.decimal() },
  match: { keys: ["code"], onDuplicate: "update" },
  target: { table: "things" },
});
const thingsDdl =
  "create table things (id bigint generated always as identity primary key, code text not null unique, name text, amount numeric)";

/** Imports a file of people; what is in the table then, of the columns named, and what was counted. */
async function imported(text: string, columns: string) {
  const { importCsv, rows } = await openEngine([people], peopleDdl);
  const { counts, issueCounts, issues } = await importCsv(people, text);
  const stored = await rows(`select ${columns} from people order by id`);
  return {
    counts: some(counts),
    stored: stored.map((row) => Object.values(row)),
    told: issueCounts.map(({ field: name, code, count }) => `${count} ${name} ${code}`).sort(),
    issues,
  };
}

it("takes the constant out of a formula that keeps a spreadsheet off a value", async () => {
  const text =
    'Name;Email;Phone;Zip\nAnna Berg;anna@example.com;="0612345678";="01234"\nBo;="bo@example.com";="0612345679";="75001"\n"=""Cia """"C"""" Dahl""";cia@example.com;="+33612345680";=T("00120")\n';
  expect(await imported(text, "name, email, phone, zip")).toEqual({
    counts: { created: 3 },
    stored: [
      ["Anna Berg", "anna@example.com", "+33612345678", "01234"],
      ["Bo", "bo@example.com", "+33612345679", "75001"],
      ['Cia "C" Dahl', "cia@example.com", "+33612345680", "00120"],
    ],
    told: ["1 email constant_formula", "1 name constant_formula", "3 phone constant_formula", "3 zip constant_formula"],
    issues: [],
  });
});

it("leaves out an apostrophe that guards a value, and none that is a name's own", async () => {
  const text =
    "Name,Email,Phone,Balance,Zip\nAnna,anna@example.com,'+46701740605,'-12.50,'01234\n'=Bo,'bo@example.com',\"'06 12 34 56 78\",40.00,'s-Hertogenbosch\n't Hart,o'brien@example.com,,'-7,'68\n";
  expect(await imported(text, "name, email, phone, balance, zip")).toEqual({
    counts: { created: 3 },
    stored: [
      ["Anna", "anna@example.com", "+46701740605", "-12.50", "01234"],
      ["=Bo", "bo@example.com", "+33612345678", "40.00", "'s-Hertogenbosch"],
      ["'t Hart", "o'brien@example.com", null, "-7", "'68"],
    ],
    told: [
      "1 email guard_removed",
      "1 name guard_removed",
      "1 zip guard_removed",
      "2 balance guard_removed",
      "2 phone guard_removed",
    ],
    issues: [],
  });
});

it("counts words for a null as blanks where the field is no text", async () => {
  const text =
    "name,email,phone,birthday,balance,active,zip\nAnna,anna@example.com,NULL,1980-02-03,12.50,1,NULL\nBo,NULL,0612345679,0000-00-00,n/a,0,\\N\nNull,cia@example.com,-,s/o,0.00,#N/A,N/A\n";
  expect(await imported(text, "name, email, phone, birthday::text, balance, active, zip")).toEqual({
    counts: { created: 3 },
    stored: [
      ["Anna", "anna@example.com", null, "1980-02-03", "12.50", true, "NULL"],
      ["Bo", null, "+33612345679", null, null, false, null],
      ["Null", "cia@example.com", null, null, "0.00", null, "N/A"],
    ],
    told: [
      "1 active blank_word",
      "1 balance blank_word",
      "1 email blank_word",
      "1 zip blank_word",
      "2 birthday blank_word",
      "2 phone blank_word",
    ],
    issues: [],
  });
});

it("asks for a required value where the cell says that there is none, and takes a default", async () => {
  const strict = defineImporter({
    name: "strict",
    fields: { email: field.email({ required: true }), active: field.boolean({ default: true }) },
    match: { keys: ["email"] },
    target: { table: "strict" },
  });
  const { importCsv, rows } = await openEngine(
    [strict],
    "create table strict (id bigint generated always as identity primary key, email text not null, active boolean)",
  );
  const { counts, issues } = await importCsv(strict, "email,active\nNULL,true\na@x.fr,NULL\n");
  expect([some(counts), issues]).toEqual([{ created: 1, invalid: 1 }, [[2, "email", "required"]]]);
  expect(await rows("select email, active from strict")).toEqual([{ email: "a@x.fr", active: true }]);
});

it("leaves out what nobody sees, and keeps what letters and emoji are joined by", async () => {
  const text =
    "Name,Email,Phone\nAnna,\u200banna@example.com,\u202a+33612345678\u202c\nBo,bo@example.com\u200b,\u200e0612345679\n\u200bCia,\ufeffcia@example.com,0612345680\nمی\u200cخواهم,didi@ex\u00adample.com,0612345681\n👩\u200d🚀,eva@example.com,06\u00a012\u202f34 56 82\n";
  expect(await imported(text, "name, email, phone")).toEqual({
    counts: { created: 5 },
    stored: [
      ["Anna", "anna@example.com", "+33612345678"],
      ["Bo", "bo@example.com", "+33612345679"],
      ["Cia", "cia@example.com", "+33612345680"],
      ["می\u200cخواهم", "didi@example.com", "+33612345681"],
      ["👩\u200d🚀", "eva@example.com", "+33612345682"],
    ],
    told: ["1 name unseen_removed", "2 phone unseen_removed", "4 email unseen_removed"],
    issues: [],
  });
});

it("knows keys as the same that differ by what nobody sees alone", async () => {
  const { importCsv, rows } = await openEngine([things], thingsDdl);
  const { counts } = await importCsv(
    things,
    "code,name,amount\nA1,Bolt,1\nA1\u200b,Bolt again,2\n\u200eA2,Nut,\u200e3\nA2,Nut again,\u202a4\u202c\n",
  );
  expect(some(counts)).toEqual({ created: 2, updated: 2 });
  expect(await rows("select code, name, amount from things order by id")).toEqual([
    { code: "A1", name: "Bolt again", amount: "2" },
    { code: "A2", name: "Nut again", amount: "4" },
  ]);
});

describe("contacts", () => {
  it("are taken out of names, links and lists of addresses", async () => {
    const text =
      'Name,Email\nAnna,Anna Berg <anna@example.com>\nBo,"""Carlsson, Bo"" <bo@example.com>"\nCia,mailto:cia@example.com\nDidi,<didi@example.com>\nEva,eva@example.com ::: eva.f@example.org\n';
    expect(await imported(text, "email")).toEqual({
      counts: { created: 5 },
      stored: [
        ["anna@example.com"],
        ["bo@example.com"],
        ["cia@example.com"],
        ["didi@example.com"],
        ["eva@example.com"],
      ],
      told: ["1 email several_values", "4 email value_unwrapped"],
      issues: [],
    });
  });

  it("are numbers, whatever stands beside them; an extension is told of", async () => {
    const text =
      "Name;Phone\nAnna;p:+33612345678\nBo;tel:+33612345679\nCia;01 42 68 53 00 poste 12\nDidi;+1 (608) 271-9000 ext. 11\nEva;06 12 34 56 81 (bureau)\nFia;-\nGun;+33 6 12 34 56 82 ::: +33 1 42 68 53 00\nHed;Mob. 06 12 34 56 83\nIan;Tél : 01 42 68 53 01\nJan;N/A\nKim;+1-608-271-9000-x11\n";
    expect(await imported(text, "phone")).toEqual({
      counts: { created: 11 },
      stored: [
        ["+33612345678"],
        ["+33612345679"],
        ["+33142685300"],
        ["+16082719000"],
        ["+33612345681"],
        [null],
        ["+33612345682"],
        ["+33612345683"],
        ["+33142685301"],
        [null],
        ["+16082719000"],
      ],
      told: ["1 phone several_values", "2 phone blank_word", "3 phone extension_left_out", "5 phone value_unwrapped"],
      issues: [],
    });
  });
});

it("reads days with a point after the year, and numbers in lakhs", async () => {
  const text =
    "Name;Birthday;Balance\na;19.04.2019.;12,34,567.89\nb;05.04.2019.;1,23,456.00\nc;17. 4. 2019.;98,765.50\nd;2019. 04. 20.;₹ 1,00,000.00\n";
  expect(await imported(text, "birthday::text, balance")).toEqual({
    counts: { created: 4 },
    stored: [
      ["2019-04-19", "1234567.89"],
      ["2019-04-05", "123456.00"],
      ["2019-04-17", "98765.50"],
      ["2019-04-20", "100000.00"],
    ],
    told: [],
    issues: [],
  });
});

describe("words for a null in a text", () => {
  const text = `name,zip\n${Array.from({ length: 20 }, (_, k) => `N${k},${k % 2 === 0 ? "NULL" : "75001"}\n`).join("")}`;

  it("are blanks where the mapping says so, of a column or of all", async () => {
    const { importCsv, rows } = await openEngine([people], peopleDdl);
    const map = [{ column: "zip", field: "zip", transform: { blankWords: ["NULL"] } }];
    const { issueCounts } = await importCsv(people, text, { map });
    expect(await rows("select count(*)::int as rows, count(zip)::int as zips from people")).toEqual([
      { rows: 20, zips: 10 },
    ]);
    expect(issueCounts).toEqual([{ field: "zip", code: "blank_word", count: 10 }]);
  });
});
