/** The end of a commit, where rows would be missing. */
import { expect, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import { openEngine } from "../open-engine.ts";

const people = defineImporter({ name: "people", fields: { name: field.text() }, target: { table: "people" } });

it("calls no import completed that does not account for every row", async () => {
  const { create, engine, rows } = await openEngine([people], "create table people (id serial primary key, name text)");
  const { id } = await create(people, "name\nAnna\nBo\nCy\n");
  await engine.start(id);
  await engine.work(id);
  // As if a chunk had not seen one of its rows.
  await rows(`create function lose() returns trigger language plpgsql as $$
    begin new.created := greatest(new.created - 1, 0); return new; end $$`);
  await rows(`create trigger lose before update on sluice.import_chunks for each row
    when (new.done_at is not null and old.done_at is null) execute function lose()`);
  await engine.commit(id);
  await expect(engine.work(id)).rejects.toThrow("Import 1 has 3 rows and accounts for 2.");
  expect((await engine.imports.get(id)).status).not.toBe("completed");
});
