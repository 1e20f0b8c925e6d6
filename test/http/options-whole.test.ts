/** An import's options travel whole: what is said of one comes back from the import, and from a mapping that is remembered with it. */
import { expect, it } from "vitest";
import { type KeptOptions, optionNames, rememberedNames } from "../../src/core/import-options.ts";
import { defineImporter, field } from "../../src/index.ts";
import { openApp } from "./open-app.ts";

const people = defineImporter({
  name: "people",
  fields: { email: field.email(), phone: field.text(), name: field.text() },
  match: { keys: ["email"] },
  target: { table: "people" },
  context: { tenant: { from: () => true } },
  assign: { column: "owner_id", table: "staff", by: ["name"], shared: true },
});
const ddl = `create table people (id bigserial primary key, email text, phone text, name text, tenant text, owner_id bigint);
  create table staff (id bigint primary key, name text); insert into staff values (7, 'Ann')`;

/** None of them is what the importer says by itself. */
const said: KeptOptions = {
  mode: "update_only",
  repeats: "first",
  confirmRemovals: 12,
  assignment: { mode: "single", owner: "7" },
  duplicates: { strategy: "update", keys: ["phone", ["email", "name"]] },
  merge: { name: "fill" },
  context: { tenant: "south" },
  language: "sv",
  autoCommit: true,
};

async function bring(app: Awaited<ReturnType<typeof openApp>>, options: object, text: string) {
  const uploadId = await app.upload(text);
  const { json, status } = await app.call("POST", "/imports", { uploadId, importer: "people", options, start: false });
  expect(status).toBe(201);
  return json;
}

it("keeps every option that is said at the beginning, and that is changed later", async () => {
  const app = await openApp([people], ddl);
  expect(Object.keys(said).sort()).toEqual([...optionNames].sort());
  const first = await bring(app, said, "email,phone,name\na@x.fr,1,Ann\n");
  expect((await app.call("GET", `/imports/${first.id}/options`)).json).toMatchObject(said);
  const second = await bring(app, { context: said.context }, "email,phone,name\nb@x.fr,2,Bo\n");
  const before = (await app.call("GET", `/imports/${second.id}/options`)).json;
  for (const name of optionNames) if (name !== "context") expect(before[name]).not.toEqual(said[name]);
  expect((await app.call("PUT", `/imports/${second.id}/options`, said)).json).toMatchObject(said);
  const { changed } = (
    await app.rows<{ changed: string[] }>(
      `select data -> 'changed' as changed from sluice.import_events where job_id = ${second.id} and name = 'import.edited'`,
    )
  )[0];
  expect(changed.sort()).toEqual([...optionNames].sort());
});

it("remembers with a mapping what is meant for the next file", async () => {
  const app = await openApp([people], ddl);
  const first = await bring(app, said, "email,phone,name\na@x.fr,1,Ann\n");
  const { json: template } = await app.call("PUT", "/templates", { importId: first.id });
  const remembered = Object.fromEntries(rememberedNames.map((name) => [name, said[name]]));
  expect(template).toMatchObject(remembered);
  const second = await bring(app, { context: said.context }, "email,phone,name\nb@x.fr,2,Bo\n");
  expect((await app.call("POST", `/imports/${second.id}/template`, { templateId: template.id })).status).toBe(200);
  const { json: options } = await app.call("GET", `/imports/${second.id}/options`);
  expect(options).toMatchObject(remembered);
  expect(options).toMatchObject({ language: "en", autoCommit: false });
});

it("carries what is said of rows and cells to the import, its preview, its stage and the next file of the same columns", async () => {
  const app = await openApp([people], ddl);
  const dialect = { quote: "none", nulls: ["NULL", "-"], trim: "none", shortRows: "pad", totals: "keep" };
  const first = await bring(app, { context: said.context, dialect }, 'email,phone,name\na@x.fr,NULL, "Ann \n');
  expect((await app.call("GET", `/imports/${first.id}/options`)).json.dialect).toMatchObject(dialect);
  const { json: preview } = await app.call("GET", `/imports/${first.id}/preview`);
  expect(preview.rows.map(({ cells, values }: { cells: string[]; values: object }) => [cells, values])).toEqual([
    [["a@x.fr", "", ' "Ann '], { email: "a@x.fr", phone: null, name: ' "Ann ' }],
  ]);
  const { json: template } = await app.call("PUT", "/templates", { importId: first.id });
  expect(template.dialect).toEqual(dialect);
  const next = "email,phone,name\nb@x.fr,-,Bo \n";
  const second = await bring(app, { context: said.context }, next);
  expect((await app.call("GET", `/imports/${second.id}/options`)).json.dialect).not.toHaveProperty("nulls");
  expect((await app.call("POST", `/imports/${second.id}/template`, { templateId: template.id })).status).toBe(200);
  expect((await app.call("GET", `/imports/${second.id}/options`)).json.dialect).toMatchObject(dialect);
  const uploadId = await app.upload(`${next}c@x.fr,5,Cy\n`);
  const { json: third } = await app.call("POST", "/imports", {
    ...{ uploadId, importer: "people", templateId: template.id },
    options: { context: said.context, dialect: { trim: "all" } },
  });
  expect((await app.call("GET", `/imports/${third.id}/options`)).json.dialect).toMatchObject({
    ...dialect,
    trim: "all",
  });
});

it("takes back what was said of rows and cells where the dialect is said without it", async () => {
  const app = await openApp([people], ddl);
  const options = { context: said.context, dialect: { nulls: ["NULL"] } };
  const { id } = await bring(app, options, "email,phone,name\na@x.fr,NULL,Ann\n");
  const { json: before } = await app.call("GET", `/imports/${id}/options`);
  await app.call("PUT", `/imports/${id}/options`, { ...before, dialect: undefined });
  expect((await app.call("GET", `/imports/${id}/options`)).json.dialect).toEqual(before.dialect);
  const { nulls: _, ...dialect } = before.dialect;
  await app.call("PUT", `/imports/${id}/options`, { ...before, dialect });
  expect((await app.call("GET", `/imports/${id}/options`)).json.dialect).toEqual(dialect);
  expect((await app.call("GET", `/imports/${id}/preview`)).json.rows[0].cells[1]).toBe("NULL");
});

it("refuses what says nothing of a file, and names it", async () => {
  const app = await openApp([people], ddl);
  const uploadId = await app.upload("email,phone,name\na@x.fr,1,Ann\n");
  const wrong = [
    { quote: "`" },
    { nulls: [" "] },
    { nulls: Array(21).fill("x") },
    { trim: true },
    { shortRows: "cut" },
  ];
  for (const dialect of [...wrong, { totals: "sum" }]) {
    const { status, json } = await app.call("POST", "/imports", { uploadId, importer: "people", options: { dialect } });
    expect(status).toBe(422);
    expect(JSON.stringify(json)).toContain(`options.dialect.${Object.keys(dialect)[0]}`);
  }
});
