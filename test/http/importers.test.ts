import { describe, expect, it } from "vitest";
import { field } from "../../src/field.ts";
import { atLeastOne, defineImporter } from "../../src/importer.ts";
import { leads } from "../../src/importers/leads/leads.ts";
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
    status: field.choice({ new: ["Nouveau", "Ny"], won: ["Gagné"] }),
    owner: field.reference({ table: "people", by: ["mail"] }),
  },
  checks: [atLeastOne("email", "phone")],
  match: { keys: ["code"], onDuplicate: "update" },
  target: { table: "everything" },
  context: { tenant: { type: "uuid" } },
});

describe("importers over HTTP", () => {
  it("are listed with what an import of them needs", async () => {
    const { call } = await openApp([leads, everything]);
    expect((await call("GET", "/importers")).json.items).toEqual([
      {
        name: "leads",
        match: { keys: ["email", "phone", "external_id"], onDuplicate: "skip" },
        context: [],
        assignsOwners: true,
      },
      {
        name: "everything",
        match: { keys: ["code"], onDuplicate: "update" },
        context: [{ name: "tenant", type: "uuid" }],
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
      limits: { minLength: 2, maxLength: 8, pattern: "[a-z]+|\\d+" },
    });
    expect(json.fields[8].choices).toEqual([
      { value: "new", words: ["Nouveau", "Ny"] },
      { value: "won", words: ["Gagné"] },
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
