/** `sluice undo`: says what it would do, asks, does it, and tells what it kept; and the file may come again. */
import { writeFile } from "node:fs/promises";
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
  sluice(...args: string[]): Promise<InProcessResult>;
}> {
  const { url, database } = await freshDatabase();
  const cwd = await freshFolder();
  await writeFile(join(cwd, "leads.csv"), "email,city\na@x.fr,Lyon\nb@x.fr,Nice\nc@x.fr,Lille\n");
  return { cwd, database, sluice: (...args) => runInProcess(args, { cwd, url }) };
}

it("shows what it would do with --dry-run, does it with --yes, and lets the file be imported again", async () => {
  const { sluice, database, cwd } = await desk();
  await sluice("import", "leads", join(cwd, "leads.csv"));
  await database.query(sql`update leads set city = 'Brest' where email = 'b@x.fr'`);
  await database.query(sql`create table calls (lead_id bigint references leads on delete cascade)`);
  await database.query(sql`insert into calls select id from leads where email = 'c@x.fr'`);
  const foretold = await sluice("undo", "1", "--dry-run");
  expect(foretold).toEqual({
    exitCode: 0,
    stderr: "",
    stdout: `To undo import 1 (leads), leads.csv

            1  to delete
            0  to restore
            1  kept: edited since
            1  kept: other tables refer to them

public.calls refers to 1 of them.
public.calls has no index on lead_id: Postgres reads it whole for each record that is deleted. Add one first where it is large.
`,
  });
  expect(JSON.parse((await sluice("undo", "1", "--dry-run", "--json")).stdout)).toEqual({
    id: 1,
    status: "completed",
    toDelete: 1,
    toRestore: 0,
    kept: { edited: 1, editedInPart: 0, referred: 1, gone: 0 },
    laterImports: [],
    references: [{ table: "public.calls", columns: ["lead_id"], records: 1, indexed: false }],
  });
  expect(await sluice("undo", "1")).toEqual({
    exitCode: 2,
    stdout: foretold.stdout,
    stderr: "Nothing was undone. To do it: sluice undo 1 --yes\n",
  });
  expect(await database.query(sql`select count(*)::int as n from leads`)).toEqual([{ n: 3 }]);
  const told = `Undo of import 1

            1  deleted
            0  restored
            1  kept: edited since
            1  kept: other tables refer to them

  record 2: edited_since
  record 3: referred_to, by public.calls
`;
  expect(await sluice("undo", "1", "--yes")).toMatchObject({ exitCode: 0, stdout: told });
  expect(await sluice("undo", "1", "--yes")).toMatchObject({
    exitCode: 0,
    stdout: told,
    stderr: "Import 1 is undone already.\n",
  });
  expect(await database.query(sql`select email from leads order by id`)).toEqual([
    { email: "b@x.fr" },
    { email: "c@x.fr" },
  ]);
  expect(await database.query(sql`select event, actor from lead_history order by id desc limit 1`)).toEqual([
    { event: "undone", actor: "tester" },
  ]);
  expect((await sluice("jobs", "show", "1")).stdout).toMatch(
    /^Import 1 \(leads\) undone: 3 rows[\s\S]*\nUndo of import 1\n/,
  );
  expect(JSON.parse((await sluice("jobs", "show", "1", "--json")).stdout)).toMatchObject({
    status: "undone",
    undo: {
      deleted: 1,
      restored: 0,
      kept: { edited_since: 1, referred_to: 1 },
      keptRows: [{ recordId: "2" }, { recordId: "3" }],
    },
  });
  expect(JSON.parse((await sluice("import", "leads", join(cwd, "leads.csv"), "--json")).stdout)).toMatchObject({
    id: 2,
    status: "completed",
    created: 1,
    skipped: 2,
  });
});

