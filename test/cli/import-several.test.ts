/** Several files in one go, and every sheet or file of one. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { utils, write } from "@e965/xlsx";
import { expect, it } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { zipOf } from "../corpus/zip-bytes.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { type InProcessResult, runInProcess } from "../run-in-process.ts";

interface Desk {
  sluice(...args: string[]): Promise<InProcessResult>;
  put(name: string, content: string | Uint8Array): Promise<string>;
  emails(): Promise<string[]>;
}

async function desk(): Promise<Desk> {
  const { url, database } = await freshDatabase();
  const cwd = await freshFolder();
  return {
    sluice: (...args) => runInProcess(args, { cwd, url }),
    async put(name, content) {
      await writeFile(join(cwd, name), content);
      return join(cwd, name);
    },
    emails: async () =>
      (await database.query(sql.raw<{ email: string }>("select email from leads order by email"))).map(
        ({ email }) => email,
      ),
  };
}

function workbook(sheets: Readonly<Record<string, unknown[][]>>, hidden: readonly string[] = []): Uint8Array {
  const book = utils.book_new();
  for (const [name, rows] of Object.entries(sheets)) utils.book_append_sheet(book, utils.aoa_to_sheet(rows), name);
  book.Workbook = { Sheets: Object.keys(sheets).map((name) => ({ name, Hidden: hidden.includes(name) ? 1 : 0 })) };
  return new Uint8Array(write(book, { type: "buffer", bookType: "xlsx" }));
}

const team = workbook(
  {
    May: [["E-mail"], ["may@x.fr"]],
    Empty: [],
    June: [["E-mail"], ["june@x.fr"], ["bo@x"]],
    Old: [["E-mail"], ["old@x.fr"]],
  },
  ["Old"],
);

it("imports several files, one after the other, each with a summary of its own", async () => {
  const { sluice, put, emails } = await desk();
  const paths = [await put("a.csv", "E-mail\na@x.fr\n"), await put("b.csv", "E-mail\nb@x.fr\nc@x.fr\n")];
  const { exitCode, stdout, stderr } = await sluice("import", "leads", ...paths, "--yes");
  expect(exitCode).toBe(0);
  expect(stdout.match(/Import \d \(leads\) completed: \d rows?/g)).toEqual([
    "Import 1 (leads) completed: 1 row",
    "Import 2 (leads) completed: 2 rows",
  ]);
  expect(stderr).toMatch(/1 of 2: a\.csv[\s\S]*2 of 2: b\.csv/);
  expect(await emails()).toEqual(["a@x.fr", "b@x.fr", "c@x.fr"]);
});

it("imports every sheet that can be seen and has rows, and goes on with those that were not through", async () => {
  const { sluice, put, emails } = await desk();
  const path = await put("team.xlsx", team);
  const { exitCode, stdout } = await sluice("import", "leads", path, "--all", "--yes", "--json");
  expect(exitCode).toBe(0);
  const summaries = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(summaries.map(({ status, rows }) => [status, rows])).toEqual([
    ["completed", 1],
    ["completed", 2],
  ]);
  expect(await emails()).toEqual(["june@x.fr", "may@x.fr"]);
  // A sheet of its own is an import of its own; the same one is none again.
  const again = await sluice("import", "leads", path, "--all", "--yes");
  expect(again.exitCode).toBe(4);
  expect(again.stderr).toMatch(
    /team\.xlsx, sheet "May": This file has been imported already[\s\S]*sheet "June": This file/,
  );
  expect((await sluice("import", "leads", path, "--sheet", "old", "--yes")).exitCode).toBe(0);
  expect((await sluice("import", "leads", path, "--sheet", "4", "--yes")).exitCode).toBe(4);
  expect(await emails()).toEqual(["june@x.fr", "may@x.fr", "old@x.fr"]);
});

it("imports every table of a zip archive, and says of each that cannot be why", async () => {
  const { sluice, put, emails } = await desk();
  const archive = zipOf([
    { name: "a.csv", content: "E-mail\na@x.fr\n" },
    { name: "scan.pdf", content: "%PDF-1.4" },
    { name: "notes.csv", content: "Colour,Size\nred,3\n" },
    { name: "team.xlsx", content: workbook({ May: [["E-mail"], ["may@x.fr"]] }) },
  ]);
  const { exitCode, stderr } = await sluice("import", "leads", await put("all.zip", archive), "--all", "--yes");
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/2 of 3: all\.zip, file "notes\.csv"\n+all\.zip, file "notes\.csv": /);
  expect(await emails()).toEqual(["a@x.fr", "may@x.fr"]);
});

it.each<[string, string[], RegExp]>([
  ["one sheet of all", ["team.xlsx", "--all", "--sheet", "May"], /--all imports every sheet and file/],
  ["all of standard input", ["-", "--all"], /--all needs a file/],
  ["standard input twice", ["-", "-"], /`-` can be given once/],
])("does not take %s", async (_, args, message) => {
  const { sluice, put } = await desk();
  const path = await put("team.xlsx", team);
  const given = args.map((arg) => (arg === "team.xlsx" ? path : arg));
  expect(await sluice("import", "leads", ...given)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(message),
  });
});
