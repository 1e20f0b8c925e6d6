import { describe, expect, it, onTestFinished } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import { dealers } from "../../src/importers/catalog/dealers.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { type Answer, type OpenApp, openApp } from "./open-app.ts";

const people = "Email,First name\nanna@example.com,Anna\nnot-an-address,Bo\n";

/** A program's request: a file and fields in a form. */
function send(
  app: OpenApp,
  importer: string,
  file: string | null,
  fields: Record<string, string> = {},
  { name = "data.csv", lang = "en", as = "admin" } = {},
): Promise<Answer> {
  const form = new FormData();
  for (const [key, value] of Object.entries(fields)) form.set(key, value);
  if (file !== null) form.set("file", new Blob([file]), name);
  return app.call("POST", `/import/${importer}`, form, { as, headers: { "accept-language": lang } });
}

/** A worker in this process that takes an import as soon as it is started, and is done before the test's database is closed. */
function withWorker(app: OpenApp): OpenApp {
  const start = app.engine.start.bind(app.engine);
  app.engine.start = async (id, by) => {
    const job = await start(id, by);
    const working = app.work(id);
    onTestFinished(() => working);
    return job;
  };
  return app;
}

const jobs = (app: OpenApp) => app.rows("select id from sluice.import_jobs");
const uploads = (app: OpenApp) => app.rows("select id from sluice.uploads where status <> 'taken'");

