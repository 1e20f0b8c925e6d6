/** What people really hand over: each gets a clear error, or an issue that names its row. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { runInProcess } from "../run-in-process.ts";

const junk = Buffer.from(Array.from({ length: 5000 }, (_, k) => (k * 7919 + (k >> 3)) % 32));

/** Files that cannot be imported, and what is said. */
const refused: [string, string | Uint8Array | null, RegExp][] = [
  ["an empty file", "", /file is empty: it has no header and no rows|is empty/],
  ["empty lines", "\n\r\n\n", /only empty lines/],
  ["a byte order mark alone", "\ufeff", /empty/],
  ["binary junk", junk, /not a text file/],
  ["a workbook that is cut", Buffer.concat([Buffer.from("PK\x03\x04"), junk]), /file\.csv is damaged: it is truncated/],
  ["a page called CSV", "<html><table><tr><td>x</td></tr></table>", /file\.csv is an HTML page.*save it as XLSX/],
  ["a PDF", "%PDF-1.7\n1 0 obj\n", /a PDF/],
  ["a missing file", null, /There is no file .*missing\.csv/],
];

it("refuses what is no table, with a message that says what it is", async () => {
  const { url, database } = await freshDatabase();
  const cwd = await freshFolder();
  for (const [what, content, message] of refused) {
    const path = join(cwd, content === null ? "missing.csv" : "file.csv");
    if (content !== null) await writeFile(path, content);
    const { exitCode, stdout, stderr } = await runInProcess(["import", "leads", path, "--json"], { cwd, url });
    expect({ what, exitCode, stdout, stderr }).toEqual({
      what,
      exitCode: 1,
      stdout: "",
      stderr: expect.stringMatching(message),
    });
    expect(stderr).not.toMatch(/\n {4}at /);
  }
  await mkdir(join(cwd, "folder"));
  for (const command of [["import", "leads"], ["inspect"], ["read"]]) {
    const { exitCode, stderr } = await runInProcess([...command, join(cwd, "folder")], { cwd, url });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringMatching(/folder is a directory/) });
  }
  expect(await database.query(sql`select id from sluice.import_jobs`)).toEqual([]);
});

it("completes a file of a header alone with 0 rows, and says so", async () => {
  const { url } = await freshDatabase();
  const cwd = await freshFolder();
  const path = join(cwd, "header.csv");
  await writeFile(path, "email;Nom\r\n");
  const { exitCode, stdout } = await runInProcess(["import", "leads", path], { cwd, url });
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: expect.stringMatching(/completed: 0 rows[\s\S]* 0 {2}created/),
  });
});

/** UTF-16 little-endian with the high half of a pair alone. */
const loneSurrogate = Buffer.concat([
  Buffer.from("\ufeffexternal_id,city\n1,Ly", "utf16le"),
  Buffer.from([0x3d, 0xd8]),
  Buffer.from("on\n2,Nice\n", "utf16le"),
]);

/** Files that come in with issues: `[what, content, created, issues by row]`. */
const flagged: [string, string | Uint8Array, number, [number, string | null, string][]][] = [
  [
    "a quote that never closes at the end",
    'external_id,city\n1,Lyon\n2,"Ni, ce\n3,Brest',
    2,
    [[3, null, "quote_unclosed"]],
  ],
  ["a quote that never closes in a row that has its cells", 'external_id,city\n1,Lyon\n2,"Nice\n', 2, []],
  ["NUL bytes", "external_id,city\n1,Ly\0on\n2,Nice\n", 1, [[2, "city", "nul_character"]]],
  ["a lone surrogate", loneSurrogate, 1, [[2, "city", "encoding_invalid"]]],
  [
    "rows with too few and too many cells",
    "external_id,city,notes\n1,Lyon\n2,Nice,x,y\n3,Brest,,\n",
    1,
    [
      [2, null, "row_too_short"],
      [3, null, "row_too_long"],
    ],
  ],
  ["a column called __proto__ and an empty one", "__proto__,,external_id,constructor\nx,y,1,z\n", 1, []],
  ["two columns of the same name, the first taken", "external_id,city,city\n1,Lyon,Nice\n", 1, []],
];

