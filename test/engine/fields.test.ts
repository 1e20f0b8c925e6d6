/** Every kind of field of an importer of one's own, from the cell to the typed column. */

import { type } from "arktype";
import * as v from "valibot";
import { expect, it } from "vitest";
import { z } from "zod";
import { settle } from "../../src/engine/start-check.ts";
import { atLeastOne, defineImporter, field } from "../../src/index.ts";
import { openEngine, some } from "../open-engine.ts";

const ddl = `
  create table plans (id integer primary key, code text not null, label text);
  insert into plans values (7, 'PRO', 'Professional'), (8, 'FREE', 'Gratuit'), (9, 'Gratuit', null);
  create table members (
    id bigint generated always as identity primary key,
    name text, email text, phone text, visits integer, balance numeric(12,2), born date, seen timestamptz,
    active boolean, tier text, plan_id integer references plans (id)
  )`;

const members = defineImporter({
  name: "members",
  fields: {
    name: field.text({ required: true, minLength: 2, maxLength: 10 }),
    email: field.email(),
    phone: field.phone(),
    visits: field.integer({ min: 0, max: 1000 }),
    balance: field.decimal({ scale: 2, min: -100 }),
    born: field.date(),
    seen: field.datetime({ timeZone: "Europe/Paris" }),
    active: field.boolean(),
    tier: field.choice({ gold: ["Or", "Guld"], silver: ["Argent"] }),
    plan: field.reference({ table: "plans", by: ["code", "label"], column: "plan_id" }),
  },
  match: { keys: ["email"] },
  target: { table: "members" },
});

const header = "name;email;phone;visits;balance;born;seen;active;tier;plan\n";
const columns = `name, email, phone, visits, balance::text, born::text, to_char(seen at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as seen, active, tier, plan_id`;

it("stores every kind of field typed", async () => {
  const { importCsv, rows } = await openEngine([members], ddl);
  const text = `${header}0042 é;ANNA@X.FR;06 12 34 56 78;1 000;1.234,50;31/12/1980;15/01/2026 10:30;oui;OR;pro\nBo;;;;;;;;;\nCy;;;;;;15/07/2026 10:30:05;nej;argent;Gratuit\n`;
  const { counts } = await importCsv(members, text);
  expect(some(counts)).toEqual({ created: 3 });
  expect(await rows(`select ${columns} from members order by id`)).toEqual([
    {
      name: "0042 é",
      email: "anna@x.fr",
      phone: "+33612345678",
      visits: 1000,
      balance: "1234.50",
      born: "1980-12-31",
      seen: "2026-01-15 09:30:00",
      active: true,
      tier: "gold",
      plan_id: 7,
    },
    {
      name: "Bo",
      email: null,
      phone: null,
      visits: null,
      balance: null,
      born: null,
      seen: null,
      active: null,
      tier: null,
      plan_id: null,
    },
    // The code decides before the label; in July Paris is two hours ahead.
    {
      name: "Cy",
      email: null,
      phone: null,
      visits: null,
      balance: null,
      born: null,
      seen: "2026-07-15 08:30:05",
      active: false,
      tier: "silver",
      plan_id: 9,
    },
  ]);
});

/** `[field, cell, code]`; the rows of the file in this order, from row 3 on. */
const badCells: [string, string, string][] = [
  ["name", "", "required"],
  ["name", "x", "text_too_short"],
  ["name", "abcdefghijk", "text_too_long"],
  ["email", "no-at", "email_invalid"],
  ["phone", "12", "phone_invalid"],
  ["phone", "3,36E+10", "spreadsheet_damage"],
  ["visits", "1,5", "integer_invalid"],
  ["visits", "-1", "number_too_small"],
  ["visits", "1001", "number_too_large"],
  ["balance", "abc", "decimal_invalid"],
  ["balance", "1,005", "decimal_invalid"],
  ["balance", "-101", "number_too_small"],
  ["born", "31/02/2020", "date_invalid"],
  ["seen", "01/02/2020 25:00", "datetime_invalid"],
  ["active", "maybe", "boolean_invalid"],
  ["tier", "bronze", "choice_unknown"],
  ["plan", "ENTERPRISE", "reference_unknown"],
];

it("keeps out each row that has a bad cell, naming the field and what is wrong", async () => {
  const { importCsv, rows } = await openEngine([members], ddl);
  const names = header.trim().split(";");
  const line = (cells: Record<string, string>): string => `${names.map((each) => cells[each] ?? "").join(";")}\n`;
  const good = { name: "Good", born: "30/12/1981", balance: "1,5", seen: "30/12/1981" };
  const { counts, issues } = await importCsv(
    members,
    header + line(good) + badCells.map(([name, cell]) => line({ ...good, [name]: cell })).join(""),
  );
  expect(some(counts)).toEqual({ created: 1, invalid: badCells.length });
  expect(issues).toEqual(badCells.map(([name, , code], k) => [3 + k, name, code]));
  expect(await rows("select name from members")).toEqual([{ name: "Good" }]);
});

it("reads words of a value map that the mapping carries", async () => {
  const { importCsv, rows } = await openEngine([members], ddl);
  const { counts } = await importCsv(members, "name,tier\nAnna,Premium\nBo,gold\n", {
    map: [{ column: "tier", field: "tier", transform: { values: { premium: "gold" } } }],
  });
  expect(some(counts)).toEqual({ created: 2 });
  expect(await rows("select distinct tier from members")).toEqual([{ tier: "gold" }]);
});

