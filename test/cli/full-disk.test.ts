/** A disk that is full in the middle of an import: a sentence that says what to do, and an import that goes on. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { outageOf } from "../../src/core/errors.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { runInProcess } from "../run-in-process.ts";

it.each(["import_chunks", "import_jobs"])(
  "is told in a sentence where %s cannot be written, and resumed exactly",
  async (table) => {
    const { url, database } = await freshDatabase();
    const cwd = await freshFolder();
    await writeFile(join(cwd, "leads.csv"), "Email\nanna@example.com\nbo@example.com\n");
    // As Postgres raises it when a table cannot grow.
    await database.query(
      sql.raw(`
      create function no_space() returns trigger language plpgsql as
        $$ begin raise exception 'could not extend file "base/1/2": No space left on device' using errcode = '53100'; end $$;
      create trigger no_space before update on sluice.${table} for each row execute function no_space();
    `),
    );
    const full = await runInProcess(["import", "leads", join(cwd, "leads.csv")], { cwd, url });
    expect(full.exitCode).toBe(1);
    expect(full.stderr).toMatch(
      /^The disk of the database is full: could not extend file .*\. Free some space on it, then continue/m,
    );
    expect(full.stderr).not.toMatch(/^ +at /m);
    await database.query(sql.raw(`drop trigger no_space on sluice.${table}`));
    // As if reading had taken an hour before: the summary counts it.
    await database.query(sql`update sluice.import_jobs set parse_started_at = now() - interval '1 hour'`);
    const resumed = await runInProcess(["resume", "--json"], { cwd, url });
    expect(resumed.exitCode).toBe(0);
    const { seconds, phases } = JSON.parse(resumed.stdout);
    expect([seconds > 3500, phases.parse.seconds > 3500, phases.parse.rowsPerSecond]).toEqual([true, true, 0]);
    expect(await database.query(sql`select count(*)::int as leads from leads`)).toEqual([{ leads: 2 }]);
  },
);

it("is told where the database has been made read-only, and the import goes on when it takes changes again", async () => {
  const { url, database } = await freshDatabase();
  const cwd = await freshFolder();
  await writeFile(join(cwd, "leads.csv"), "Email\nanna@example.com\n");
  expect((await runInProcess(["migrate"], { cwd, url })).exitCode).toBe(0);
  const name = new URL(url).pathname.slice(1);
  await database.query(sql.raw(`alter database "${name}" set default_transaction_read_only = on`));
  const refused = await runInProcess(["import", "leads", join(cwd, "leads.csv")], { cwd, url });
  expect([refused.exitCode, refused.stderr]).toEqual([
    1,
    expect.stringMatching(/The database takes no changes at the moment/),
  ]);
  expect(refused.stderr).not.toMatch(/^ +at /m);
  await database.query(
    sql.raw(`set default_transaction_read_only = off; alter database "${name}" reset default_transaction_read_only`),
  );
  expect((await runInProcess(["import", "leads", join(cwd, "leads.csv")], { cwd, url })).exitCode).toBe(0);
  expect(await database.query(sql`select count(*)::int as leads from leads`)).toEqual([{ leads: 1 }]);
});

it.each([
  [{ code: "ENOSPC", path: "/data/x", message: "no space left" }, /disk of this machine is full \(\/data\/x\)/],
  [
    { code: "25006", message: "cannot execute UPDATE in a read-only transaction" },
    /takes no changes at the moment: cannot execute UPDATE/,
  ],
  [{ code: "53200", message: "out of memory" }, /lacks memory, or cannot use its disk: out of memory/],
  [{ code: "58030", message: "could not read block 3" }, /lacks memory, or cannot use its disk: could not read/],
  [
    { code: "57P02", message: "terminating connection because of crash of another server process" },
    /has ended the connection/,
  ],
  [{ message: "Connection terminated unexpectedly" }, /a full disk is a common reason/],
])("names the outage of %j", (error, sentence) => {
  expect(outageOf(Object.assign(new Error(error.message), error))).toMatchObject({
    code: "unavailable",
    message: expect.stringMatching(sentence),
  });
});
