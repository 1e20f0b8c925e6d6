/** Several columns of a file in one field: as an array with the columns' names beside it, and as an object of jsonb. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { openEngine } from "../open-engine.ts";
import { ready } from "./review-import.ts";
import { undo } from "./undo-import.ts";

const goods = defineImporter({
  name: "goods",
  fields: {
    code: field.text({ required: true }),
    stock: field.columns(/^Stock (.+)$/, field.integer({ min: 0 })),
    prices: field.columns({ "Prix public TTC": "public", "Prix revendeur": "reseller" }, field.decimal({ scale: 2 })),
  },
  match: { keys: ["code"], onDuplicate: "update" },
  target: { table: "goods" },
});
const ddl = `
  create table goods (id serial primary key, code text unique, stock jsonb, prices numeric[]);
  insert into goods (code, stock, prices) values ('old', '{"Lyon": 9}', '{1}')`;
const select = "select code, stock, prices::text[] as prices from goods order by id";
const text = `code;Stock Lyon;Prix public TTC;Stock Paris;Prix revendeur;Notes
A;5;12,50;7;10,00;x
B;;3,00;0;;y
C;-1;1;x;;z
old;1;;2;;
D;;;;;
`;

it("takes the columns that fit together, by pattern and by name", async () => {
  const open = await openEngine([goods], ddl);
  const { importCsv, dryRun, rows } = open;
  const before = await rows(select);
  const foretold = await dryRun(goods, text);
  const { counts, job, issues, rows: reported } = await importCsv(goods, text);
  expect(counts).toEqual(foretold.counts);
  expect(counts).toMatchObject({ created: 3, updated: 1, invalid: 1 });
  expect(job.mapping.columns.map(({ field: name }) => name)).toEqual([
    "code",
    "stock",
    "prices",
    "stock",
    "prices",
    null,
  ]);
  expect(issues).toEqual([
    [4, "stock", "number_too_small"],
    [4, "stock", "integer_invalid"],
  ]);
  expect(reported[0].issues.map(({ p }) => p?.part)).toEqual(["Lyon: -1", "Paris: x"]);
  expect(await rows(select)).toEqual([
    { code: "old", stock: { Lyon: 1, Paris: 2 }, prices: ["1"] },
    { code: "A", stock: { Lyon: 5, Paris: 7 }, prices: ["12.50", "10.00"] },
    { code: "B", stock: { Paris: 0 }, prices: ["3.00"] },
    { code: "D", stock: null, prices: null },
  ]);
  expect((await importCsv(goods, text)).counts).toMatchObject({ created: 0, updated: 0, unchanged: 4, invalid: 1 });
  await undo(open, job.id);
  expect(await rows(select)).toEqual(before);
});

it("stages the names of the columns beside the values, and edits a cell of one of them", async () => {
  const open = await openEngine([goods], ddl);
  const jobId = await ready(open, goods, text);
  const { job } = await open.outcomeOf(jobId);
  const staged = () =>
    open.rows(
      `select row_no, stock::text[], "stock name" as names from sluice_stage.job_${jobId}_${job.stageGeneration} where row_no > 0 order by 1`,
    );
  expect(await staged()).toEqual([
    { row_no: 2, stock: ["5", "7"], names: ["Lyon", "Paris"] },
    { row_no: 3, stock: ["0"], names: ["Paris"] },
    { row_no: 5, stock: ["1", "2"], names: ["Lyon", "Paris"] },
    { row_no: 6, stock: null, names: null },
  ]);
  const edit = (row: number, name: string, value: string) =>
    open.engine.review.editCell(jobId, { row, field: name, value }, "ann");
  expect(await edit(2, "stock[Stock Lyon]", "6")).toMatchObject({
    status: "valid",
    values: { "stock[Stock Lyon]": "6", "stock[Stock Paris]": "7", "prices[Prix public TTC]": "12.50" },
  });
  expect(await edit(3, "stock[Stock Lyon]", "many")).toMatchObject({
    status: "invalid",
    issues: [{ c: "integer_invalid", f: "stock", p: { part: "Lyon: many" } }],
  });
  expect(await edit(3, "stock[Stock Lyon]", "3")).toMatchObject({ status: "valid" });
  expect(await edit(5, "stock[Stock Paris]", "")).toMatchObject({ status: "valid" });
  await edit(4, "stock[Stock Lyon]", "1");
  expect(await edit(4, "stock[Stock Paris]", "1")).toMatchObject({ status: "valid" });
  await open.engine.review.findAndReplace(jobId, { field: "stock", find: "7", replace: "70" }, "ann");
  expect(await staged()).toEqual([
    { row_no: 2, stock: ["6", "70"], names: ["Lyon", "Paris"] },
    { row_no: 3, stock: ["3", "0"], names: ["Lyon", "Paris"] },
    { row_no: 4, stock: ["1", "1"], names: ["Lyon", "Paris"] },
    { row_no: 5, stock: ["1"], names: ["Lyon"] },
    { row_no: 6, stock: null, names: null },
  ]);
});

it("takes a column that somebody adds, named by its header", async () => {
  const { importCsv, rows } = await openEngine([goods], ddl);
  await importCsv(goods, "code;Stock Lyon;Lager\nA;1;2\n", { map: [{ column: "Lager", field: "stock" }] });
  expect(await rows("select stock from goods where code = 'A'")).toEqual([{ stock: { Lyon: 1, Lager: 2 } }]);
});

it("needs a value where one is required", async () => {
  const strict = defineImporter({
    name: "strict",
    target: { table: "goods" },
    fields: { code: field.text(), stock: field.columns(["Lyon", "Paris"], field.integer(), { required: true }) },
  });
  const { importCsv } = await openEngine([strict], ddl);
  const { issues } = await importCsv(strict, "code;Lyon;Paris\nA;;\nB;1;\n");
  expect(issues).toEqual([[2, "stock", "required"]]);
});
