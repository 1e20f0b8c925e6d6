/** `sluice jobs`, `sluice resume`, and the way of the rejected rows back. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { type InProcessResult, runInProcess } from "../run-in-process.ts";

async function desk(): Promise<{
  cwd: string;
  database: Database;
  write(name: string, text: string): Promise<string>;
  sluice(...args: string[]): Promise<InProcessResult>;
}> {
  const { url, database } = await freshDatabase();
  const cwd = await freshFolder();
  return {
    cwd,
    database,
    write: async (name, text) => {
      await writeFile(join(cwd, name), text);
      return join(cwd, name);
    },
    sluice: (...args) => runInProcess(args, { cwd, url }),
  };
}

it("lists jobs, shows one with its counts, and prints its report", async () => {
  const { sluice, write } = await desk();
  await sluice("import", "leads", await write("one.csv", "email,city\na@x.fr,Lyon\nbad,Nice\na@x.fr,\n"));
  await sluice("import", "leads", await write("two.csv", "email\nb@x.fr\n"));
  const list = await sluice("jobs");
  expect(
    list.stdout.split("\n").map((line) => line.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, "WHEN").replace(/ +/g, " ")),
  ).toEqual([
    " 2 WHEN completed leads 1 row 1 imported two.csv",
    " 1 WHEN completed leads 3 rows 1 imported one.csv",
    "",
  ]);
  expect((await sluice("jobs", "list", "--limit", "1", "--json")).stdout).toMatch(/^\[\{"id":2,.*\]\n$/);
  expect(await sluice("jobs", "list", "--limit", "many")).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/--limit "many"/),
  });
  const shown = JSON.parse((await sluice("jobs", "show", "1", "--json")).stdout);
  expect(shown).toMatchObject({
    id: 1,
    status: "completed",
    rows: 3,
    created: 1,
    skipped: 1,
    invalid: 1,
    job: { fileName: "one.csv", createdBy: "tester" },
  });
  expect((await sluice("jobs", "show", "1")).stdout).toMatch(
    /Import 1 \(leads\) completed: 3 rows[\s\S]*Rejected rows: /,
  );
  expect((await sluice("jobs", "report", "1")).stdout).toMatch(
    /^\ufeffSluice: row,Sluice: reason,email,city\r\n3,[^,]*e-mail[^,]*,bad,Nice\r\n$/,
  );
  expect((await sluice("jobs", "report", "1", "--outcome", "skipped", "--lang", "fr")).stdout).toMatch(
    /^\ufeffSluice : ligne,.*\r\n4,[^,]+/,
  );
  expect(await sluice("jobs", "report", "1", "--outcome", "eaten")).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/invalid,failed,skipped,updated/),
  });
  expect(await sluice("jobs", "show", "9")).toMatchObject({
    exitCode: 1,
    stderr: "There is no import 9. List them with: sluice jobs\n",
  });
  expect(await sluice("jobs", "show", "nine")).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/"nine" is not the number/),
  });
});

it("says so and exits with 0 when there is nothing to resume", async () => {
  const { sluice, write } = await desk();
  expect(await sluice("resume")).toEqual({
    exitCode: 0,
    stdout: "",
    stderr: "There is nothing to resume: every import is finished.\n",
  });
  expect(JSON.parse((await sluice("resume", "--json")).stdout)).toEqual({ id: null, status: "nothing_to_resume" });
  await sluice("import", "leads", await write("one.csv", "email\na@x.fr\n"));
  expect(await sluice("resume", "1")).toEqual({
    exitCode: 0,
    stdout: "",
    stderr: "Import 1 is completed: there is nothing to resume.\n",
  });
  expect(JSON.parse((await sluice("resume", "1", "--json")).stdout)).toMatchObject({
    id: 1,
    status: "completed",
    created: 1,
  });
});

it("pauses with exit code 3 where the database refuses every row, and resumes when that is mended", async () => {
  const { sluice, write, database } = await desk();
  await database.query(
    sql.raw(
      "create function refuse() returns trigger language plpgsql as $$ begin raise exception 'closed'; end $$; create trigger refuse before insert on leads for each row execute function refuse()",
    ),
  );
  const path = await write("many.csv", `external_id\n${Array.from({ length: 200 }, (_, k) => `R${k}`).join("\n")}\n`);
  const paused = await sluice("import", "leads", path, "--json");
  expect({ exitCode: paused.exitCode, summary: JSON.parse(paused.stdout) }).toMatchObject({
    exitCode: 3,
    summary: { status: "paused", created: 0 },
  });
  expect(paused.stderr).toMatch(/Import 1 is paused: .*closed[\s\S]*sluice resume 1/);
  expect((await sluice("jobs", "show", "1")).stdout).toMatch(
    /phase commit, 0 of 1 chunks done; goes on with: sluice resume 1/,
  );
  await database.query(sql`drop trigger refuse on leads`);
  expect(JSON.parse((await sluice("resume", "--json")).stdout)).toMatchObject({
    id: 1,
    status: "completed",
    created: 200,
  });
});

it("takes its file of rejected rows back, once they are corrected, with every cell as it was", async () => {
  const { sluice, write, database } = await desk();
  const text =
    'external_id;email;phone;notes;city\nA;bad;+33 6 11 11 11 11;=1+1;Lyon\nB;b@x.fr;;ok;Nice\nC;worse;06 22 22 22 22;"\'quoted; ""so""\'";-Brest\nD;d@x.fr;;short\n';
  const { stdout } = await sluice("import", "leads", await write("leads.csv", text), "--json");
  const { rejectedRowsFile, created, invalid } = JSON.parse(stdout);
  expect({ created, invalid }).toEqual({ created: 1, invalid: 3 });
  const report = await readFile(rejectedRowsFile, "utf8");
  expect(
    report
      .split("\r\n")
      .slice(1, 4)
      .some((line) => /;[=+\-@]/.test(line)),
  ).toBe(false);
  const corrected = report.replace(";bad;", ";a@x.fr;").replace(";worse;", ";c@x.fr;").replace(";short", ";short;Metz");
  const again = await sluice("import", "leads", await write("corrected.csv", corrected), "--json");
  expect({ stderr: again.stderr, summary: JSON.parse(again.stdout) }).toMatchObject({
    stderr: "",
    summary: { created: 3, invalid: 0, rejectedRowsFile: null },
  });
  expect(
    await database.query(sql`select external_id as id, email, phone, notes, city from leads order by external_id`),
  ).toEqual([
    { id: "A", email: "a@x.fr", phone: "+33611111111", notes: "=1+1", city: "Lyon" },
    { id: "B", email: "b@x.fr", phone: null, notes: "ok", city: "Nice" },
    { id: "C", email: "c@x.fr", phone: "+33622222222", notes: "'quoted; \"so\"'", city: "-Brest" },
    { id: "D", email: "d@x.fr", phone: null, notes: "short", city: "Metz" },
  ]);
});

it("prints the rows that went in with a warning", async () => {
  const { sluice, write } = await desk();
  await sluice("import", "leads", await write("w.csv", "email,city\na@x.fr; b@x.fr,Lyon\nc@x.fr,Nice\n"));
  const report = await sluice("jobs", "report", "1", "--outcome", "warning");
  expect(report).toMatchObject({ exitCode: 0, stderr: "" });
  expect(report.stdout.split("\r\n")[1]).toMatch(/^2,.*several values.*a@x\.fr/);
  expect(report.stdout.split("\r\n")).toHaveLength(3);
  expect(await sluice("jobs", "report", "1", "--outcome", "warning,invalid")).toMatchObject({ exitCode: 2 });
});

it("prints the cells of rows that failed after they were read, also when the file and the records are gone", async () => {
  const { sluice, write, database } = await desk();
  await sluice("import", "leads", await write("one.csv", "email,city\na@x.fr,Lyon\n"));
  await database.query(
    sql.raw(`alter table leads add check (length(city) < 9);
    create function picky() returns trigger language plpgsql as $$ begin
      if new.city = 'Nowhere' then raise exception 'no % here', new.city; end if; return new; end $$;
    create trigger picky before insert on leads for each row execute function picky()`),
  );
  const file = await write("two.csv", "email,city\nb@x.fr,Nowhere\nc@x.fr,Nice\nd@x.fr,Villeurbanne\nbad,Brest\n");
  await sluice("import", "leads", file);
  const report = await sluice("jobs", "report", "2");
  expect(report.stdout.split("\r\n").map((line) => line.replace(/^(\d+),.*(,[^,]*,[^,]*)$/, "$1$2"))).toEqual([
    "\ufeffSluice: row,Sluice: reason,email,city",
    "2,b@x.fr,Nowhere",
    "4,d@x.fr,Villeurbanne",
    "5,bad,Brest",
    "",
  ]);
  expect((await sluice("jobs", "report", "2", "--outcome", "failed")).stdout).toMatch(/2,[^\r]*,b@x.fr,Nowhere\r\n$/);
  await sluice("undo", "2", "--yes");
  expect((await sluice("jobs", "report", "2")).stdout).toBe(report.stdout);
});
