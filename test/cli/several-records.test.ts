/** An importer whose rows make several records, on the command line: what became of each, foretold, done and undone. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { memberFile, memberTables } from "../browser/members/sluice.config.ts";
import { shopFile, shopTables } from "../engine/records/shop.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { runInProcess } from "../run-in-process.ts";

const shop = fileURLToPath(new URL("../engine/records/shop.ts", import.meta.url));

it("shows the records in a table, in the reader's language, and has them in JSON", async () => {
  const { url, database } = await freshDatabase();
  await database.query(sql.raw(shopTables()));
  const cwd = await freshFolder();
  await writeFile(join(cwd, "shop.csv"), shopFile);
  const config = `import { shop } from ${JSON.stringify(shop)};\nexport const config = { importers: [shop] };\n`;
  await writeFile(join(cwd, "sluice.config.ts"), config);
  const sluice = (...args: string[]) => runInProcess(args, { cwd, url });

  const made = `
              created    updated  unchanged     closed
  brands            1          0          1          0
  products          1          1          1          0
  prices            2          0          1          1
  stocks            1          1          1          0
  tags              1          0          1          0
`;
  const foretold = await sluice("import", "shop", join(cwd, "shop.csv"), "--dry-run");
  expect([foretold.exitCode, foretold.stderr]).toEqual([0, expect.any(String)]);
  expect(foretold.stdout).toContain(made);
  expect((await sluice("import", "shop", join(cwd, "shop.csv"))).stdout).toContain(made);
  const id = (await database.query<{ id: number }>(sql`select max(id) as id from sluice.import_jobs`))[0].id;
  expect(JSON.parse((await sluice("jobs", "show", String(id), "--json")).stdout)).toMatchObject({
    created: 1,
    created_price: 2,
    closed_price: 1,
    created_stock: 1,
  });
  const swedish = (await sluice("jobs", "show", String(id), "--lang", "sv")).stdout.split("\n");
  expect(swedish.map((line) => line.trim().split(/ +/).join(" "))).toEqual(
    expect.arrayContaining(["skapade uppdaterade oförändrade avslutade", "märken 1 0 1 0", "lagersaldon 1 1 1 0"]),
  );
  await database.query(sql`update prices set amount = 99 where product_id = 1 and valid_to is null`);
  const undone = await sluice("undo", String(id), "--yes");
  expect(undone.stdout).toBe(`Undo of import ${id}

            7  deleted
            2  restored
            2  kept: edited since

                   deleted   restored       kept
  brands                 1          0          0
  prices                 1          0          2
  products               1          1          0
  stocks                 1          1          0
  tags                   1          0          0
  links of tags          2          0          0

  price 6: edited_since
  price 1: edited_since, A newer version of it stays.
`);
  expect((await sluice("jobs", "show", String(id))).stdout).toContain("links of tags          2          0          0");
});

it.each([
  ["en", "created unchanged deactivated deleted", "links of groups 0 1 0 2", "roles 1 0 1 0"],
  ["fr", "créés inchangés désactivés supprimés", "liens de groupes 0 1 0 2", "rôles 1 0 1 0"],
  ["sv", "skapade oförändrade inaktiverade borttagna", "kopplingar till grupper 0 1 0 2", "roller 1 0 1 0"],
])("says in %s what whole lists take away, of links too, before and after", async (language, head, links, roles) => {
  const { url, database } = await freshDatabase();
  await database.query(sql.raw(memberTables));
  const cwd = await freshFolder();
  await writeFile(join(cwd, "members.csv"), memberFile);
  const members = fileURLToPath(new URL("../browser/members/sluice.config.ts", import.meta.url));
  await writeFile(join(cwd, "sluice.config.ts"), `export { config } from ${JSON.stringify(members)};\n`);
  for (const flags of [["--dry-run"], []]) {
    const args = ["import", "members", join(cwd, "members.csv"), "--lang", language, ...flags];
    const { stdout } = await runInProcess(args, { cwd, url });
    const lines = stdout.split("\n").map((line) => line.trim().split(/ +/).join(" "));
    expect(lines).toEqual(expect.arrayContaining([head, links, roles]));
  }
});
