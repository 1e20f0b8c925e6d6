/** `sluice import` with each of its flags. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { fr } from "../../src/locale/fr.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { type InProcessResult, runInProcess } from "../run-in-process.ts";
import { storedFiles } from "../stored-files.ts";

const text =
  "Référence;Prénom;E-mail;Téléphone;Ville\nR1;Anna;anna@x.fr;0611111111;Lyon\nR2;Bo;bo@x;;Nice\nR3;Cy;cy@x.fr;;Brest\n;Anna;ANNA@x.fr;;Paris\n";

interface Desk {
  cwd: string;
  file: string;
  import(...args: string[]): Promise<InProcessResult>;
  sluice(...args: string[]): Promise<InProcessResult>;
  rows(statement: string): Promise<Record<string, unknown>[]>;
}

async function desk(content = text): Promise<Desk> {
  const { url, database } = await freshDatabase();
  const cwd = await freshFolder();
  const file = join(cwd, "leads.csv");
  await writeFile(file, content);
  const sluice = (...args: string[]): Promise<InProcessResult> => runInProcess(args, { cwd, url });
  return {
    cwd,
    file,
    sluice,
    import: (...args) => sluice("import", "leads", file, ...args),
    rows: (statement) => database.query(sql.raw<Record<string, unknown>>(statement)),
  };
}

const shape = [
  "id",
  "importer",
  "status",
  "rows",
  "created",
  "updated",
  "unchanged",
  "skipped",
  "invalid",
  "failed",
  "phases",
  "seconds",
  "peakRssBytes",
  "rejectedRowsFile",
  "issues",
];

it("prints exactly one object of the documented shape with --json", async () => {
  const { import: run, cwd } = await desk();
  const { exitCode, stdout, stderr } = await run("--json");
  expect({ exitCode, stderr, lines: stdout.split("\n").length }).toEqual({ exitCode: 0, stderr: "", lines: 2 });
  const summary = JSON.parse(stdout);
  expect(Object.keys(summary).sort()).toEqual([...shape].sort());
  expect(summary).toMatchObject({
    id: 1,
    importer: "leads",
    status: "completed",
    rows: 4,
    created: 2,
    skipped: 1,
    invalid: 1,
    rejectedRowsFile: expect.stringMatching(`^${join(cwd, ".sluice/reports")}/[0-9a-f]{12}/import-1-rejected\\.csv$`),
    phases: {
      parse: { seconds: expect.any(Number), rowsPerSecond: expect.any(Number) },
      commit: { seconds: expect.any(Number), rowsPerSecond: expect.any(Number) },
    },
    issues: expect.arrayContaining([
      { field: "email", code: "email_invalid", count: 1 },
      { field: null, code: "duplicate_in_file", count: 1 },
    ]),
  });
  expect(summary.peakRssBytes).toBeGreaterThan(1_000_000);
});

it("tells a person what came of it and where the rejected rows are", async () => {
  const { exitCode, stdout } = await (await desk()).import();
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/Import 1 \(leads\) completed: 4 rows/);
  expect(stdout).toMatch(/2 {2}created/);
  expect(stdout).toMatch(/E-mail.*not an e-mail address.*\[email_invalid\]/);
  expect(stdout).toMatch(/^Rejected rows: \.sluice\/reports\/[0-9a-f]{12}\/import-1-rejected\.csv$/m);
});

it("says how to go on without the rows that the database refuses, and does with --reject-failures", async () => {
  const many = Array.from({ length: 120 }, (_, k) => `R${k},same`).join("\n");
  const { import: run, sluice, rows } = await desk(`Référence,Ville\n${many}\n`);
  await rows("create unique index one_city on leads (upper(city))");
  const paused = await run();
  expect(paused.exitCode).not.toBe(0);
  expect(paused.stderr).toMatch(/is paused: The database rejects more than 100 rows .*"one_city"/);
  expect(paused.stderr).toContain("To reject such rows and go on: sluice resume 1 --reject-failures\n");
  const done = await sluice("resume", "1", "--reject-failures", "--json");
  expect(JSON.parse(done.stdout)).toMatchObject({ status: "completed", rows: 120, created: 1, failed: 119 });
});

it("only counts with --dry-run, and leaves nothing behind", async () => {
  const { import: run, cwd, rows, sluice } = await desk();
  const foretold = JSON.parse((await run("--dry-run", "--json")).stdout);
  expect(foretold).toMatchObject({
    id: null,
    status: "dry_run",
    rows: 4,
    created: 2,
    skipped: 1,
    invalid: 1,
    rejectedRowsFile: null,
  });
  expect(Object.keys(foretold).sort()).toEqual([...shape].sort());
  expect((await run("--dry-run")).stdout).toMatch(/^Dry run \(leads\): 4 rows, \d+\.\d s\nNothing was written\.\n\n/);
  expect(
    await rows(
      "select (select count(*) from leads)::int as leads, (select count(*) from sluice.import_jobs)::int as jobs, (select count(*) from pg_tables where schemaname = 'sluice_stage')::int as stages",
    ),
  ).toEqual([{ leads: 0, jobs: 0, stages: 0 }]);
  expect(await storedFiles(join(cwd, ".sluice"))).toEqual([]);
  expect((await sluice("jobs")).stderr).toContain("There are no imports yet.");
  expect(JSON.parse((await run("--json")).stdout)).toMatchObject({ created: 2, skipped: 1, invalid: 1 });
});

it("updates, skips or creates duplicates as --on-duplicate says, on the fields of --match", async () => {
  const { import: run, rows } = await desk();
  await run();
  expect(JSON.parse((await run("--again", "--json", "--on-duplicate", "update")).stdout)).toMatchObject({
    created: 0,
    updated: 1,
    unchanged: 2,
    invalid: 1,
  });
  expect(await rows("select city from leads where email = 'anna@x.fr'")).toEqual([{ city: "Paris" }]);
  expect(JSON.parse((await run("--again", "--json", "--on-duplicate", "create")).stdout)).toMatchObject({
    created: 3,
    invalid: 1,
  });
  expect(JSON.parse((await run("--again", "--json", "--match", "external_id")).stdout)).toMatchObject({
    created: 1,
    skipped: 2,
  });
});

it("matches on several fields together as --match says, and refuses those that are none", async () => {
  const { import: run } = await desk("Prénom,Nom,E-mail\nAnna,Berg,a@x.fr\nanna,BERG,b@x.fr\nAnna,Carlsson,c@x.fr\n");
  const { exitCode, stderr } = await run("--match", "first_name+nix");
  expect(exitCode).toBe(2);
  expect(stderr).toContain('--match "nix" is not a field. The fields are: external_id, ');
  expect(JSON.parse((await run("--json", "--match", "first_name + last_name")).stdout)).toMatchObject({
    created: 2,
    skipped: 1,
  });
  const other = await run("--again", "--json", "--match", "email,first_name+last_name");
  expect(JSON.parse(other.stdout)).toMatchObject({ created: 1, skipped: 2 });
});

it("only updates, or only adds, as --mode says", async () => {
  const { import: run, rows } = await desk();
  expect(JSON.parse((await run("--json", "--mode", "update_only")).stdout)).toMatchObject({ created: 0, skipped: 3 });
  expect(JSON.parse((await run("--again", "--json", "--mode", "append")).stdout)).toMatchObject({ created: 3 });
  expect(JSON.parse((await run("--again", "--json", "--mode", "update_only")).stdout)).toMatchObject({
    created: 0,
    skipped: 0,
    invalid: 1,
  });
  expect(await rows("select count(*)::int as n from leads")).toEqual([{ n: 3 }]);
  const unfed = await desk("Prénom,Notes\nAnna,x\n");
  const refused = await unfed.import("--mode", "update_only");
  expect(refused.exitCode).toBe(2);
});

it("assigns owners as --assign says", async () => {
  const { import: run, rows } = await desk("external_id,sales\n1,anna@x.fr\n2,Bo Roux\n3,\n");
  await rows("insert into profiles (email, full_name) values ('anna@x.fr', 'Anna'), ('bo@x.fr', 'Bo Roux')");
  const owners = async (): Promise<unknown[]> => {
    const found = await rows("select p.email from leads l left join profiles p on p.id = l.assigned_to order by l.id");
    await rows("truncate leads");
    return found.map(({ email }) => email);
  };
  await run("--assign", "single:bo roux");
  expect(await owners()).toEqual(["bo@x.fr", "bo@x.fr", "bo@x.fr"]);
  await run("--again", "--assign", "round-robin:anna@x.fr,bo@x.fr:2");
  expect(await owners()).toEqual(["anna@x.fr", "bo@x.fr", "bo@x.fr"]);
  await run("--again", "--assign", "column:Sales");
  expect(await owners()).toEqual(["anna@x.fr", "bo@x.fr", null]);
  await run("--again", "--assign", "column:sales|Anna");
  expect(await owners()).toEqual(["anna@x.fr", "bo@x.fr", "anna@x.fr"]);
});

/** Flags that a person must correct, and what the message says. */
const wrongFlags: [string[], RegExp][] = [
  [["--assign", "single:nobody"], /nobody in profiles is called "nobody"/],
  [["--assign", "round-robin:Anna:0"], /weight from 1 to 100/],
  [["--assign", "column:Nope"], /no column "Nope".*Référence, Prénom/],
  [["--assign", "lottery:Anna"], /must be none, single:WHO/],
  [["--match", "nope"], /"nope" is not a field.*external_id/],
  [["--match", "email,company"], /"company".*no column feeds it/],
  [["--map", "Nope=email"], /no column "Nope".*Référence, Prénom, E-mail/],
  [["--map", "Ville=nope"], /no field "nope".*postal_code/],
  [
    ["--map", "Ville=email", "--map", "E-mail=email"],
    /^Two columns are mapped to the field "email"\. .* Correct --map "E-mail=email"/,
  ],
  [["--map", "Ville=city:xyz"], /one of dmy, mdy/],
  [["--map", "Ville"], /"Column=field"/],
  [["--on-duplicate", "merge"], /Allowed choices are skip, update, create/],
  [["--context", "tenant"], /form name=value/],
  [["--encoding", "klingon"], /"klingon" is not an encoding.*utf-8, windows-1252/],
  [["--sheet", "1"], /^This file is CSV, which has no sheets\. Omit --sheet\.$/m],
  [["--delimiter", "five."], /one to four ASCII characters/],
  [["--header-row", "x"], /row number/],
  [["--nonsense"], /unknown option '--nonsense'/],
];

