/** A project of Supabase as an app reaches it: directly, and through a pooler in transaction mode with and without a direct connection beside. */
import { expect, it } from "vitest";
import { leads } from "../../src/importers/leads/leads.ts";
import { importFile } from "../../src/program/import-file.ts";
import { pgbouncer } from "../pgbouncer.ts";
import { freshFolder } from "../run-cli.ts";
import { supabaseDatabase } from "../supabase-database.ts";
import { wholeFile } from "../supabase-project.ts";

const rows = 500;
const csv = (run: number): Buffer =>
  Buffer.from(
    `email,last_name\n${Array.from({ length: rows }, (_, k) => `p${k}@run${run}.fr,P${k}`).join("\n")}\nnot an address,X\n`,
  );

it("imports through the pooler and past it", async () => {
  const { apply, as, url } = await supabaseDatabase();
  await apply(await wholeFile([leads]));
  const pooled = await pgbouncer(url);
  const ways = [{ databaseUrl: url }, { databaseUrl: pooled }, { databaseUrl: pooled, directUrl: url }];
  for (const [run, way] of ways.entries()) {
    const report = await importFile(leads, csv(run), {
      ...way,
      dataDir: await freshFolder(),
      chunkRows: 100,
      fileName: `${run}.csv`,
    });
    expect([run, report.status, report.counts]).toEqual([
      run,
      "completed",
      expect.objectContaining({ created: rows, invalid: 1 }),
    ]);
  }
  expect(await as({ role: "service_role" }, "select count(*)::int as leads from leads")).toEqual([
    { leads: rows * ways.length },
  ]);
  // The owner's work is seen by nobody whom the policies do not name.
  expect(
    await as({ role: "authenticated", claims: { sub: "aaaaaaaa-0000-4000-8000-000000000000" } }, "select from leads"),
  ).toEqual([]);
});
