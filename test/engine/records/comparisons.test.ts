/** When two names are one: as the table's unique index has it, else whatever the case. */
import { expect, it } from "vitest";
import { defineImporter, field, ref } from "../../../src/index.ts";
import { openEngine } from "../../open-engine.ts";
import { importForetold } from "./foretold.ts";

const brands = (where?: string) =>
  defineImporter({
    name: "goods",
    fields: { code: field.text({ required: true }), brand: field.text() },
    records: {
      brand: { table: "brands", key: ["brand"], set: { name: "brand" }, onMatch: "use", where },
      good: { table: "goods", key: ["code"], set: { code: "code", brand_id: ref("brand") } },
    },
  });

const goods = `create table goods (id bigint generated always as identity primary key, code text unique, brand_id bigint references brands);`;
const table = (type: string, more = "") =>
  `create table brands (id bigint generated always as identity primary key, name ${type}, deleted_at timestamptz); ${goods} ${more}`;

const cases: [string, { ddl: string; where?: string }, { brands: string[]; issues?: unknown[] }][] = [
  ["no index: whatever the case", { ddl: table("text") }, { brands: ["Acme", "Bolt"] }],
  ["an index on the name itself", { ddl: table("text unique") }, { brands: ["Acme", "ACME", "Bolt"] }],
  [
    "an index on lower(name)",
    { ddl: table("text", "create unique index on brands (lower(name))") },
    { brands: ["Acme", "Bolt"] },
  ],
  [
    "both: the one that takes more for the same",
    { ddl: table("text unique", "create unique index on brands (lower(name))") },
    { brands: ["Acme", "Bolt"] },
  ],
  [
    "an expression of one's own",
    { ddl: table("text", "create unique index on brands (lower(replace(name, '-', '')))") },
    { brands: ["Acme", "Bolt"] },
  ],
  [
    "the same on varchar",
    { ddl: table("varchar(20)", "create unique index on brands (lower(name))") },
    { brands: ["Acme", "Bolt"] },
  ],
  [
    "an index on btrim(name)",
    { ddl: table("text", "create unique index on brands (btrim(name))") },
    { brands: ["Acme", "ACME", "Bolt"] },
  ],
  ["varchar", { ddl: table("varchar(20)") }, { brands: ["Acme", "Bolt"] }],
  [
    "those that are deleted do not count",
    {
      ddl: table("text", "insert into brands (name, deleted_at) values ('acme', now())"),
      where: "deleted_at is null",
    },
    { brands: ["acme", "Acme", "Bolt"] },
  ],
  [
    "an index over some of the records does not make the name of the others unique",
    {
      ddl: table(
        "text",
        "create unique index on brands (name) where deleted_at is null; insert into brands (name, deleted_at) values ('Bolt', now()), ('Bolt', now())",
      ),
    },
    { brands: ["Bolt", "Bolt", "Acme", "ACME"], issues: [[4, "brand", "record_ambiguous"]] },
  ],
];

it.each(cases)("%s", async (_, { ddl, where }, { brands: names, issues = [] }) => {
  const importer = brands(where);
  const open = await openEngine([importer], ddl);
  const outcome = await importForetold(open, importer, "code,brand\na,Acme\nb,ACME\nc,Bolt\n");
  expect(outcome.issues).toEqual(issues);
  const found = await open.rows<{ name: string }>("select name from brands order by id");
  expect(found.map(({ name }) => name)).toEqual(names);
});