it("exits with 2 and says what to pass for flags that cannot be followed", async () => {
  const { import: run, rows } = await desk();
  for (const [flags, message] of wrongFlags) {
    const { exitCode, stdout, stderr } = await run(...flags);
    expect({ flags, exitCode, stdout, stderr }).toEqual({
      flags,
      exitCode: 2,
      stdout: "",
      stderr: expect.stringMatching(message),
    });
  }
  expect(await rows("select id from sluice.import_jobs")).toEqual([]);
});

it("feeds fields as --map says, leaves columns out, and reads dialects as told", async () => {
  const { import: run, rows } = await desk("x|y|z\n1|a@x.fr|Lyon\n");
  expect((await run("--map", "x=external_id", "--map", "z=", "--delimiter", "|", "--header-row", "1")).exitCode).toBe(
    0,
  );
  expect(await rows("select external_id, email, city from leads")).toEqual([
    { external_id: "1", email: null, city: null },
  ]);
});

it("exits with 2 on a doubtful mapping, says what to pass, and takes it with --yes", async () => {
  const { import: run, rows } = await desk("Email;Mail;Vile\na@x.fr;b@x.fr;Lyon\n");
  const asked = await run();
  expect({ exitCode: asked.exitCode, stdout: asked.stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(asked.stderr).toContain('--map "Vile=city"');
  expect(asked.stderr).toContain("--yes");
  expect((await run("--yes")).exitCode).toBe(0);
  expect(await rows("select email, city from leads")).toEqual([{ email: "a@x.fr", city: "Lyon" }]);
});

it("exits with 2 when nothing feeds what a row needs", async () => {
  const { exitCode, stderr } = await (await desk("Ville\nLyon\n")).import("--yes");
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/No column feeds: email \| phone \| external_id\.\n.*--map "Column=email"/s);
});

it("reads standard input as -, and puts the reasons in the language of --lang", async () => {
  const { url } = await freshDatabase();
  const cwd = await freshFolder();
  const { exitCode, stdout } = await runInProcess(["import", "leads", "-", "--json", "--lang", "fr"], {
    cwd,
    url,
    input: text,
  });
  expect(exitCode).toBe(0);
  const report = await readFile(JSON.parse(stdout).rejectedRowsFile, "utf8");
  const [head, row] = report.split("\r\n");
  expect(head).toBe("\ufeffSluice : ligne;Sluice : motif;Référence;Prénom;E-mail;Téléphone;Ville");
  expect(row).toBe(`3;${fr.issues.email_invalid.replace("{field}", "E-mail")};R2;Bo;bo@x;;Nice`);
});

it("names the ways to feed a required field, and takes each of them", async () => {
  const { url, database } = await freshDatabase();
  const cwd = await freshFolder();
  await database.query(
    sql`create table people (id serial primary key, first_name text not null, city text, source text not null)`,
  );
  await writeFile(
    join(cwd, "sluice.config.ts"),
    `import { defineImporter, field } from ${JSON.stringify(new URL("../../src/index.ts", import.meta.url).href)};
     const people = defineImporter({
       name: "people",
       fields: { first_name: field.text({ required: true }), city: field.text(), source: field.text({ required: true }) },
       target: { table: "people" },
     });
     export default { importers: [people] };`,
  );
  await writeFile(join(cwd, "people.csv"), "Nom;Ville\nAnna Berg;\nBo Öst;Lyon\n");
  const run = (...args: string[]): Promise<InProcessResult> =>
    runInProcess(["import", "people", join(cwd, "people.csv"), ...args], { cwd, url });
  const refused = await run();
  expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining(`--map "'text'=first_name"`)]);
  const maps = ["Nom[first]=first_name", "Ville|'Paris'=city", "'Salon'=source"].flatMap((map) => ["--map", map]);
  expect(await run(...maps)).toMatchObject({ exitCode: 0 });
  expect(await database.query(sql`select first_name, city, source from people order by id`)).toEqual([
    { first_name: "Anna", city: "Paris", source: "Salon" },
    { first_name: "Bo", city: "Lyon", source: "Salon" },
  ]);
});

it("reads rows and cells as they are said to be taken", async () => {
  const { import: run, rows } = await desk(`Référence;Prénom;E-mail;Ville\n R1 ;NULL;anna@x.fr; Le  Mans \n`);
  expect((await run("--null", "NULL", "--no-trim")).exitCode).toBe(0);
  const read = "select external_id, first_name, city from leads order by id desc limit 1";
  expect(await rows(read)).toEqual([{ external_id: " R1 ", first_name: null, city: " Le  Mans " }]);
  expect((await run("--again", "--on-duplicate", "create", "--trim", "--quote", "none")).exitCode).toBe(0);
  expect(await rows(read)).toEqual([{ external_id: "R1", first_name: "NULL", city: "Le Mans" }]);
});

it("refuses flags that say nothing of a file", async () => {
  const { import: run } = await desk();
  const wrong = [
    [["--quote", "x"], /Allowed choices are ", ', none/],
    [["--short-rows", "cut"], /Allowed choices are pad, reject/],
    [["--totals", "sum"], /Allowed choices are skip, keep/],
    [["--null", " "], /--null must be a word: a cell of nothing is blank already/],
  ] as const;
  for (const [args, says] of wrong)
    expect(await run(...args)).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(says) });
});
