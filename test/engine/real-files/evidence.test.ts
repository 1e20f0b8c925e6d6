/**
 * Real files whose own evidence decides: keys as the table tells them apart, a shared phone, columns that feed nothing, zones in headers,
 * and readings that other columns suggest or that all rows decide again.
 */
import { describe, expect, it } from "vitest";
import { leads } from "../../../src/importers/leads/leads.ts";
import { defineImporter, field } from "../../../src/index.ts";
import { sql } from "../../../src/postgres/connection/session.ts";
import { openEngine, some, workToEnd } from "../../open-engine.ts";

const bank = defineImporter({
  name: "bank",
  fields: {
    booked: field.date({ aliases: { en: ["Date", "Posting date", "signed_on"], de: ["Datum", "Buchungstag"] } }),
    payee: field.text({ aliases: { en: ["Payee", "Name", "ref"], de: ["Zweck"] } }),
    amount: field.decimal({ aliases: { en: ["Amount"], de: ["Betrag"] } }),
  },
  match: { keys: [], onDuplicate: "create" },
  target: { table: "bank" },
});
const bankTable =
  "create table bank (id bigint generated always as identity primary key, booked date, payee text, amount numeric)";

const things = defineImporter({
  name: "things",
  fields: {
    code: field.text({ required: true, aliases: { en: ["Id"] } }),
    name: field.text(),
    amount: field.decimal(),
  },
  match: { keys: ["code"], onDuplicate: "update" },
  target: { table: "things" },
});
const thingsTable = (unique: string): string =>
  `create table things (id bigint generated always as identity primary key, code text not null, name text, amount numeric); ${unique}`;

const moments = defineImporter({
  name: "moments",
  fields: {
    name: field.text({ aliases: { en: ["id"] } }),
    at: field.datetime({
      timeZone: "Europe/Paris",
      aliases: { en: ["Created", "Time"], de: ["Uhrzeit"], fr: ["Heure"] },
    }),
  },
  match: { keys: [], onDuplicate: "create" },
  target: { table: "moments" },
});
const momentsTable =
  "create table moments (id bigint generated always as identity primary key, name text, at timestamptz)";

const switchboard = [
  "First name,Last name,Email,Phone,Company",
  "Anna,Berg,anna@acme.example,01 42 68 53 00,Acme",
  "Bo,Carlsson,bo@acme.example,01 42 68 53 00,Acme",
  "Cia,Dahl,cia@acme.example,01 42 68 53 00,Acme",
  "Didi,Ek,didi@volvo.example,01 42 68 53 99,Volvo",
].join("\n");

describe("three colleagues behind one switchboard", () => {
  it.each(["skip", "update", "create"] as const)("are three people (%s), and told of their phone", async (strategy) => {
    const { engine, importCsv, rows } = await openEngine([leads]);
    await engine.prepareTarget(leads);
    const { counts, issueCounts } = await importCsv(leads, switchboard, { strategy });
    expect(some(counts)).toEqual({ created: 4 });
    expect(issueCounts).toEqual(strategy === "create" ? [] : [{ field: null, code: "key_shared_in_file", count: 2 }]);
    expect(
      (await rows<{ first_name: string }>("select first_name from leads order by id")).map((r) => r.first_name),
    ).toEqual(["Anna", "Bo", "Cia", "Didi"]);
  });
});

