/**
 * Workers of before and after an importer had its context, a mode that removes, owners: an import goes to none that would take it for
 * everybody's, or nobody's, or would do something else with the records.
 */
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

const mirrored = defineImporter({
  name: "contacts",
  fields: { email: field.email(), name: field.text() },
  match: { keys: ["email"], onDuplicate: "update" },
  target: { table: "contacts", absent: { deactivate: { name: null } } },
  modes: ["upsert", "mirror"],
  assign: { column: "wheel_id", table: "contacts", by: ["email"] },
});

it.each([
  [
    "mirrors",
    { mode: "mirror" },
    { modes: undefined, target: { id: "id", table: "contacts" } },
    'offers the mode "mirror"',
  ],
  ["has an owner", { assignment: { mode: "single", owner: "1" } }, { assign: undefined }, "assigns records to owners"],
] as const)(
  "an import that %s is not worked on by an importer of before, which undoes it",
  async (_, options, less, says) => {
    const before = { ...mirrored, ...less } as Importer;
    const { engine, create, importCsv, rows } = await openEngine([before], ddl);
    const { id } = await create(mirrored, "email,name\na@x.fr,New\nc@x.fr,Three\n", { ...options });
    await engine.start(id);
    await expect(workToEnd(engine, id)).rejects.toThrow(says);
    expect(await rows("select tenant_id, name from contacts order by 1")).toEqual([
      { tenant_id: 1, name: "One" },
      { tenant_id: 2, name: "Two" },
    ]);
    // One that has been done by a newer version.
    const { job } = await importCsv(before, "email,name\nd@x.fr,Four\n");
    await rows(`update sluice.import_jobs set other_options = other_options || '{"mode": "mirror"}',
    assignment_config = '{"mode": "single", "owner": "1"}' where id = ${job.id}`);
    await engine.undo(job.id, "ann");
    await workToEnd(engine, job.id);
    expect(await rows("select count(*)::int as count from contacts")).toEqual([{ count: 2 }]);
  },
);
