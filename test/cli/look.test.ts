/** `sluice inspect`, `read`, `template`, `migrate` and `check`. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { runInProcess } from "../run-in-process.ts";

it("inspects a file: dialect, columns, and why each feeds what", async () => {
  const cwd = await freshFolder();
  const path = join(cwd, "f.csv");
  await writeFile(path, Buffer.from("Nom de famille;Courriel;Taille\r\nRoux;a@x.fr;41\r\nÉlan;b@x.fr;\r\n", "latin1"));
  const { exitCode, stdout, stderr } = await runInProcess(["inspect", path, "--json"], { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({
    file: "f.csv",
    dialect: {
      encoding: "windows-1252",
      delimiter: ";",
      lineEnding: "\r\n",
      headerRow: 1,
      columns: ["Nom de famille", "Courriel", "Taille"],
    },
    columns: [
      { header: "Nom de famille", filled: 2, distinct: 2 },
      { header: "Courriel", shares: { email: 1 } },
      { filled: 1, shares: { integer: 1 } },
    ],
    mapping: [
      { field: "last_name", reason: "alias" },
      { field: "email", reason: "alias" },
      { field: null, reason: "none" },
    ],
  });
  const text = await runInProcess(["inspect", "-", "--lang", "fr"], { cwd, input: "Nom;Courriel\nRoux;a@x.fr\n" });
  expect(text).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/delimiter ";"[\s\S]*Courriel +email/) });
  expect(await runInProcess(["inspect", path, "--importer", "nope"], { cwd })).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(
      /^There is no importer "nope"\. Available: leads, products, dealers, activities\. Add others to sluice\.config\.ts/,
    ),
  });
});

/** RFC 4180, read one character after the other: what the engine's reader is compared with. */
function readRfc4180(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[i + 1] === '"') cell += text[++i];
      else quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === ",") {
      row.push(cell);
      cell = "";
    } else if (char === "\r" && text[i + 1] === "\n") {
      rows.push([...row, cell]);
      row = [];
      cell = "";
      i++;
    } else cell += char;
  }
  return rows;
}

it("reads any dialect out as plain RFC 4180, or as one object a line", async () => {
  const cwd = await freshFolder();
  const path = join(cwd, "f.csv");
  const rows = [
    ["__proto__", 'with "quotes"', "two\nlines"],
    ["1;2", '"', "é\r\nè"],
    ["", "a,b", " spaced "],
    ["'x", "\t", "000"],
  ];
  await writeFile(
    path,
    `\ufeff${rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(";")).join("\n")}\n`,
  );
  const { exitCode, stdout, stderr } = await runInProcess(["read", path], { cwd });
  expect({ exitCode, stderr, rows: readRfc4180(stdout) }).toEqual({ exitCode: 0, stderr: "", rows });
  const limited = await runInProcess(["read", path, "--limit", "1"], { cwd });
  expect(readRfc4180(limited.stdout)).toEqual(rows.slice(0, 2));
  expect((await runInProcess(["read", path, "--limit", "0"], { cwd })).stdout.split("\r\n")).toHaveLength(2);
  const lines = await runInProcess(["read", path, "--format", "jsonl", "--limit", "2"], { cwd });
  expect(
    lines.stdout
      .trim()
      .split("\n")
      .map((line) => Object.entries(JSON.parse(line))),
  ).toEqual(rows.slice(1, 3).map((row) => row.map((cell, c) => [rows[0][c], cell])));
});

it("says how many rows are damaged, and refuses formats and limits that are none", async () => {
  const cwd = await freshFolder();
  const path = join(cwd, "f.csv");
  await writeFile(path, "a,b\n1\n1,2,3\n4,5\n");
  expect(await runInProcess(["read", path], { cwd })).toEqual({
    exitCode: 0,
    stdout: "a,b\r\n1\r\n1,2,3\r\n4,5\r\n",
    stderr: expect.stringMatching(/^2 rows with too few or too many cells/),
  });
  expect(await runInProcess(["read", path, "--format", "xml"], { cwd })).toMatchObject({
    exitCode: 2,
    stdout: "",
    stderr: expect.stringMatching(/"xml" is not one of: csv, jsonl/),
  });
  expect(await runInProcess(["read", path, "--limit", "x"], { cwd })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/"x" is not a number/),
  });
});

it.each(["en", "fr", "sv"])("gives a template in %s that is understood when it comes back filled in", async (lang) => {
  const { url } = await freshDatabase();
  const cwd = await freshFolder();
  const { stdout } = await runInProcess(["template", "leads", "--lang", lang], { cwd });
  const delimiter = lang === "en" ? "," : ";";
  const headers = stdout.trim().split(delimiter);
  expect(headers).toHaveLength(13);
  const row = headers.map((_, k) => ["R1", "Anna", "Roux", "a@x.fr", "0611111111"][k] ?? "").join(delimiter);
  const { exitCode, stdout: summary } = await runInProcess(["import", "leads", "-", "--json"], {
    cwd,
    url,
    input: `${stdout}${row}\r\n`,
  });
  expect({ exitCode, summary: JSON.parse(summary) }).toMatchObject({ exitCode: 0, summary: { rows: 1, created: 1 } });
  expect(await runInProcess(["template", "nope"], { cwd })).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/no importer "nope"/),
  });
});

