/** Tables without a schema are nobody's of Sluice's own, whatever the role and its search path are called. */
import { expect, it } from "vitest";
import { leads } from "../../src/importers/leads/leads.ts";
import { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { migrate } from "../../src/postgres/schema/migrate.ts";
import { createTables } from "../../src/postgres/tables/tables.ts";
import { readTable } from "../../src/postgres/tables/target.ts";
import { emptyDatabase } from "../fresh-database.ts";

/** The tests' role is called `sluice`; `[its search path, where its tables come to lie]` */
it.each([
  ['"$user", public', "public"],
  ["sluice", "public"],
  ['"sluice_stage", crm, sluice, public', "crm"],
  ['crm, "$user"', "crm"],
])("makes the tables of an importer outside Sluice's schemas with the search path %s", async (path, schema) => {
  const { url } = await emptyDatabase();
  const address = new URL(url);
  address.searchParams.set("options", `-c search_path=${path.replaceAll(" ", "")}`);
  // The second one connects when Sluice's schemas are there.
  for (const _ of [1, 2]) {
    const database = new Database(address.href, 1);
    await database.query(sql`create schema if not exists crm`);
    await migrate(database);
    await createTables(database, leads);
    const found = await database.query(sql`select schemaname as schema from pg_tables where tablename = 'leads'`);
    expect(found).toEqual([{ schema }]);
    expect((await readTable(database, "leads")).name).toBe(`${schema}.leads`);
    await expect(readTable(database, "users")).rejects.toThrow(/no table users/);
    expect(
      await database.transaction((session) => session.query(sql`select to_regclass('import_jobs')::text as found`)),
    ).toEqual([{ found: null }]);
    await database.close();
  }
});

it("leaves another role's search path as it is", async () => {
  const { url } = await emptyDatabase();
  const address = new URL(url);
  address.searchParams.set("options", "-c search_path=crm,public");
  const database = new Database(address.href, 1);
  expect(await database.query(sql`select current_setting('search_path') as path`)).toEqual([{ path: "crm,public" }]);
  await database.close();
});
