/**
 * Databases that speak Postgres and are something else. None of them can run here: what each says of itself is put in its place, in a
 * schema that is searched before Postgres's own.
 */
import { expect, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import type { DuplicateStrategy } from "../../src/core/duplicates.ts";
import { field } from "../../src/core/field.ts";
import { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { migrate } from "../../src/postgres/schema/migrate.ts";
import { freshDatabase } from "../fresh-database.ts";
import { openWorkers } from "../worker/open-workers.ts";

it.each([
  ["CockroachDB CCL v24.1.0 (x86_64-pc-linux-gnu)", "The database is CockroachDB, where advisory locks do nothing"],
  ["PostgreSQL 15.2-YB-2.25.1.0-b0 on x86_64-pc-linux-gnu", "The database is YugabyteDB, which has no xmin"],
])("is refused before anything is made there: %s", async (version, reason) => {
  const { url, database } = await freshDatabase();
  await database.query(
    sql.raw(`create schema other;
    create function other.version() returns text language sql as $$ select '${version}' $$`),
  );
  const searched = new URL(url);
  searched.searchParams.set("options", "-c search_path=other,pg_catalog,public");
  const other = new Database(searched.href, 1);
  try {
    await expect(migrate(other)).rejects.toThrow(reason);
  } finally {
    await other.close();
  }
});

const tags = defineImporter({
  name: "tags",
  fields: { code: field.text({ required: true }), name: field.text() },
  match: { keys: ["code"], onDuplicate: "update" },
  target: { table: "tags" },
});

/** A table as Citus's catalogue has it: by hash over its machines, or a copy on each (n, t). */
async function opened(partmethod: "h" | "n", repmodel: "s" | "t") {
  const at = await openWorkers({
    importers: [tags],
    ddl: `create table tags (id bigint generated always as identity primary key, code text not null unique, name text);
      create table pg_dist_partition (logicalrelid regclass, partmethod "char", colocationid int, repmodel "char");
      insert into pg_dist_partition values ('tags', '${partmethod}', 1, '${repmodel}')`,
  });
  const imports = async (text: string, strategy: DuplicateStrategy): Promise<number> => {
    const { id } = await at.begin(text, { strategy });
    await at.reaches(id, "completed", "failed", "paused");
    return id;
  };
  return { at, imports };
}

it("creates records in a distributed table of Citus, and refuses to change them and to undo", async () => {
  const { at, imports } = await opened("h", "s");
  const id = await imports("code,name\na,Anna\nb,Bo\na,Again\n", "skip");
  expect(await at.rows("select code, name from tags order by code")).toEqual([
    { code: "a", name: "Anna" },
    { code: "b", name: "Bo" },
  ]);
  await expect(at.server.engine.undo(id, "tester")).rejects.toThrow(
    "Citus keeps the records of public.tags on several machines",
  );
  const changing = await imports("code,name\na,Changed\n", "update");
  expect(await at.server.engine.imports.get(changing)).toMatchObject({
    status: "failed",
    errorMessage: expect.stringContaining("public.tags is a distributed table of Citus"),
  });
  const [warning] = (await at.server.check()).filter(({ message }) => message.includes("Citus"));
  expect(warning).toMatchObject({ level: "warning", importer: "tags" });
});

it("changes records in a reference table of Citus, and undoes that by their values", async () => {
  const { at, imports } = await opened("n", "t");
  await imports("code,name\na,Anna\n", "update");
  const id = await imports("code,name\na,Eva\nb,Bo\n", "update");
  expect(await at.rows("select code, name from tags order by code")).toEqual([
    { code: "a", name: "Eva" },
    { code: "b", name: "Bo" },
  ]);
  expect((await at.server.check()).filter(({ message }) => message.includes("Citus"))).toEqual([]);
  await at.server.engine.undo(id, "tester");
  await at.reaches(id, "undone");
  expect(await at.rows("select code, name from tags")).toEqual([{ code: "a", name: "Anna" }]);
});
