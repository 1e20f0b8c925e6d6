/** Workers of before and after an importer had its context: an import goes to none that would take it for everybody's, or nobody's. */
import { expect, it } from "vitest";
import { defineImporter, field, type Importer } from "../../src/index.ts";
import { openEngine, workToEnd } from "../open-engine.ts";

const ddl = `
  create table contacts (id serial primary key, tenant_id integer, wheel_id integer, email text, name text);
  insert into contacts (tenant_id, email, name) values (1, 'a@x.fr', 'One'), (2, 'a@x.fr', 'Two')`;

const scoped = defineImporter({
  name: "contacts",
  context: { tenant_id: { type: "integer" } },
  fields: { email: field.email(), name: field.text() },
  match: { keys: ["email"], onDuplicate: "update" },
  target: { table: "contacts" },
});
const unscoped: Importer = { ...scoped, context: undefined };
const two: Importer = { ...scoped, context: { tenant_id: { type: "integer" }, wheel_id: { type: "integer" } } };

it.each([
  ["of a tenant is not worked on by an importer of before", { tenant_id: "1" }, unscoped, "tenant_id"],
  ["of nobody is not worked on by an importer of a tenant", {}, scoped, "none"],
  ["of a tenant is not worked on by an importer of a tenant and more", { tenant_id: "1" }, two, "tenant_id"],
])("an import %s", async (_, context, importer, named) => {
  const { engine, create, rows } = await openEngine([importer], ddl);
  const { id } = await create(importer, "email,name\na@x.fr,New\n", {
    context: Object.fromEntries(Object.keys(importer.context ?? {}).map((name) => [name, "1"])),
  });
  await rows(`update sluice.import_jobs set context = '${JSON.stringify(context)}' where id = ${id}`);
  await engine.start(id);
  await expect(workToEnd(engine, id)).rejects.toThrow(`has the context values: ${named}.`);
  await expect(engine.dryRun(id)).rejects.toThrow();
  expect(await rows("select tenant_id, name from contacts order by 1")).toEqual([
    { tenant_id: 1, name: "One" },
    { tenant_id: 2, name: "Two" },
  ]);
});

it("an import of before its importer had a context is not undone as if nothing were left of it", async () => {
  const { engine, importCsv, rows } = await openEngine([scoped], ddl);
  const { job } = await importCsv(scoped, "email,name\nb@x.fr,New\n", { context: { tenant_id: "1" } });
  await rows(`update sluice.import_jobs set context = '{}' where id = ${job.id}`);
  const refusal = `Import ${job.id} was created with these context values: none. The importer "contacts" now has: tenant_id.`;
  await expect(engine.undo(job.id)).rejects.toThrow(refusal);
  await expect(engine.undoPreview(job.id)).rejects.toThrow(refusal);
});