it("tells JSON of the whole undo, those of its kept records included", async () => {
  const { sluice, database, cwd } = await desk();
  await sluice("import", "leads", join(cwd, "leads.csv"));
  await database.query(sql`delete from leads where email = 'a@x.fr'`);
  const { exitCode, stdout } = await sluice("undo", "1", "--yes", "--json");
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    id: 1,
    status: "undone",
    startedAt: expect.any(String),
    undoneAt: expect.any(String),
    chunks: 1,
    chunksDone: 1,
    deleted: 2,
    restored: 0,
    kept: { edited_since: 0, edited_in_part: 0, referred_to: 0, gone_already: 1, refused: 0 },
    keptRows: [
      { record: null, recordId: "1", reason: "gone_already", columns: null, byJob: null, byTable: null, message: null },
    ],
  });
});

it("pauses with exit code 3 where the database refuses every record; the file has to wait; then it goes on", async () => {
  const { sluice, database, cwd } = await desk();
  const rows = Array.from({ length: 200 }, (_, k) => `R${k}`);
  await writeFile(join(cwd, "many.csv"), `external_id\n${rows.join("\n")}\n`);
  await sluice("import", "leads", join(cwd, "many.csv"));
  await database.query(
    sql.raw(
      "create function refuse() returns trigger language plpgsql as $$ begin raise exception 'closed'; end $$; create trigger refuse before delete on leads for each row execute function refuse()",
    ),
  );
  const paused = await sluice("undo", "1", "--yes");
  expect(paused).toMatchObject({
    exitCode: 3,
    stderr: expect.stringMatching(/The undo of import 1 is paused: .*closed\nIt goes on with: sluice undo 1\n$/),
  });
  expect((await sluice("jobs", "show", "1")).stdout).toMatch(/undo paused; goes on with: sluice undo 1\n$/);
  expect(await sluice("import", "leads", join(cwd, "many.csv"))).toMatchObject({
    exitCode: 1,
    stderr: "Import 1 of this file is being undone (paused). Finish that first: sluice undo 1\n",
  });
  await database.query(sql`drop trigger refuse on leads`);
  expect(await sluice("undo", "1")).toMatchObject({
    exitCode: 0,
    stdout: "Undo of import 1\n\n          200  deleted\n            0  restored\n",
    stderr: expect.stringMatching(/^The undo of import 1 is paused: it goes on where it stopped\.\n/),
  });
});

it("pauses at Ctrl-C, and `resume` goes on with it as well", async () => {
  const { url } = await freshDatabase();
  const cwd = await freshFolder();
  const rows = Array.from({ length: 1000 }, (_, k) => `R${k}`);
  await writeFile(join(cwd, "many.csv"), `external_id\n${rows.join("\n")}\n`);
  const env = { SLUICE_CHUNK_ROWS: "100" };
  await runInProcess(["import", "leads", join(cwd, "many.csv")], { cwd, url, env });
  const stop = new AbortController();
  const stopped = await runInProcess(["undo", "1", "--yes", "--json"], {
    cwd,
    url,
    env,
    signal: stop.signal,
    onEvent: ({ name }) => {
      if (name === "undo.chunk_undone") stop.abort(new Error("stopped"));
    },
  });
  expect(stopped).toMatchObject({
    exitCode: 130,
    stderr: "The undo of import 1 is paused; what is taken back stays so. It goes on with: sluice undo 1\n",
  });
  expect(JSON.parse(stopped.stdout)).toMatchObject({ status: "paused", undoneAt: null });
  const { exitCode, stdout } = await runInProcess(["resume", "--json"], { cwd, url, env });
  expect({ exitCode, summary: JSON.parse(stdout) }).toMatchObject({
    exitCode: 0,
    summary: { id: 1, status: "undone" },
  });
  expect((await runInProcess(["jobs", "show", "1"], { cwd, url })).stdout).toMatch(/ 1,000 {2}deleted\n/);
});

it.each([
  [["undo", "9", "--yes"], 1, "There is no import 9. List them with: sluice jobs\n"],
  [["undo", "nine"], 2, /"nine" is not the number of an import/],
] as [string[], number, string | RegExp][])("%j: says what is wrong", async (args, exitCode, message) => {
  const { sluice } = await desk();
  const result = await sluice(...args);
  expect(result.exitCode).toBe(exitCode);
  expect(result.stderr).toMatch(message);
});