describe("keys are compared as the table compares them", () => {
  const salesforce =
    "Id,Name,Amount\n0015g00000Xa1Ab,Acme Nord,10\n0015g00000Xa1aB,Acme Sud,20\n0015g00000Xa1AB,Acme Est,30\n";

  it.each<[string, string, number, unknown[]?]>([
    ["an exact index", "create unique index on things (code)", 3],
    ["an index on lower()", "create unique index on things (lower(code))", 1],
    ["no index", "", 1, [{ field: "code", code: "key_case_differs", count: 2 }]],
  ])("with %s, ids that differ by case alone", async (_, unique, records, told: unknown[] = []) => {
    const { importCsv, dryRun, rows } = await openEngine([things], thingsTable(unique));
    const foreseen = await dryRun(things, salesforce);
    const { counts, issueCounts } = await importCsv(things, salesforce);
    expect([counts.created, await rows("select count(*)::int as n from things")]).toEqual([records, [{ n: records }]]);
    expect([issueCounts, foreseen.issueCounts]).toEqual([told, told]);
  });

  it("tells of each part of each key, and of a row once", async () => {
    const parts = defineImporter({
      name: "parts",
      fields: { code: field.text(), name: field.text(), amount: field.decimal() },
      match: { keys: [["code", "name"], "name"], onDuplicate: "skip" },
      target: { table: "parts" },
    });
    const { importCsv } = await openEngine(
      [parts],
      "create table parts (id bigint generated always as identity primary key, code text, name text, amount numeric)",
    );
    const text = "code,name,amount\nA1,acme,1\na1,acme,2\nA1,ACME,3\nA1,acme,4\n,Solo,5\n,solo,6\n";
    expect((await importCsv(parts, text)).issueCounts).toEqual(
      expect.arrayContaining([
        { field: "code", code: "key_case_differs", count: 1 },
        { field: "name", code: "key_case_differs", count: 2 },
      ]),
    );
  });

  it.each(["create unique index on things (code)", "create unique index on things (lower(code))", ""])(
    "has é for é, whoever wrote it as two signs (%s)",
    async (unique) => {
      const { importCsv, rows } = await openEngine([things], thingsTable(unique));
      const text = "code,name,amount\nCAF\u00c9-1,composed,1\nCAFE\u0301-1,decomposed,2\n";
      expect(some((await importCsv(things, text)).counts)).toEqual({ created: 1, updated: 1 });
      expect(await rows("select name from things")).toEqual([{ name: "decomposed" }]);
    },
  );
});

describe("a file of which nothing is mapped", () => {
  it("is not started, nor resumed where it was before", async () => {
    const { engine, create, database, rows } = await openEngine([bank], bankTable);
    const job = await create(bank, "foo,bar\n1,2\n3,4\n");
    const refusal =
      /^No column of the file feeds any field, .* Its columns are: foo, bar\. The fields are: booked, payee, amount\.$/;
    await expect(engine.start(job.id)).rejects.toThrow(refusal);
    await database.query(sql`update sluice.import_jobs set status = 'paused' where id = ${job.id}`);
    await expect(engine.resume(job.id)).rejects.toThrow(refusal);
    expect(await rows("select * from bank")).toEqual([]);
  });

  it("neither where all that is fed is the same in each row", async () => {
    const { engine, create } = await openEngine([bank], bankTable);
    const job = await create(bank, "Date,bar\n2026-01-02,2\n", {
      map: [
        { column: "Date", field: null },
        { field: "payee", source: { kind: "constant", value: "Acme" } },
      ],
    });
    await expect(engine.start(job.id)).rejects.toThrow("nothing to import");
  });

  it("fails where a worker has it already", async () => {
    const { engine, create, database } = await openEngine([bank], bankTable);
    const job = await create(bank, "foo,bar\n1,2\n");
    await database.query(sql`update sluice.import_jobs set status = 'queued' where id = ${job.id}`);
    await expect(workToEnd(engine, job.id)).rejects.toThrow("nothing to import");
    expect((await engine.imports.get(job.id)).status).toBe("failed");
  });
});

describe("the zone in a header", () => {
  it.each([
    ["Created (UTC)", ["2024-07-01T23:30:00.000Z", "2024-12-01T23:30:00.000Z"]],
    ["created_utc", ["2024-07-01T23:30:00.000Z", "2024-12-01T23:30:00.000Z"]],
    ["Created (GMT+2)", ["2024-07-01T21:30:00.000Z", "2024-12-01T21:30:00.000Z"]],
    ["Uhrzeit MEZ", ["2024-07-01T22:30:00.000Z", "2024-12-01T22:30:00.000Z"]],
    ["Time [CET]", ["2024-07-01T22:30:00.000Z", "2024-12-01T22:30:00.000Z"]],
    ["Created (New York)", ["2024-07-02T03:30:00.000Z", "2024-12-02T04:30:00.000Z"]],
    ["Heure (Paris)", ["2024-07-01T21:30:00.000Z", "2024-12-01T22:30:00.000Z"]],
    ["Created (local time)", ["2024-07-01T21:30:00.000Z", "2024-12-01T22:30:00.000Z"]],
  ])("%s is the column's", async (header, expected) => {
    const { importCsv, rows } = await openEngine([moments], momentsTable);
    const text = `id,${header},Amount\nch_1,2024-07-01 23:30:00,12.50\nch_2,2024-12-01T23:30:00,12.00\nch_3,2024-07-01 23:30 CEST,1\n`;
    await importCsv(moments, text);
    const found = await rows<{ at: Date }>("select at from moments order by id");
    // A zone of the cell's own comes first.
    expect(found.map(({ at }) => at.toISOString())).toEqual([...expected, "2024-07-01T21:30:00.000Z"]);
  });

  it("names letters that several countries use, and reads them where the field is in one of these", async () => {
    const { importCsv } = await openEngine([moments], momentsTable);
    const { issues, rows } = await importCsv(moments, "id,Created\na,2024-07-01 10:00 IST\nb,2024-07-01 10:00 CET\n");
    expect(issues).toEqual([[2, "at", "time_zone_unknown"]]);
    expect(rows[0].issues[0].p).toEqual({ zone: "IST" });
  });
});