describe("a file in one request", () => {
  it("is accepted, imported without a review, and its status asked for until it is done", async () => {
    const app = await openApp();
    const accepted = await send(app, "leads", people);
    expect([accepted.status, accepted.json]).toEqual([
      202,
      {
        success: true,
        message: "data.csv was accepted as import 1.",
        data: { jobId: "1", statusUrl: "/api/v1/import/status/1" },
      },
    ]);
    expect(accepted.headers.get("location")).toBe("/api/v1/import/status/1");

    const waiting = await app.call("GET", "/import/status/1");
    expect([waiting.status, waiting.json, waiting.headers.get("retry-after")]).toEqual([
      200,
      {
        success: true,
        data: {
          jobId: "1",
          status: "pending",
          progress: { current: 0, total: null, percentage: 0 },
          startedAt: null,
          completedAt: null,
          results: null,
          error: null,
          links: { import: "/api/v1/imports/1", rejectedRows: null, importedRows: null },
        },
      },
      "1",
    ]);

    await app.work(1);
    const done = await app.call("GET", "/import/status/1");
    const { parseStartedAt, completedAt } = await app.engine.imports.get(1);
    expect([done.status, done.json, done.headers.get("retry-after")]).toEqual([
      200,
      {
        success: true,
        data: {
          jobId: "1",
          status: "completed",
          progress: { current: 2, total: 2, percentage: 100 },
          startedAt: parseStartedAt?.toISOString(),
          completedAt: completedAt?.toISOString(),
          results: { totalRows: 2, successCount: 1, errorCount: 1 },
          error: null,
          links: {
            import: "/api/v1/imports/1",
            rejectedRows: "/api/v1/imports/1/rejected.csv?outcome=invalid,failed,skipped",
            importedRows: "/api/v1/imports/1/records.csv",
          },
        },
      },
      null,
    ]);
    expect(await app.rows("select email, first_name from leads")).toEqual([
      { email: "anna@example.com", first_name: "Anna" },
    ]);
    expect((await app.call("GET", "/imports/1/rejected.csv?outcome=invalid,failed,skipped")).text).toContain(
      "not-an-address",
    );
    expect((await app.call("GET", "/imports/1/records.csv")).text).toContain("anna@example.com");
  });

  it("may come again, and then counts what is there already as in", async () => {
    const app = await openApp();
    const once = { onDuplicate: "update" };
    for (const id of [1, 2]) {
      expect((await send(app, "leads", "Email\na@x.fr\nb@x.fr\n", once)).json.data.jobId).toBe(String(id));
      await app.work(id);
    }
    expect((await app.call("GET", "/import/status/2")).json.data.results).toEqual({
      totalRows: 2,
      successCount: 2,
      errorCount: 0,
    });
    expect(await app.engine.imports.counts(2)).toMatchObject({ created: 0, unchanged: 2 });
  });

  it("is imported once where the request comes twice with the same key", async () => {
    const app = await openApp();
    const answers = [];
    for (const [key, text] of [
      ["k1", people],
      ["k1", people],
      ["k1", "Email\nother@example.com\n"],
      ["k2", people],
    ]) {
      const form = new FormData();
      form.set("file", new Blob([text]), "data.csv");
      const { status, json } = await app.call("POST", "/import/leads", form, { headers: { "idempotency-key": key } });
      answers.push([status, json.data?.jobId ?? json.code]);
    }
    expect(answers).toEqual([
      [202, "1"],
      [202, "1"],
      [422, "invalid"],
      [202, "2"],
    ]);
    expect(await uploads(app)).toEqual([]);
  });

  it("says by an ETag that nothing is new", async () => {
    const app = await openApp();
    await send(app, "leads", people);
    const first = await app.call("GET", "/import/status/1");
    const headers = { "if-none-match": first.headers.get("etag") ?? "" };
    const same = await app.call("GET", "/import/status/1", undefined, { headers });
    expect([same.status, same.text, same.headers.get("etag")]).toEqual([304, "", first.headers.get("etag")]);
    await app.work(1);
    expect((await app.call("GET", "/import/status/1", undefined, { headers })).status).toBe(200);
  });

  it("that fails says why", async () => {
    const app = await openApp();
    await send(app, "leads", people);
    await app.store.imports.move(1, "parsing");
    expect((await app.call("GET", "/import/status/1")).json.data).toMatchObject({ status: "processing", error: null });
    await app.store.imports.move(1, "failed", { errorMessage: "out of memory" });
    expect((await app.call("GET", "/import/status/1?lang=fr")).json).toEqual({
      success: true,
      data: {
        jobId: "1",
        status: "failed",
        progress: { current: 0, total: null, percentage: 0 },
        startedAt: null,
        completedAt: null,
        results: null,
        error: "out of memory",
        links: { import: "/api/v1/imports/1", rejectedRows: null, importedRows: null },
      },
    });
    await send(app, "leads", people);
    await app.call("POST", "/imports/2/cancel");
    expect((await app.call("GET", "/import/status/2?lang=sv")).json.data).toMatchObject({
      status: "failed",
      error: "Import 2 har statusen ”Avbruten”.",
    });
  });

  it("takes options as fields: a mapping, an owner's strategy, how the file is read", async () => {
    const app = await openApp();
    const text = "Kontakt|Namn|Intern\nanna@example.com|Anna|x\n";
    const fields = {
      mapping: '{"Kontakt": "email", "Namn": "first_name", "Intern": null}',
      delimiter: "|",
      language: "sv",
      duplicates: '{"strategy": "update", "keys": ["email"]}',
    };
    expect((await send(app, "leads", text, fields)).status).toBe(202);
    const { mapping, duplicates, language, autoCommit, dialect } = await app.engine.imports.get(1);
    expect(mapping.columns.map(({ header, field }) => [header, field])).toEqual([
      ["Kontakt", "email"],
      ["Namn", "first_name"],
      ["Intern", null],
    ]);
    expect([duplicates, language, autoCommit, "delimiter" in dialect && dialect.delimiter]).toEqual([
      { strategy: "update", keys: ["email"] },
      "sv",
      true,
      "|",
    ]);
  });

  it("takes a name that is a guess, and says so", async () => {
    const app = await openApp();
    const { status, json } = await send(app, "leads", "Email,Firstnames\na@x.fr,Anna\n");
    expect([status, json.data.warnings]).toEqual([
      202,
      [
        {
          code: "similar_name",
          column: "Firstnames",
          field: "first_name",
          message:
            "The column “Firstnames” feeds “first_name” as a guess (similar_name). Say in the mapping what it is, or accept the suggestion.",
        },
      ],
    ]);
  });
});

const ordered = defineImporter({
  name: "orders",
  fields: { number: field.text({ required: true }), due: field.date(), city: field.text() },
  match: { keys: ["number"], onDuplicate: "update" },
  target: { table: "orders" },
  context: { shop_id: { type: "integer", from: (user) => (user.id === "bo" ? [] : [1, 2]) } },
});
const ordersTable = "create table orders (id bigserial primary key, number text, due date, city text, shop_id integer)";