it("migrates past a table of one's own that an importer of Sluice's would have, where no config asks for it", async () => {
  const { url, database } = await freshDatabase();
  const cwd = await freshFolder();
  await database.pool.query("create table products (sku text)");
  expect((await runInProcess(["migrate"], { cwd, url })).exitCode).toBe(0);
  expect((await database.pool.query("select to_regclass('dealers') as made")).rows).toEqual([{ made: "dealers" }]);
  await writeFile(
    join(cwd, "sluice.config.ts"),
    `import { products } from ${JSON.stringify(join(import.meta.dirname, "../../src/importers/index.ts"))};\nexport const config = { importers: [products] };\n`,
  );
  expect(await runInProcess(["migrate"], { cwd, url })).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/The table products is already there and does not fit/),
  });
});

it("migrates once, and checks that importers fit their tables", async () => {
  const { url, database } = await freshDatabase();
  const cwd = await freshFolder();
  expect(await runInProcess(["migrate"], { cwd, url })).toEqual({
    exitCode: 0,
    stdout: "The database is up to date.\n",
    stderr: "",
  });
  const checked = await runInProcess(["check", "--json"], { cwd, url });
  expect({
    exitCode: checked.exitCode,
    levels: JSON.parse(checked.stdout).map(({ level }: { level: string }) => level),
  }).toEqual({ exitCode: 0, levels: ["ok", "ok", "warning", "warning", "warning", "ok", "ok", "ok"] });
  const env = { APP_URL: "https://crm.example.com", QSTASH_TOKEN: "t", QSTASH_CURRENT_SIGNING_KEY: "sig" };
  const mounted = await runInProcess(["check"], { cwd, url, env });
  expect(mounted.exitCode).toBe(1);
  expect(mounted.stdout).toMatch(
    /^✓ queue: a mount takes qstash, since QSTASH_TOKEN is set and APP_URL is https:\/\/crm\.example\.com: QStash posts to https:\/\/crm\.example\.com\/api\/v1\/tasks\/parse, .*\n✗ queue: QSTASH_NEXT_SIGNING_KEY not set/,
  );
  const own = await freshFolder();
  await writeFile(join(own, "sluice.config.ts"), "export const config = { queue: () => { throw new Error(); } };\n");
  expect(await runInProcess(["check"], { cwd: own, url, env: { AWS_LAMBDA_FUNCTION_NAME: "f" } })).toMatchObject({
    exitCode: 1,
    stdout: expect.stringMatching(
      /^✓ queue: imports are woken by the `queue` of the config\.\n✗ queue: AWS Lambda keeps no files.*\n$/,
    ),
  });
  await database.pool.query(
    "drop schema sluice cascade; drop schema sluice_stage cascade; drop table leads, lead_history, profiles",
  );
  expect((await runInProcess(["migrate"], { cwd, url })).stdout).toMatch(/^Migrations applied: 1/);
  await database.pool.query("alter table leads drop column city");
  expect(await runInProcess(["check"], { cwd, url })).toMatchObject({
    exitCode: 1,
    stdout: expect.stringMatching(/✗ leads: The table leads is already there and does not fit/),
  });
  // A conflict of another kind than a file imported twice has no exit code of its own.
  await writeFile(join(cwd, "f.csv"), "email\na@x.fr\n");
  expect(await runInProcess(["import", "leads", join(cwd, "f.csv")], { cwd, url })).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/column city \(text\) is missing/),
  });
});

it("says what a file without a word seems to be, and what would come of it", async () => {
  const cwd = await freshFolder();
  const home = join(import.meta.dirname, "../../src/importers/yearwheel/activities.ts");
  await writeFile(
    join(cwd, "sluice.config.ts"),
    `import { activities } from ${JSON.stringify(home)};\nexport const config = { importers: [activities] };\n`,
  );
  const rows = Array.from({ length: 30 }, (_, k) => `Meeting ${k};2026-0${(k % 9) + 1}-03;R${k % 2}\n`).join("");
  const { stdout } = await runInProcess(["inspect", "-"], { cwd, input: `A;B;C\n${rows}` });
  const told = stdout.slice(stdout.indexOf("It may be:")).replaceAll(/ {2,}/g, "  ");
  expect(told).toBe(
    [
      "It may be:",
      "  A  activity?  Nearly every row has a value of its own.",
      "  B  start?  It holds days, the first is 2026-01-03.",
      "  C  ring?  Only 2 different values in 30 rows.",
      "",
      "What would come of it:",
      "  rings  2  One for each value of “C”.",
      "  items  ≥ 30  One at least for each row.",
      "  2026-01-03 – 2026-09-03  All days are in 2026.",
      "",
    ].join("\n"),
  );
});

it("inspects every row of a file with --whole", async () => {
  const cwd = await freshFolder();
  const path = join(cwd, "long.csv");
  const lines = Array.from({ length: 3000 }, (_, k) => `${k},${k < 2500 ? "" : `p${k}@x.fr`}`);
  await writeFile(path, `n,mail\n${lines.join("\n")}\n`);
  const columnsOf = async (...flags: string[]): Promise<{ rows: number; filled: number }[]> =>
    JSON.parse((await runInProcess(["inspect", path, "--json", ...flags], { cwd })).stdout).columns;
  expect((await columnsOf())[1]).toMatchObject({ rows: 1000, filled: 0 });
  expect((await columnsOf("--whole"))[1]).toMatchObject({ rows: 3000, filled: 500, kind: "email" });
});