describe("numbers that could be read in two ways", () => {
  it.each([
    [
      "as the column beside them",
      "Datum;Zweck;Betrag;Saldo\n01.02.2024;Miete;-3.000;1.250,75\n15.02.2024;Gehalt;4.500;99,10\n17.02.2024;Auto;-12.500;-0,50\n",
      ["-3000", "4500", "-12500"],
    ],
    [
      "as the other column, whatever it is called",
      "Name;Amount;Rate\nAnna;1.200;4,5\nBo;3.400;5,25\n",
      ["1200", "3400"],
    ],
    ["as Excel writes where it parts cells by semicolons", "Name;Amount\nAnna;1.200\nBo;3.400\n", ["1200", "3400"]],
    ["as the language of the header", "Zweck\tBetrag\nMiete\t1.200\nAuto\t3.400\n", ["1200", "3400"]],
    ["as is usual where nothing says", "Name,Amount\nAnna,1.200\nBo,3.400\n", ["1.200", "3.400"]],
    ["as the point beside them", 'Name,Amount,Rate\nAnna,"1,200",4.5\nBo,"3,400",5.25\n', ["1200", "3400"]],
  ])("are suggested %s", async (_, text, amounts) => {
    const { importCsv, rows } = await openEngine([bank], bankTable);
    await importCsv(bank, text);
    expect((await rows<{ amount: string }>("select amount from bank order by id")).map(({ amount }) => amount)).toEqual(
      amounts,
    );
  });
});

/** Days from the first of January 2024 on, as America writes them: the first 12 rows of each month fit both ways. */
function sortedDays(count: number, perDay: number): string[] {
  return Array.from({ length: count }, (_, k) => {
    const day = new Date(Date.UTC(2024, 0, 1 + Math.floor(k / perDay)));
    return `${day.getUTCMonth() + 1}/${day.getUTCDate()}/${day.getUTCFullYear()}`;
  });
}