describe("a file that does not serve", () => {
  it.each<[string, string | null, Record<string, string>, { message: string; errors: unknown[] }]>([
    [
      "has no file",
      null,
      { language: "en" },
      {
        message: "The form has no file.",
        errors: [{ code: "file_missing", message: "The form has no file.", expected: "file", found: null }],
      },
    ],
    [
      "is no table",
      "%PDF-1.7 …",
      {},
      {
        message: "data.csv is a PDF. Export the table as XLSX or CSV from the program it came from.",
        errors: [
          {
            code: "file_unreadable",
            message: "data.csv is a PDF. Export the table as XLSX or CSV from the program it came from.",
            expected: expect.arrayContaining([".csv", ".xlsx"]),
            found: null,
          },
        ],
      },
    ],
    [
      "is empty",
      "",
      {},
      {
        message: "data.csv is empty: it has no header and no rows.",
        errors: [
          {
            code: "file_unreadable",
            message: "data.csv is empty: it has no header and no rows.",
            expected: expect.arrayContaining([".csv", ".xlsx"]),
            found: null,
          },
        ],
      },
    ],
    [
      "lacks a header",
      "Color,Due\nred,2026-01-31\n",
      { shop_id: "1" },
      {
        message: "No column feeds “number”. The columns of the file are: Color, Due.",
        errors: [
          {
            code: "header_missing",
            message: "No column feeds “number”. The columns of the file are: Color, Due.",
            expected: ["number"],
            found: ["Color", "Due"],
          },
        ],
      },
    ],
    [
      "has dates that could be read in two ways",
      "Number,Due\n1,01/02/2026\n2,03/04/2026\n",
      { shop_id: "1" },
      {
        message:
          "The column “Due” feeds “due” as a guess (date_order). Say in the mapping what it is, or accept the suggestion.",
        errors: [
          {
            code: "column_doubtful",
            message:
              "The column “Due” feeds “due” as a guess (date_order). Say in the mapping what it is, or accept the suggestion.",
            expected: ["dmy", "mdy"],
            found: "Due",
          },
        ],
      },
    ],
    [
      "has options that nobody knows",
      "Number\n1\n",
      { shop_id: "1", colour: "red", headerRow: "first" },
      {
        message: "2 things are wrong with the request; the list has each of them.",
        errors: [
          {
            code: "option_unknown",
            message: expect.stringMatching(/^There is no option "colour"\. The options are: dialect, /),
            expected: expect.arrayContaining(["mapping", "context", "shop_id"]),
            found: "colour",
          },
          {
            code: "option_invalid",
            message: 'The option "headerRow" cannot be read: Invalid input: expected number, received string.',
            expected: "Invalid input: expected number, received string",
            found: "first",
          },
        ],
      },
    ],
    [
      "does not say for whom it is",
      "Number\n1\n",
      {},
      {
        message: 'The import needs to know which "shop_id" it is for. Yours are: 1, 2.',
        errors: [
          {
            code: "option_invalid",
            message: 'The import needs to know which "shop_id" it is for. Yours are: 1, 2.',
            expected: null,
            found: null,
          },
        ],
      },
    ],
    [
      "maps a column that is not there",
      "Number\n1\n",
      { shop_id: "1", mapping: '{"Numer": "number"}' },
      {
        message: 'The file has no column "Numer". Its columns are: Number.',
        errors: [
          {
            code: "option_invalid",
            message: 'The file has no column "Numer". Its columns are: Number.',
            expected: ["Number"],
            found: "Numer",
          },
        ],
      },
    ],
    [
      "finds duplicates by what no column feeds",
      "Number\n1\n",
      { shop_id: "1", duplicates: '{"strategy": "update", "keys": ["city"]}' },
      {
        message:
          'Duplicates are matched on "city", which no column feeds. Map a column to it, or remove it from the keys.',
        errors: [
          {
            code: "header_missing",
            message:
              'Duplicates are matched on "city", which no column feeds. Map a column to it, or remove it from the keys.',
            expected: null,
            found: ["Number"],
          },
        ],
      },
    ],
  ])("that %s is refused before there is an import", async (_, file, fields, body) => {
    const app = await openApp([ordered], ordersTable);
    const { status, json, headers } = await send(app, "orders", file, fields);
    expect([status, json]).toEqual([400, { success: false, ...body }]);
    expect(headers.get("content-language")).toBe("en");
    expect([await jobs(app), await uploads(app)]).toEqual([[], []]);
  });

  it("names what of a group is needed, in the reader's language", async () => {
    const app = await openApp();
    const { status, json } = await send(app, "leads", "Prénom;Ville\nAnna;Lyon\n", {}, { lang: "fr" });
    expect([status, json.message, json.errors[0].found]).toEqual([
      400,
      "Aucune colonne n’alimente « E-mail | Téléphone | Référence ». Les colonnes du fichier sont : Prénom, Ville.",
      ["Prénom", "Ville"],
    ]);
    expect(json.errors[0].expected).toEqual(expect.arrayContaining(["E-mail", "Courriel", "Téléphone", "email"]));
  });

  it("that is too large is refused with the limit", async () => {
    const uploadLimits = { fileBytes: 1000, pieceBytes: 1000, quota: { files: 5, bytes: 10_000 }, keepMs: 60_000 };
    const app = await openApp([leads], "", { uploadLimits });
    const { status, json } = await send(app, "leads", `Email\n${"a@x.fr\n".repeat(1000)}`);
    const message = "data.csv is larger than 0 MB, the limit for one file. Split it, or compress it with gzip.";
    expect([status, json]).toEqual([
      400,
      {
        success: false,
        message,
        errors: [{ code: "file_too_large", message, expected: 1000, found: null }],
      },
    ]);
    expect([await jobs(app), await uploads(app)]).toEqual([[], []]);
  });

  it("is no form", async () => {
    const app = await openApp();
    const { status, json } = await app.call("POST", "/import/leads", { email: "a@x.fr" });
    const message = "The request has no form with a file.";
    expect([status, json]).toEqual([
      400,
      {
        success: false,
        message,
        errors: [{ code: "file_missing", message, expected: "multipart/form-data", found: "application/json" }],
      },
    ]);
  });

  it("goes to an importer that is not there, or not theirs", async () => {
    const app = await openApp([ordered], ordersTable);
    const answers = [
      await send(app, "nothing", people),
      await send(app, "orders", people, {}, { as: "bo" }),
      await send(app, "orders", people, {}, { as: "" }),
    ];
    expect(answers.map(({ status, json }) => [status, json.code])).toEqual([
      [404, "not_found"],
      [404, "not_found"],
      [401, "unauthorized"],
    ]);
    const other = await send(app, "orders", "Number\n1\n", { shop_id: "3" });
    expect([other.status, other.json.code]).toEqual([403, "forbidden"]);
    expect(await jobs(app)).toEqual([]);
  });

  it("finds no place in the queue, and leaves nothing", async () => {
    const app = await openApp([leads], "", { waitingLimit: 1 });
    await send(app, "leads", people);
    const { status, json } = await send(app, "leads", people);
    expect([status, json.code]).toEqual([429, "too_many"]);
    expect([await jobs(app), await uploads(app)]).toEqual([[{ id: 1 }], []]);
  });
});

