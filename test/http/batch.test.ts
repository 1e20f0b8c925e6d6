import { expect, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import { type OpenApp, openApp } from "./open-app.ts";

const visits = defineImporter({
  name: "visits",
  fields: {
    visitor: field.text({ required: true }),
    day: field.date({ required: true }),
    note: field.text(),
  },
  context: { club_id: { type: "integer", from: ({ id }) => (id === "anna" ? [7, 8] : []) } },
  target: { table: "visits" },
  batch: {
    path: "batch-import-visits",
    rows: "visits",
    context: { clubId: "club_id" },
    options: { inLanguage: "language" },
    fileName: "fileName",
    fields: { name: "visitor", date: "day", note: "note" },
  },
});
const table = "create table visits (id bigserial primary key, visitor text, day date, note text, club_id integer)";

const open = (): Promise<OpenApp> => openApp([visits], table);
const send = (app: OpenApp, body: unknown, as = "anna") => app.call("POST", "/batch-import-visits", body, { as });

it("keeps rows that come as JSON, and imports them in the background", async () => {
  const app = await open();
  const { status, json, headers } = await send(app, {
    clubId: 7,
    fileName: "march.json",
    inLanguage: "sv",
    visits: [
      { name: "Anna Berg", date: "2026-03-01", note: 'with "quotes"\nand lines' },
      { date: "2026-03-32", name: "Bo" },
    ],
  });
  expect([status, json, headers.get("location")]).toEqual([
    202,
    { jobId: "1", statusUrl: "/api/v1/import/status/1" },
    "/api/v1/import/status/1",
  ]);
  const { fileName, language, context } = await app.engine.imports.get(1);
  expect([fileName, language, context]).toEqual(["march.json", "sv", { club_id: "7" }]);
  const original = await app.call("GET", "/imports/1/original", undefined, { as: "anna" });
  expect(original.text.split("\n")).toEqual([
    '{"name":"Anna Berg","date":"2026-03-01","note":"with \\"quotes\\"\\nand lines"}',
    '{"name":"Bo","date":"2026-03-32","note":null}',
    "",
  ]);
  await app.work(1);
  expect((await app.call("GET", "/import/status/1", undefined, { as: "anna" })).json.data.results).toEqual({
    totalRows: 2,
    successCount: 1,
    errorCount: 1,
  });
  expect(await app.rows("select visitor, day::text, note, club_id from visits")).toEqual([
    { visitor: "Anna Berg", day: "2026-03-01", note: 'with "quotes"\nand lines', club_id: 7 },
  ]);
});

it("is there without the API's prefix as well, with the same rights", async () => {
  const app = await open();
  const post = async (as: string) => {
    const response = await app.app.fetch(
      new Request("http://sluice.test/batch-import-visits", {
        method: "POST",
        headers: { "content-type": "application/json", ...(as !== "" && { authorization: `Bearer ${as}` }) },
        body: JSON.stringify({ clubId: "7", visits: [{ name: "Anna", date: "2026-03-01" }] }),
      }),
    );
    return [response.status, await response.json()];
  };
  expect(await post("anna")).toEqual([202, { jobId: "1", statusUrl: "/api/v1/import/status/1" }]);
  expect(await post("")).toMatchObject([401, { code: "unauthorized" }]);
  expect(await post("bo")).toMatchObject([404, { code: "not_found" }]);
});

it.each<[string, unknown, object]>([
  [
    "unknown and missing members, all of them",
    { club: 7, visits: [{ name: "Anna", day: "2026-03-01" }, "Bo", { name: ["x", {}], date: null, colour: "red" }] },
    {
      message: "8 things are wrong with the request; the list has each of them.",
      errors: [
        {
          code: "field_unknown",
          message: "“club” is not known. Known are: clubId, inLanguage, fileName, visits.",
          expected: ["clubId", "inLanguage", "fileName", "visits"],
          found: "club",
        },
        { code: "field_missing", message: "“clubId” is missing.", expected: "clubId", found: null },
        { code: "field_missing", message: "“visits[0].date” is missing.", expected: "visits[0].date", found: null },
        {
          code: "field_unknown",
          message: "“visits[0].day” is not known. Known are: name, date, note.",
          expected: ["name", "date", "note"],
          found: "visits[0].day",
        },
        {
          code: "field_invalid",
          message: "“visits[1]” has the wrong type or value.",
          expected: "object",
          found: "Bo",
        },
        { code: "field_missing", message: "“visits[2].date” is missing.", expected: "visits[2].date", found: null },
        {
          code: "field_invalid",
          message: "“visits[2].name” has the wrong type or value.",
          expected: "string, number, boolean, null or a list of them",
          found: "array",
        },
        {
          code: "field_unknown",
          message: "“visits[2].colour” is not known. Known are: name, date, note.",
          expected: ["name", "date", "note"],
          found: "visits[2].colour",
        },
      ],
    },
  ],
  [
    "no rows",
    { clubId: 7, visits: [] },
    {
      message: "“visits” is missing.",
      errors: [{ code: "field_missing", message: "“visits” is missing.", expected: "visits", found: null }],
    },
  ],
  [
    "wrong types",
    { clubId: true, fileName: 4, inLanguage: "de", visits: {} },
    {
      message: "4 things are wrong with the request; the list has each of them.",
      errors: [
        { code: "field_invalid", message: "“clubId” has the wrong type or value.", expected: "string", found: "true" },
        {
          code: "field_invalid",
          message: "“inLanguage” has the wrong type or value.",
          expected: 'Invalid option: expected one of "en"|"fr"|"sv"',
          found: "de",
        },
        { code: "field_invalid", message: "“fileName” has the wrong type or value.", expected: "string", found: 4 },
        { code: "field_invalid", message: "“visits” has the wrong type or value.", expected: "array", found: "object" },
      ],
    },
  ],
  [
    "a list",
    [],
    {
      message: "The body must be a JSON object.",
      errors: [
        { code: "body_malformed", message: "The body must be a JSON object.", expected: "object", found: "array" },
      ],
    },
  ],
  [
    "what is no JSON",
    "{",
    {
      message: expect.stringMatching(/^The body is not JSON: /),
      errors: [
        {
          code: "body_malformed",
          message: expect.stringMatching(/^The body is not JSON: /),
          expected: "application/json",
          found: null,
        },
      ],
    },
  ],
])("refuses %s", async (_, body, refused) => {
  const app = await open();
  const { status, json } = await send(app, body);
  expect([status, json]).toEqual([400, { success: false, ...refused }]);
  expect(await app.rows("select id from sluice.import_jobs")).toEqual([]);
});

it("lists the first hundred of many, and says how many there are", async () => {
  const app = await open();
  const { status, json } = await send(app, { clubId: 7, visits: Array.from({ length: 300 }, () => ({})) });
  expect([status, json.message, json.errors.length]).toEqual([
    400,
    "600 things are wrong with the request; the list has the first 100.",
    100,
  ]);
});

it("belongs to whom the context does", async () => {
  const app = await open();
  const { status, json } = await send(app, { clubId: 9, visits: [{ name: "Anna", date: "2026-03-01" }] });
  expect([status, json.code]).toEqual([403, "forbidden"]);
  expect((await send(app, { clubId: 7, visits: [{ name: "Anna", date: "2026-03-01" }] }, "bo")).status).toBe(404);
  expect(await app.rows("select id from sluice.import_jobs")).toEqual([]);
});

it("takes the same request twice once, by its key", async () => {
  const app = await open();
  const body = { clubId: 7, visits: [{ name: "Anna", date: "2026-03-01" }] };
  const headers = { "idempotency-key": "k1" };
  const answers = [];
  for (let k = 0; k < 2; k++)
    answers.push((await app.call("POST", "/batch-import-visits", body, { as: "anna", headers })).json.jobId);
  expect(answers).toEqual(["1", "1"]);
  expect(await app.rows("select count(*)::int as jobs from sluice.import_jobs")).toEqual([{ jobs: 1 }]);
});

it("takes bodies that are larger than others may be", async () => {
  const app = await open();
  const rows = Array.from({ length: 20_000 }, (_, k) => ({
    name: `Visitor ${k}`,
    date: "2026-03-01",
    note: "x".repeat(60),
  }));
  const { status } = await send(app, { clubId: 7, visits: rows });
  expect(status).toBe(202);
  await app.work(1);
  expect(await app.rows("select count(*)::int as visits from visits")).toEqual([{ visits: 20_000 }]);
});