describe("what all rows show", () => {
  const days = sortedDays(1500, 100);
  const text = ["ref,signed_on,amount", ...days.map((day, k) => `R${k},${day},${k}.50`)].join("\n");

  it("overrides what the first thousand suggested, before anything is committed", async () => {
    const { importCsv, rows } = await openEngine([bank], bankTable);
    const { counts, issueCounts, job } = await importCsv(bank, text);
    expect(some(counts)).toEqual({ created: 1500 });
    expect(issueCounts).toEqual([{ field: "booked", code: "reading_changed", count: 1400 }]);
    expect(job.mapping.columns[1]).toMatchObject({ transform: { dateOrder: "mdy" }, readBy: "whole_file" });
    expect(job.mapping.columns[1].doubt).toBeUndefined();
    expect(await rows("select min(booked)::text, max(booked)::text from bank")).toEqual([
      { min: "2024-01-01", max: "2024-01-15" },
    ]);
  });

  it("overrides it in many small slices too, once", async () => {
    const seen: string[] = [];
    const { importCsv, rows } = await openEngine([bank], bankTable, {
      batchBytes: 4096,
      sliceMs: 0,
      onEvent: ({ name }) => void seen.push(name),
    });
    const { counts } = await importCsv(bank, text);
    expect(some(counts)).toEqual({ created: 1500 });
    expect(seen.filter((name) => name === "parse.begun_again")).toHaveLength(1);
    expect(await rows("select max(booked)::text from bank")).toEqual([{ max: "2024-01-15" }]);
  });

  it("leaves what a person has said, and tells of it", async () => {
    const { importCsv } = await openEngine([bank], bankTable);
    const map = [{ column: "signed_on", field: "booked", transform: { dateOrder: "dmy" as const } }];
    const { counts, issueCounts } = await importCsv(bank, text, { map });
    expect(some(counts)).toEqual({ created: 1200, invalid: 300 });
    expect(issueCounts).toEqual([
      { field: "booked", code: "date_invalid", count: 300 },
      { field: "booked", code: "reading_mixed", count: 300 },
    ]);
  });

  it("is told where no one order fits", async () => {
    const { importCsv } = await openEngine([bank], bankTable);
    const mixed = [
      "Date,Amount",
      ...Array.from({ length: 1100 }, (_, k) => `0${1 + (k % 9)}/0${1 + ((k + 3) % 9)}/2024,1`),
      "13/01/2024,1",
      "14/01/2024,1",
      "01/15/2024,1",
    ];
    const { issueCounts } = await importCsv(bank, mixed.join("\n"));
    expect(issueCounts).toContainEqual({ field: "booked", code: "reading_mixed", count: 1 });
  });

  it("is told where the first rows were blank and no later one says", async () => {
    const { importCsv } = await openEngine([bank], bankTable);
    const late = ["Date,Name", ...Array.from({ length: 1200 }, (_, k) => (k < 1100 ? `,a${k}` : `01/02/2024,a${k}`))];
    expect((await importCsv(bank, late.join("\n"))).issueCounts).toEqual([
      { field: "booked", code: "reading_open", count: 100 },
    ]);
  });

  it("decides a decimal mark that the first rows did not have", async () => {
    const { importCsv, rows } = await openEngine([bank], bankTable);
    const late = ["Name\tAmount", ...Array.from({ length: 1100 }, (_, k) => `a${k}\t${k}`), "b\t1.200", "c\t2,5"];
    const { issueCounts } = await importCsv(bank, late.join("\n"));
    expect(await rows("select amount from bank where payee in ('b', 'c') order by id")).toEqual([
      { amount: "1200" },
      { amount: "2.5" },
    ]);
    expect(issueCounts).toEqual([{ field: "amount", code: "reading_changed", count: 2 }]);
  });

  it("says nothing of files that are as they seem", async () => {
    const { importCsv } = await openEngine([bank], bankTable);
    const plain = [
      "Date,Name,Amount",
      ...Array.from({ length: 1100 }, (_, k) => `${String(1 + (k % 28)).padStart(2, "0")}/01/2024,a${k},${k}.5`),
    ];
    expect((await importCsv(bank, plain.join("\n"))).issueCounts).toEqual([]);
    const iso = [
      "Date,Name,Amount",
      ...Array.from({ length: 1100 }, (_, k) => `2024-01-${String(1 + (k % 28)).padStart(2, "0")},a${k},${k}`),
    ];
    expect((await importCsv(bank, iso.join("\n"))).issueCounts).toEqual([]);
  });
});

describe("dates that a spreadsheet of another country has swapped", () => {
  it("are named in a CSV that was saved from it: none of those in ISO 8601 is after the twelfth, all others are", async () => {
    const { importCsv } = await openEngine([bank], bankTable);
    const text =
      "Date,Name\n2024-05-01,a\n2024-07-03,b\n2024-09-04,c\n2024-11-06,d\n1/13/2024,e\n3/25/2024,f\n4/30/2024,g\n";
    expect((await importCsv(bank, text)).issueCounts).toEqual([
      { field: "booked", code: "dates_half_swapped", count: 4 },
    ]);
  });

  it.each([
    ["some of both kinds are early and late", "2024-05-01,a\n2024-07-23,b\n2024-09-04,c\n1/13/2024,e\n3/25/2024,f\n"],
    ["texts could have been dates", "2024-05-01,a\n2024-07-03,b\n2024-09-04,c\n1/13/2024,e\n3/5/2024,f\n"],
    ["all are the first of a month", "2024-05-01,a\n2024-07-01,b\n2024-09-01,c\n1/31/2024,e\n"],
    ["all are dates", "2024-05-01,a\n2024-07-03,b\n2024-09-04,c\n"],
  ])("are not, where %s", async (_, text) => {
    const { importCsv } = await openEngine([bank], bankTable);
    expect((await importCsv(bank, `Date,Name\n${text}`)).issueCounts.map(({ code }) => code)).toEqual([]);
  });
});