it("takes in what is damaged in places, and names the row of each damage", async () => {
  const { url, database } = await freshDatabase();
  const cwd = await freshFolder();
  for (const [what, content, created, issues] of flagged) {
    const path = join(cwd, "file.csv");
    await writeFile(path, content);
    const { exitCode, stdout, stderr } = await runInProcess(
      ["import", "leads", path, "--json", "--yes", "--on-duplicate", "create"],
      { cwd, url },
    );
    expect({ what, exitCode, stderr }).toEqual({ what, exitCode: 0, stderr: "" });
    const summary = JSON.parse(stdout);
    const found = await database.query(sql`
      select row_no, issue ->> 'f' as field, issue ->> 'c' as code from sluice.import_rows, jsonb_array_elements(issues) issue where job_id = ${summary.id} order by 1
    `);
    expect({ what, created: summary.created, issues: found }).toEqual({
      what,
      created,
      issues: issues.map(([row_no, field, code]) => ({ row_no, field, code })),
    });
    expect(summary.created + summary.invalid).toBe(summary.rows);
  }
  expect(await database.query(sql`select city from leads where external_id = '1' order by id desc limit 1`)).toEqual([
    { city: "Lyon" },
  ]);
});

it("says which columns are doubtful where two have the name of a field", async () => {
  const { url } = await freshDatabase();
  const cwd = await freshFolder();
  const path = join(cwd, "file.csv");
  await writeFile(path, "external_id,city,city\n1,Lyon,Nice\n");
  const { exitCode, stderr } = await runInProcess(["import", "leads", path], { cwd, url });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: expect.stringMatching(/"city": another column could feed city too/),
  });
});

it("reports a database that is down, that lets nobody in, or that does not exist", async () => {
  const { url } = await freshDatabase();
  const cwd = await freshFolder();
  const path = join(cwd, "file.csv");
  await writeFile(path, "email\na@x.fr\n");
  const changed = (change: (to: URL) => void): string => {
    const to = new URL(url);
    change(to);
    return to.href;
  };
  const cases: [string, RegExp][] = [
    [changed((to) => (to.port = "1")), /^The database does not respond: .*ECONNREFUSED.*DATABASE_URL correct\?\n$/],
    [changed((to) => (to.hostname = "nowhere.invalid")), /^The database does not respond: .*nowhere\.invalid/],
    [
      changed((to) => (to.password = "wrong")),
      /^The database rejected this user and password: .*Correct DATABASE_URL\.\n$/,
    ],
    [changed((to) => (to.username = "nobody_here")), /^The database rejected this user/],
    [changed((to) => (to.pathname = "/nosuchdb")), /^There is no such database: .*"nosuchdb".*\n$/],
    ["mysql://x", /DATABASE_URL must begin with postgres:/],
  ];
  for (const [to, message] of cases) {
    const { exitCode, stdout, stderr } = await runInProcess(["import", "leads", path], { cwd, url: to });
    expect({ to, exitCode, stdout, stderr }).toEqual({
      to,
      exitCode: 1,
      stdout: "",
      stderr: expect.stringMatching(message),
    });
  }
});

it("says that a file has a header and no rows", async () => {
  const { url } = await freshDatabase();
  const cwd = await freshFolder();
  const says = async (...args: string[]): Promise<string> =>
    (await runInProcess(["import", "leads", "-", ...args], { cwd, url, input: "email,first_name\n" })).stdout;
  expect(await says("--dry-run")).toContain("a header but no rows below it: there is nothing to import.");
  expect(await says("--lang", "fr")).toContain("un en-tête, mais aucune ligne en dessous");
});
