import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder, runCli } from "../run-cli.ts";

const sample = fileURLToPath(new URL("../../examples/data/leads.csv", import.meta.url));

it("imports the sample and accounts for every row", async () => {
  const { url, database } = await freshDatabase();
  const cwd = await freshFolder();
  const { exitCode, stdout } = await runCli(["import", "leads", sample, "--json"], { cwd, env: { DATABASE_URL: url } });
  expect(exitCode).toBe(0);
  const summary = JSON.parse(stdout);
  expect(
    summary.created + summary.updated + summary.unchanged + summary.skipped + summary.invalid + summary.failed,
  ).toBe(2000);
  const [{ leads, history }] = await database.query<{ leads: number; history: number }>(
    sql`select (select count(*) from leads) as leads, (select count(*) from lead_history where event = 'imported') as history`,
  );
  expect({ leads, history }).toEqual({ leads: summary.created, history: summary.created });
});

it("says of the sample what the README shows", async () => {
  const { url } = await freshDatabase();
  const cwd = await freshFolder();
  const { stdout } = await runCli(["import", "leads", sample], { cwd, env: { DATABASE_URL: url } });
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  /** Counts and issues, without times and paths. */
  const told = (text: string): string[] => text.split("\n").filter((line) => /^ {5,}[\d,]+ {2}/.test(line));
  expect(told(readme)).not.toEqual([]);
  expect(told(stdout)).toEqual(told(readme));
});