describe("a synchronous importer", () => {
  const list = "Code;Nom;E-mail;Remise\nD1;Garage du Port;port@x.fr;12,5\nD2;;x@x.fr;3\nD3;Ek & Co;nowhere;5\n";

  it("answers with the results", async () => {
    const app = withWorker(await openApp([dealers]));
    const { status, json } = await send(app, "dealers", list, {}, { lang: "fr", name: "revendeurs.csv" });
    expect([status, json]).toEqual([
      200,
      {
        success: true,
        message: "Import 1 terminé : 1 ligne sur 3 est en base.",
        data: {
          totalRows: 3,
          successCount: 1,
          errorCount: 2,
          errors: [
            { row: 3, field: "name", code: "required", message: "Nom : valeur manquante." },
            { row: 4, field: "email", code: "email_invalid", message: expect.stringContaining("E-mail") },
          ],
        },
      },
    ]);
    expect(await app.rows("select code, name, email, discount from dealers")).toEqual([
      { code: "D1", name: "Garage du Port", email: "port@x.fr", discount: "12.50" },
    ]);
  });

  it("goes on in the background where the results do not come in time", async () => {
    const soon = defineImporter({ ...dealers, synchronous: { seconds: 1 } });
    const app = await openApp([soon]);
    const { status, json } = await send(app, "dealers", list);
    expect([status, json]).toEqual([
      202,
      {
        success: true,
        message: "data.csv was accepted as import 1.",
        data: { jobId: "1", statusUrl: "/api/v1/import/status/1" },
      },
    ]);
    await app.work(1);
    expect((await app.call("GET", "/import/status/1")).json.data.status).toBe("completed");
  });

  it("refuses a file of more rows than it answers for", async () => {
    const few = defineImporter({ ...dealers, synchronous: { rows: 2 } });
    const app = withWorker(await openApp([few]));
    const { status, json } = await send(app, "dealers", list);
    const message =
      "data.csv has more than 2 rows, the limit for an import that is answered with its results. Split the file.";
    expect([status, json]).toEqual([
      400,
      { success: false, message, errors: [{ code: "rows_too_many", message, expected: 2, found: 3 }] },
    ]);
    expect([await jobs(app), await uploads(app)]).toEqual([[], []]);
  });

  it("says why an import stands still", async () => {
    const app = await openApp([dealers]);
    const start = app.engine.start.bind(app.engine);
    app.engine.start = async (id, by) => {
      await start(id, by);
      await app.store.imports.move(id, "parsing");
      return app.store.imports.move(id, "failed", { errorMessage: "the disk is on fire" });
    };
    const { status, json } = await send(app, "dealers", list);
    expect([status, json]).toEqual([
      409,
      {
        success: false,
        message: "the disk is on fire",
        data: { jobId: "1", statusUrl: "/api/v1/import/status/1" },
      },
    ]);
  });
});
