import { read, utils } from "@e965/xlsx";
import { describe, expect, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import { atLeastOne } from "../../src/core/importer.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { entriesOf } from "../corpus/zip-bytes.ts";
import { openApp } from "./open-app.ts";

const everything = defineImporter({
  name: "everything",
  fields: {
    code: field.text({
      required: true,
      minLength: 2,
      maxLength: 8,
      pattern: /[a-z]+|\d+/,
      label: { fr: "Code, interne" },
    }),
    email: field.email({ aliases: { fr: ["Courriel"] } }),
    phone: field.phone({ country: "SE" }),
    pieces: field.integer({ min: 5, max: 9 }),
    price: field.decimal({ min: 0, scale: 2 }),
    born: field.date(),
    seen: field.datetime({ timeZone: "Europe/Paris" }),
    active: field.boolean({ merge: "never" }),
    status: field.choice({ new: { label: { en: "New", fr: "Nouveau", sv: "Ny" } }, won: ["Gagné"] }),
    owner: field.reference({ table: "people", by: ["mail"], shared: true }),
  },
  checks: [atLeastOne("email", "phone")],
  match: { keys: ["code"], onDuplicate: "update" },
  target: { table: "everything" },
  context: { tenant: { type: "uuid", from: () => "0d9f6a1e-6a3b-4f0e-9c39-0e6f8f0f7c11" } },
});

const everythingHeaders = [
  ...["Code, interne", "email", "phone", "pieces", "price", "born", "seen", "active", "status", "owner"],
];

describe("importers over HTTP", () => {
  it("are listed with what an import of them needs", async () => {
    const { call } = await openApp([leads, everything]);
    expect((await call("GET", "/importers")).json.items).toEqual([
      {
        name: "leads",
        label: "Leads",
        match: { keys: ["external_id", "email", "phone"], onDuplicate: "skip" },
        modes: ["upsert", "update_only", "append"],
        repeats: null,
        context: [],
        assignsOwners: true,
      },
      {
        name: "everything",
        label: "Everything",
        match: { keys: ["code"], onDuplicate: "update" },
        modes: ["upsert", "update_only", "append"],
        repeats: null,
        context: [{ name: "tenant", label: "Tenant", type: "uuid", pinned: true }],
        assignsOwners: false,
      },
    ]);
  });

  it.each([
    ["?lang=fr", {}, "Code, interne"],
    ["", { "accept-language": "fr-CA, en;q=0.5" }, "Code, interne"],
    ["", { "accept-language": "de" }, "code"],
    ["?lang=en", { "accept-language": "fr" }, "code"],
  ])("have fields in the reader's language (%s %j)", async (query, headers, label) => {
    const { call } = await openApp([everything]);
    const { json } = await call("GET", `/importers/everything${query}`, undefined, { headers });
    expect(json.fields[0]).toEqual({
      name: "code",
      label,
      kind: "text",
      required: true,
      aliases: ["Code, interne"],
      merge: "overwrite",
      mergeRules: ["overwrite", "fill", "never", "clear"],
      computed: false,
      hasDefault: false,
      shared: false,
      limits: { minLength: 2, maxLength: 8, pattern: "[a-z]+|\\d+" },
    });
    expect(json.fields[8].choices).toEqual([
      { value: "new", label: label === "code" ? "New" : "Nouveau", words: ["New", "Nouveau", "Ny"] },
      { value: "won", label: "won", words: ["Gagné"] },
    ]);
  });

  it("have a file to fill in with a column for each of several that belong together, and for each member of a document", async () => {
    const goods = defineImporter({
      name: "goods",
      fields: {
        code: field.text(),
        stock: field.columns(/^Stock (.+)$/, field.integer()),
        prices: field.columns({ "Prix public": "public" }, field.decimal()),
        odd: field.columns(/^[^ ]+x{2}$/, field.text()),
        tags: field.list(field.choice({ a: { label: { fr: "Un" } }, b: ["Deux"] })),
        custom: field.json({ size: field.integer({ label: { fr: "Taille" } }), met: field.date() }, { rest: true }),
        data: field.json(),
      },
      target: { table: "goods" },
    });
    const { call } = await openApp([goods]);
    const file = await call("GET", "/importers/goods/template.csv?lang=fr");
    expect(Buffer.from(file.bytes).toString().replace("\ufeff", "").trim().split("\r\n")).toEqual([
      "code;Stock A;Stock B;Prix public;tags;Taille;met;data",
      ';1;1;1,5;"Un; Deux";1;2026-01-31;',
    ]);
    const { json } = await call("GET", "/importers/goods?lang=fr");
    expect(
      json.fields[5].parts.map(({ name, label, shared }: Record<string, unknown>) => [name, label, shared]),
    ).toEqual([
      ["custom.size", "custom · Taille", false],
      ["custom.met", "custom · met", false],
      ["custom.*", "custom · autres colonnes", true],
    ]);
  });

  it("say what a row is as JSON Schema", async () => {
    const { call } = await openApp([everything]);
    const { json, headers } = await call("GET", "/importers/everything/schema");
    expect(headers.get("content-type")).toBe("application/schema+json");
    expect(json).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      required: ["code"],
      additionalProperties: false,
      allOf: [{ anyOf: [{ required: ["email"] }, { required: ["phone"] }] }],
      properties: {
        code: { type: "string", minLength: 2, maxLength: 8, pattern: "^(?:[a-z]+|\\d+)$" },
        email: { format: "email" },
        pieces: { type: "integer", minimum: 5, maximum: 9 },
        price: { type: "number", minimum: 0, multipleOf: 0.01 },
        born: { format: "date" },
        seen: { format: "date-time" },
        active: { type: "boolean" },
        status: { enum: ["new", "won"] },
      },
    });
  });

  it("have a workbook to fill in that keeps zeros and phones as they are typed, and offers choices", async () => {
    const { call } = await openApp([everything]);
    const file = await call("GET", "/importers/everything/template.xlsx?lang=fr");
    expect([file.status, file.headers.get("content-type"), file.headers.get("content-disposition")]).toEqual([
      200,
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
      'attachment; filename="everything.xlsx"',
    ]);
    const book = read(file.bytes, { cellNF: true, cellStyles: true });
    const sheet = book.Sheets[book.SheetNames[0]];
    expect(book.SheetNames).toEqual(["everything"]);
    expect(utils.sheet_to_json(sheet, { header: 1 })[0]).toEqual(everythingHeaders);
    // Texts, phones and choices stay as they are typed; numbers and dates are for the spreadsheet to understand.
    const parts = Object.fromEntries(entriesOf(file.bytes).map(({ name, content }) => [name, content.toString()]));
    const columns = [...parts["xl/worksheets/sheet1.xml"].matchAll(/<col min="(\d+)"[^>]*?( style="1")?\/>/g)];
    expect(
      columns.filter(([, , style]) => style !== undefined).map(([, number]) => everythingHeaders[Number(number) - 1]),
    ).toEqual(["Code, interne", "email", "phone", "status", "owner"]);
    expect(parts["xl/styles.xml"]).toContain('numFmtId="49"');
    expect(parts["xl/worksheets/sheet1.xml"]).toContain(
      'sqref="I2:I1048576"><formula1>&quot;Nouveau,Gagné&quot;</formula1>',
    );
    expect((await call("GET", "/importers/nope/template.xlsx")).status).toBe(404);
  });

  it.each(["en", "fr", "sv"])("have a workbook whose own example goes in without an issue (%s)", async (lang) => {
    const { call, upload, work } = await openApp();
    const file = await call("GET", `/importers/leads/template.xlsx?lang=${lang}`);
    const made = await call("POST", "/imports", {
      uploadId: await upload(file.bytes, "leads.xlsx"),
      importer: "leads",
      start: true,
      acceptDoubts: true,
    });
    expect([
      made.status,
      made.json.dialect.columns.length,
      made.json.mapping.columns.filter(({ field }: { field: string | null }) => field === null),
    ]).toEqual([202, Object.keys(leads.fields).length, []]);
    await work(made.json.id);
    expect((await call("GET", `/imports/${made.json.id}/report`)).json).toMatchObject({
      rows: 1,
      counts: { invalid: 0 },
      issues: [],
      findings: [],
    });
  });

  it.each([
    ["en", ","],
    ["fr", ";"],
    ["sv", ";"],
  ])("have a file to fill in whose own example goes in without an issue (%s)", async (lang, delimiter) => {
    const { call, upload, work } = await openApp();
    const file = await call("GET", `/importers/leads/template.csv?lang=${lang}`);
    expect(file.headers.get("content-disposition")).toBe('attachment; filename="leads.csv"');
    const [header, example, end] = file.text.split("\r\n");
    expect([header.startsWith("\ufeff"), header.split(delimiter).length, end]).toEqual([
      true,
      Object.keys(leads.fields).length,
      "",
    ]);
    expect(example.split(delimiter)).toHaveLength(Object.keys(leads.fields).length);
    const made = await call("POST", "/imports", {
      uploadId: await upload(file.text),
      importer: "leads",
      start: true,
      acceptDoubts: true,
    });
    expect([
      made.status,
      made.json.mapping.columns.filter(({ field }: { field: string | null }) => field === null),
    ]).toEqual([202, []]);
    await work(made.json.id);
    expect((await call("GET", `/imports/${made.json.id}/report`)).json).toMatchObject({
      rows: 1,
      counts: { invalid: 0 },
      issues: [],
    });
  });
});