it.each([
  [
    "Zod",
    z
      .string()
      .regex(/^[A-Z]{3}$/, "three capitals")
      .transform((code) => `${code}!`),
  ],
  [
    "Valibot",
    v.pipe(
      v.string(),
      v.regex(/^[A-Z]{3}$/, "three capitals"),
      v.transform((code) => `${code}!`),
    ),
  ],
  [
    "ArkType",
    type("string")
      .narrow((code, ctx) => /^[A-Z]{3}$/.test(code) || ctx.reject({ message: "three capitals" }))
      .pipe((code) => `${code}!`),
  ],
])("runs a validator of %s: its complaint is an issue, its output is stored", async (_library, validate) => {
  const importer = defineImporter({
    name: "codes",
    fields: { code: field.text({ validate }) },
    target: { table: "codes" },
  });
  const { importCsv, rows } = await openEngine([importer], "create table codes (id serial primary key, code text)");
  const { rows: kept, counts } = await importCsv(importer, "code\nABC\nabc\n");
  expect(some(counts)).toEqual({ created: 1, invalid: 1 });
  expect(kept).toMatchObject([
    { row: 3, issues: [{ c: "value_rejected", f: "code", p: { message: "three capitals" } }] },
  ]);
  expect(await rows("select code from codes")).toEqual([{ code: "ABC!" }]);
});

it("refuses an asynchronous validator with the field's name", async () => {
  const importer = defineImporter({
    name: "codes",
    fields: { code: field.text({ validate: z.string().refine(async () => true) }) },
    target: { table: "codes" },
  });
  const { importCsv } = await openEngine([importer], "create table codes (id serial primary key, code text)");
  await expect(importCsv(importer, "code\nABC\n")).rejects.toThrow(
    /validator of the field "code" of the importer "codes" is asynchronous/,
  );
});

it("refuses a validator that is asynchronous for some texts when it meets one", async () => {
  // No promise of the platform's own, as some libraries have them.
  // biome-ignore lint/suspicious/noThenProperty: what is meant
  const later = { then: (resolve: (result: { value: string }) => void) => resolve({ value: "late" }) };
  const validate = {
    "~standard": {
      version: 1,
      vendor: "own",
      validate: (text: unknown) => (text === "ABC" ? (later as never) : { value: text }),
    },
  } as const;
  const importer = defineImporter({
    name: "codes",
    fields: { code: field.text({ validate }) },
    target: { table: "codes" },
  });
  const { importCsv } = await openEngine([importer], "create table codes (id serial primary key, code text)");
  await expect(importCsv(importer, "code\nABC\n")).rejects.toThrow(/validator of the field "code" is asynchronous/);
});

it("asks row checks with typed values, and lets them name a field", async () => {
  const seen: unknown[] = [];
  const importer = defineImporter({
    name: "members",
    fields: {
      name: field.text(),
      visits: field.integer(),
      active: field.boolean(),
      born: field.date(),
      phone: field.phone(),
    },
    checks: [
      atLeastOne("name", "phone"),
      (row) => {
        seen.push({ ...row });
        return row.active && row.visits === 0
          ? { message: "active without visits 😀".slice(0, 23), field: "visits" }
          : null;
      },
    ],
    target: { table: "members" },
  });
  const { importCsv } = await openEngine([importer], ddl);
  const { counts, issues } = await importCsv(importer, "name,visits,active,born\nA,3,yes,1980-12-31\nB,0,yes,\n,5,,\n");
  expect(some(counts)).toEqual({ created: 1, invalid: 2 });
  expect(issues).toEqual([
    [3, "visits", "row_rejected"],
    [4, null, "at_least_one"],
  ]);
  expect(seen).toEqual([
    { name: "A", visits: 3, active: true, born: "1980-12-31", phone: null },
    { name: "B", visits: 0, active: true, born: null, phone: null },
  ]);
});

it("starts no import while a required field has no column", async () => {
  const { create } = await openEngine([members], ddl);
  const job = await create(members, "email\na@x.fr\n");
  expect(() => settle(job, members, true)).toThrow(/^No column feeds: name\./);
});

it.each<[string, unknown, RegExp]>([
  ["a promise", Promise.resolve(null), /Importer "codes": checks\[0\] is asynchronous\. It must answer at once\./],
  ["true", true, /checks\[0\] answers with true\. Let it return \{ message: "…" \}, or null/],
  ["a text", "wrong", /checks\[0\] answers with wrong\. Let it return/],
  ["an object without a message", { field: "code" }, /checks\[0\] answers with an object without a message/],
  ["an error", new TypeError("no such thing"), /Importer "codes": checks\[0\] failed: no such thing\./],
])("fails an import whose check answers with %s, and says which", async (_what, answer, message) => {
  const check = (): never => {
    if (answer instanceof Error) throw answer;
    return answer as never;
  };
  const importer = defineImporter({
    name: "codes",
    fields: { code: field.text() },
    checks: [check],
    target: { table: "codes" },
  });
  const { importCsv } = await openEngine([importer], "create table codes (id serial primary key, code text)");
  await expect(importCsv(importer, "code\nABC\n")).rejects.toThrow(message);
});

it.each<[string, () => unknown, RegExp]>([
  ["nothing", () => undefined, /validator of the field "code" answers with what is no result\. By Standard Schema/],
  ["true", () => true, /answers with what is no result/],
  [
    "an error",
    () => {
      throw new TypeError("no such thing");
    },
    /validator of the field "code" failed: no such thing/,
  ],
])("fails an import whose validator answers with %s, and says which", async (_what, validate, message) => {
  const importer = defineImporter({
    name: "codes",
    fields: {
      code: field.text({ validate: { "~standard": { version: 1, vendor: "own", validate: validate as never } } }),
    },
    target: { table: "codes" },
  });
  const { importCsv } = await openEngine([importer], "create table codes (id serial primary key, code text)");
  await expect(importCsv(importer, "code\nABC\n")).rejects.toThrow(message);
});
