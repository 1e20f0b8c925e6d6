/** The command line as a process of its own: streams, exit codes, pipes. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder, runCli } from "../run-cli.ts";

const bin = fileURLToPath(new URL("../../bin/sluice.js", import.meta.url));

it("imports, refuses the same file with exit code 4 naming job and time, and imports it --again", async () => {
  const { url } = await freshDatabase();
  const cwd = await freshFolder();
  await writeFile(join(cwd, "leads.csv"), "email\na@x.fr\nb@x.fr\n");
  const run = (...flags: string[]) =>
    runCli(["import", "leads", "leads.csv", ...flags], { cwd, env: { DATABASE_URL: url } });
  const first = await run();
  expect({ exitCode: first.exitCode, escapes: (first.stdout + first.stderr).includes("\u001b") }).toEqual({
    exitCode: 0,
    escapes: false,
  });
  const second = await run();
  expect({ exitCode: second.exitCode, stdout: second.stdout }).toEqual({ exitCode: 4, stdout: "" });
  expect(second.stderr).toMatch(
    /imported already: import 1 by .+ on \d{4}-\d\d-\d\d \d\d:\d\d UTC, 2 records.*--again/,
  );
  const again = await run("--again", "--json");
  expect({ exitCode: again.exitCode, stderr: again.stderr, summary: JSON.parse(again.stdout) }).toMatchObject({
    exitCode: 0,
    stderr: "",
    summary: { id: 2, skipped: 2 },
  });
});

it("makes one import of a file that two commands bring at the same moment", async () => {
  const { url, database } = await freshDatabase();
  const cwd = await freshFolder();
  await writeFile(join(cwd, "leads.csv"), "email\na@x.fr\nb@x.fr\n");
  const run = () =>
    runCli(["import", "leads", "leads.csv", "--on-duplicate", "create", "--json"], { cwd, env: { DATABASE_URL: url } });
  const exitCodes = (await Promise.all([run(), run(), run()])).map(({ exitCode }) => exitCode);
  const [{ jobs, leads }] = await database.query<{ jobs: number; leads: number }>(
    sql`select (select count(*) from sluice.import_jobs) as jobs, (select count(*) from leads) as leads`,
  );
  expect({ jobs, leads }).toEqual({ jobs: 1, leads: 2 });
  // Who comes when it is through is refused; who comes before takes part.
  expect(exitCodes.filter((code) => code !== 0 && code !== 4)).toEqual([]);
  expect(exitCodes).toContain(0);
});

it("puts away a kept file that no import has claimed for a day", async () => {
  const { url } = await freshDatabase();
  const cwd = await freshFolder();
  await writeFile(join(cwd, "leads.csv"), "email\na@x.fr\n");
  const run = () => runCli(["import", "leads", "leads.csv", "--again"], { cwd, env: { DATABASE_URL: url } });
  await run();
  const [own] = await readdir(join(cwd, ".sluice", "files"));
  const uploads = join(cwd, ".sluice", "files", own);
  const yesterday = new Date(Date.now() - 25 * 3600 * 1000);
  await writeFile(join(uploads, "left-behind"), "x");
  await utimes(join(uploads, "left-behind"), yesterday, yesterday);
  await writeFile(join(uploads, "just-come"), "x");
  await run();
  expect(await readdir(uploads)).toEqual(["just-come"]);
});

it("ends quietly when its reader has seen enough", async () => {
  const cwd = await freshFolder();
  await writeFile(join(cwd, "long.csv"), `a,b\n${"x,y\n".repeat(400_000)}`);
  const child = spawn(process.execPath, [bin, "read", "long.csv"], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  await once(child.stdout, "data");
  child.stdout.destroy();
  const [exitCode] = await once(child, "close");
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
});

it("holds a cell of 100 MB in bounded memory and names the limit", async () => {
  const { url } = await freshDatabase();
  const cwd = await freshFolder();
  const pieces = [
    "external_id,notes\n1,a\n2,",
    ...Array.from({ length: 100 }, () => "x".repeat(1024 * 1024)),
    "\n3,c\n",
  ];
  await writeFile(join(cwd, "huge.csv"), pieces);
  const { exitCode, stdout } = await runCli(["import", "leads", "huge.csv", "--json"], {
    cwd,
    env: { DATABASE_URL: url },
  });
  const summary = JSON.parse(stdout);
  expect({ exitCode, summary }).toMatchObject({
    exitCode: 0,
    summary: { rows: 3, created: 2, invalid: 1, issues: [{ code: "row_too_large", count: 1 }] },
  });
  expect(summary.peakRssBytes).toBeLessThan(220e6);
  expect(await readFile(summary.rejectedRowsFile, "utf8")).toMatch(/^3,.*4 MiB.*,"?2,x/m);
});

it("reads a file of 10,000 columns in bounded memory", async () => {
  const { url } = await freshDatabase();
  const cwd = await freshFolder();
  const columns = Array.from({ length: 10_000 }, (_, k) => `column ${k}`);
  const line = (n: number): string =>
    columns.map((_, k) => (k === 9999 ? `p${n}@x.fr` : k % 7 === 0 ? `${n}` : "")).join(",");
  await writeFile(join(cwd, "wide.csv"), [
    `${columns.join(",")}\n`,
    ...Array.from({ length: 100 }, (_, n) => `${line(n)}\n`),
  ]);
  const { exitCode, stdout } = await runCli(["import", "leads", "wide.csv", "--json", "--map", "column 9999=email"], {
    cwd,
    env: { DATABASE_URL: url },
  });
  const summary = JSON.parse(stdout);
  expect({ exitCode, summary }).toMatchObject({ exitCode: 0, summary: { rows: 100, created: 100 } });
  expect(summary.peakRssBytes).toBeLessThan(220e6);
});

it.each([
  [["--help"], 0, /Usage: sluice/, ""],
  [["help", "import"], 0, /--on-duplicate/, ""],
  [["--version"], 0, /^\d+\.\d+\.\d+\n$/, ""],
  [["nonsense"], 2, /^$/, /unknown command 'nonsense'/],
  [["import", "leads"], 2, /^$/, /missing required argument 'files'/],
] as [string[], number, RegExp, string | RegExp][])(
  "answers %j with exit code %i",
  async (args, exitCode, stdout, stderr) => {
    const result = await runCli(args, { cwd: await freshFolder() });
    expect(result).toMatchObject({
      exitCode,
      stdout: expect.stringMatching(stdout),
      stderr: expect.stringMatching(stderr),
    });
  },
);

it("generates the same leads from the same seed, and imports what it generates", async () => {
  const { url } = await freshDatabase();
  const cwd = await freshFolder();
  const [first, second] = await Promise.all(
    [1, 2].map(() => runCli(["generate", "leads", "--rows", "50", "--seed", "7"], { cwd })),
  );
  expect(first.exitCode).toBe(0);
  expect(second.stdout).toBe(first.stdout);
  await runCli(["generate", "leads", "--rows", "50", "--seed", "7", "--out", "out.csv"], { cwd });
  expect(await readFile(join(cwd, "out.csv"), "utf8")).toBe(first.stdout);
  const { exitCode, stdout } = await runCli(["import", "leads", "-", "--json"], {
    cwd,
    input: first.stdout,
    env: { DATABASE_URL: url },
  });
  expect({ exitCode, summary: JSON.parse(stdout) }).toMatchObject({
    exitCode: 0,
    summary: { rows: 50, status: "completed" },
  });
});
