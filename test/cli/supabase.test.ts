/** `sluice supabase migration`: a file among an app's migrations. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freshFolder } from "../run-cli.ts";
import { runInProcess } from "../run-in-process.ts";

const config = (importers: string): string =>
  `import { defineImporter, field } from ${JSON.stringify(new URL("../../src/index.ts", import.meta.url).href)};
   import { leads } from ${JSON.stringify(new URL("../../src/importers/index.ts", import.meta.url).href)};
   const customers = defineImporter({ name: "customers", fields: { email: field.email() }, target: { table: "customers" } });
   export const config = { importers: [${importers}] };`;

it("writes what is missing behind the app's own migrations, and nothing twice", async () => {
  const cwd = await freshFolder();
  const folder = join(cwd, "supabase/migrations");
  const migration = (...flags: string[]) => runInProcess(["supabase", "migration", ...flags], { cwd });
  await writeFile(join(cwd, "sluice.config.ts"), config("leads"));
  const first = await migration();
  const [name] = await readdir(folder);
  expect(name).toMatch(/^\d{14}_sluice\.sql$/);
  expect(first).toEqual({
    exitCode: 0,
    stdout: `supabase/migrations/${name} is written. Read it, then apply it: supabase db push\n`,
    stderr: "",
  });
  expect(await migration()).toMatchObject({ exitCode: 0, stdout: `supabase/migrations/${name} is up to date.\n` });
  // The app's clock is ahead: Supabase applies files in the order of their names.
  await writeFile(join(folder, "29990101000000_app.sql"), "select 1;");
  // A config is loaded once by a process: the other one stands elsewhere.
  const beside = join(cwd, "beside");
  await mkdir(beside);
  await writeFile(join(beside, "sluice.config.ts"), config("leads, customers"));
  const second = await runInProcess(["supabase", "migration", "--out", "../supabase/migrations"], { cwd: beside });
  expect(second.stdout).toContain("../supabase/migrations/29990101000001_sluice.sql is written.");
  expect(second.stderr).toContain("The app's own tables stay as they are: customers.");
  expect(await readFile(join(folder, "29990101000001_sluice.sql"), "utf8")).not.toContain("-- Sluice migration");
  expect((await migration("--out", "elsewhere")).exitCode).toBe(0);
  expect(await readdir(join(cwd, "elsewhere"))).toHaveLength(1);
});

it("says where it could not write", async () => {
  const cwd = await freshFolder();
  await writeFile(join(cwd, "sluice.config.ts"), config("leads"));
  await mkdir(join(cwd, "supabase"));
  await writeFile(join(cwd, "supabase/migrations"), "a file");
  const { exitCode, stderr } = await runInProcess(["supabase", "migration"], { cwd });
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/supabase\/migrations cannot be read: ENOTDIR/)]);
});
