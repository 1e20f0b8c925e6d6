/** A file of which nothing is mapped: refused before anything is read, with exit code 2 and what to pass. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { runInProcess } from "../run-in-process.ts";

const config = `import { defineImporter, field } from ${JSON.stringify(new URL("../../src/index.ts", import.meta.url).href)};
const bank = defineImporter({
  name: "bank",
  fields: { booked: field.date(), payee: field.text({ default: "Acme" }), amount: field.decimal() },
  match: { keys: [], onDuplicate: "create" },
  target: { table: "bank" },
});
export default { importers: [bank] };
`;

async function desk() {
  const { url, database } = await freshDatabase();
  const cwd = await freshFolder();
  await writeFile(join(cwd, "sluice.config.ts"), config);
  await writeFile(join(cwd, "unknown.csv"), "foo,bar\n1,2\n3,4\n");
  await writeFile(join(cwd, "known.csv"), "booked,amount\n2026-01-02,4\n");
  await database.query(sql.raw("create table bank (id serial primary key, booked date, payee text, amount numeric)"));
  return { cwd, url, database };
}

it.each<[string, string[]]>([
  ["unknown.csv", []],
  ["unknown.csv", ["--yes"]],
  ["unknown.csv", ["--yes", "--dry-run"]],
  ["known.csv", ["--map", "booked=", "--map", "amount="]],
  ["known.csv", ["--map", "booked=", "--map", "amount=", "--map", "'Berg'=payee", "--dry-run"]],
])("is refused: import %s %j", async (file, args) => {
  const { cwd, url } = await desk();
  const { exitCode, stdout, stderr } = await runInProcess(["import", "bank", join(cwd, file), ...args], { cwd, url });
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(stderr).toContain("No column feeds any field, so there is nothing to import.");
  expect(stderr).toContain('--map "Column=booked"');
});

it("is refused by resume, of one that an earlier version has paused", async () => {
  const { cwd, url, database } = await desk();
  await runInProcess(["import", "bank", join(cwd, "known.csv")], { cwd, url });
  await database.query(sql`
    update sluice.import_jobs set status = 'paused', phase = 'commit',
      column_mapping = '{"columns":[{"column":0,"header":"foo","field":null,"score":0,"reason":"none"}]}'
  `);
  const { exitCode, stderr } = await runInProcess(["resume", "1"], { cwd, url });
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(
    /No column of the file feeds any field, .* Its columns are: foo\. The fields are: booked, payee, amount\./,
  );
});
