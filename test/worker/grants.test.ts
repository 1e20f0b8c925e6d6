/** A role that owns nothing does everything but migrate, once `sluice migrate --grant` has run. */
import { randomUUID } from "node:crypto";
import { expect, it, onTestFinished } from "vitest";
import type { EngineEvent } from "../../src/core/ports.ts";
import { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { emptyDatabase, freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { runInProcess } from "../run-in-process.ts";
import { leadsCsv, openWorkers } from "./open-workers.ts";

/** A role with a password and no rights; the address by which it comes. */
async function appRole(url: string): Promise<{ role: string; address: string }> {
  const role = `app_${randomUUID().slice(0, 8)}`;
  const owner = new Database(url, 1);
  await owner.query(sql`create role ${sql.id(role)} login password 'secret'`);
  onTestFinished(async () => {
    await owner.query(sql`drop owned by ${sql.id(role)} cascade`);
    await owner.query(sql`drop role ${sql.id(role)}`);
    await owner.close();
  });
  const address = new URL(url);
  address.username = role;
  address.password = "secret";
  return { role, address: address.href };
}

it("imports, reviews, undoes and sweeps as a role that owns nothing", async () => {
  const events: EngineEvent[] = [];
  const cwd = await freshFolder();
  let role = "";
  const opened = await openWorkers({
    onEvent: (event) => events.push(event),
    async reachedBy(url) {
      const app = await appRole(url);
      role = app.role;
      const granted = await runInProcess(["migrate", "--grant", role], { cwd, url });
      expect(granted).toMatchObject({
        exitCode: 0,
        stdout: expect.stringMatching(
          new RegExp(
            `^The database is up to date\\.\n${role} may use Sluice's own tables, and leads, profiles, lead_history, .*ImportLog, .*year_wheels\\.\n$`,
          ),
        ),
      });
      return { DATABASE_URL: app.address };
    },
  });
  const { server, rows, reaches, create, begin } = opened;
  expect(
    await rows(
      `select tableowner from pg_tables where schemaname in ('sluice', 'sluice_queue') and tableowner = '${role}'`,
    ),
  ).toEqual([]);

  // By the queue: to review, an edit, the commit, the undo.
  const job = await create(`email,first_name,city\nnobody,Anna,Lyon\nbo@x.fr,Bo,Lyon\n`);
  await server.engine.start(job.id);
  await reaches(job.id, "ready");
  await server.engine.review.editCell(job.id, { row: 2, field: "email", value: "anna@x.fr" }, "tester");
  await server.engine.dryRun(job.id);
  await server.engine.commit(job.id);
  await reaches(job.id, "completed");
  expect(await rows("select email from leads order by email")).toEqual([{ email: "anna@x.fr" }, { email: "bo@x.fr" }]);
  await server.engine.undo(job.id, "tester");
  await reaches(job.id, "undone");
  expect(await rows("select from leads")).toEqual([]);
  const large = await begin(leadsCsv(3000));
  await reaches(large.id, "completed");
  await opened.store.leftovers.sweep();
  expect(await rows(`select tablename from pg_tables where schemaname = 'sluice_stage'`)).toEqual([]);

  // By a command, and what only looks.
  const { DATABASE_URL: url } = await connection(opened.url, role);
  const command = await runInProcess(["import", "leads", "-", "--json"], { cwd, url, input: "email\ncy@x.fr\n" });
  expect({ ...command, stdout: JSON.parse(command.stdout) }).toMatchObject({ exitCode: 0, stdout: { created: 1 } });
  const check = await runInProcess(["check"], { cwd, url });
  expect(check.stdout).not.toContain("may not");
  expect(await runInProcess(["jobs"], { cwd, url })).toMatchObject({ exitCode: 0 });
  expect(events.filter(({ name }) => name === "queue.failed")).toEqual([]);
  await opened.workers[0].stop();
  await server.close();
});

it("says what to run to a role that was granted nothing, and to one that would migrate", async () => {
  const { url } = await freshDatabase();
  const cwd = await freshFolder();
  const { role, address } = await appRole(url);
  const refused = await runInProcess(["jobs"], { cwd, url: address });
  expect(refused).toMatchObject({
    exitCode: 1,
    stderr: `The database user ${role} may not use Sluice's own tables: permission denied for schema sluice. Their owner must grant it. Run as their owner: sluice migrate --grant ${role}\n`,
  });
  await runInProcess(["migrate", "--grant", role], { cwd, url });
  expect(await runInProcess(["jobs"], { cwd, url: address })).toMatchObject({ exitCode: 0 });
  // As after an update, before the owner has migrated.
  const owner = new Database(url, 1);
  await owner.query(sql`delete from sluice.migrations where number = (select max(number) from sluice.migrations)`);
  await owner.close();
  expect(await runInProcess(["jobs"], { cwd, url: address })).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/may not create Sluice's tables: .* Run: sluice migrate\n$/),
  });
});

it("grants to a role that there is, as somebody who may", async () => {
  const { url } = await emptyDatabase();
  const cwd = await freshFolder();
  expect(await runInProcess(["migrate", "--grant", "nobody at all"], { cwd, url })).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/The database has no role "nobody at all"\. Create it first: create role/),
  });
  const { role, address } = await appRole(url);
  await runInProcess(["migrate", "--grant", role], { cwd, url });
  // What an importer's columns point at since, too; not what others of its table do.
  const owner = new Database(url, 1);
  await owner.query(sql`create table countries (code text primary key)`);
  await owner.query(sql`create table secrets (id text primary key)`);
  await owner.query(
    sql`alter table leads add foreign key (country) references countries, add secret text references secrets`,
  );
  const again = await runInProcess(["migrate", "--grant", role], { cwd, url });
  expect(again.stdout).toContain("public.countries");
  expect(again.stdout).not.toContain("public.secrets");
  await owner.close();
  expect(await runInProcess(["migrate", "--grant", role], { cwd, url: address })).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(
      /does not own Sluice's schemas and may not grant rights on them\. .* Run as their owner: sluice migrate --grant/,
    ),
  });
});

async function connection(url: string, role: string): Promise<{ DATABASE_URL: string }> {
  const address = new URL(url);
  address.username = role;
  address.password = "secret";
  return { DATABASE_URL: address.href };
}
