/** `sluice jobs --server`: what a database tells, and what a running server tells of it, are the same. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type Client, createClient } from "../../src/client/index.ts";
import { resolveConfig } from "../../src/config.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import type { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { startServer } from "../../src/server/serve.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { type InProcessResult, runInProcess } from "../run-in-process.ts";

interface Desk {
  /** Of the server. */
  url: string;
  client: Client;
  database: Database;
  /** By the database. */
  local(...args: string[]): Promise<InProcessResult>;
  /** By the server, with the token in the environment. */
  remote(...args: string[]): Promise<InProcessResult>;
  import(text: string, name: string): Promise<void>;
}

/** A server with its worker, on a database of its own. */
async function openDesk(): Promise<Desk> {
  const { url: databaseUrl, database } = await freshDatabase();
  const cwd = await freshFolder();
  const environment = { DATABASE_URL: databaseUrl, SLUICE_DATA_DIR: cwd, LANG: "en", SLUICE_PORT: "0" };
  const server = await startServer(
    resolveConfig(environment, { importers: [leads] }, {}),
    { cwd, environment, flags: {} },
    { onEvent: () => {} },
  );
  onTestFinished(() => server.close());
  const local = (...args: string[]) => runInProcess(args, { cwd, env: environment });
  await local("users", "add", "Anna", "--admin");
  const token = (await local("tokens", "create", "shell", "--user", "Anna", "--role", "admin")).stdout.trim();
  return {
    url: server.url,
    database,
    client: createClient({ baseUrl: server.url, token }),
    local,
    // No database is named: the server's is not needed.
    remote: (...args) =>
      runInProcess([...args, "--server", server.url], { cwd: "/", env: { LANG: "en", SLUICE_TOKEN: token } }),
    async import(text, name) {
      const path = join(cwd, name);
      await writeFile(path, text);
      const { exitCode, stderr } = await local("import", "leads", path, "--yes", "--json");
      expect(exitCode, stderr).toBe(0);
    },
  };
}

/** Its rejected rows are a path here, an address there. */
const withoutPlace = (text: string): string => text.replace(/^(Rejected rows: ).*$/m, "$1…");

it("lists, shows and reports what the database does", async () => {
  const desk = await openDesk();
  await desk.import("email,city\na@x.fr,Lyon\nbad,Nice\na@x.fr,\n", "one.csv");
  await desk.import("email\nb@x.fr\n", "two.csv");
  const list = await desk.remote("jobs");
  expect(list).toEqual(await desk.local("jobs"));
  expect(list.stdout.split("\n").map((line) => line.slice(0, 6).trim())).toEqual(["2", "1", ""]);
  expect((await desk.remote("jobs", "list", "--limit", "1")).stdout).toBe(`${list.stdout.split("\n")[0]}\n`);

  const [there, here] = [await desk.remote("jobs", "show", "1"), await desk.local("jobs", "show", "1")];
  expect(withoutPlace(there.stdout)).toBe(withoutPlace(here.stdout));
  expect(there.stdout).toContain(`Rejected rows: ${desk.url}/api/v1/imports/1/rejected.csv`);
  const [thereJson, hereJson] = [
    JSON.parse((await desk.remote("jobs", "show", "1", "--json")).stdout),
    JSON.parse((await desk.local("jobs", "show", "1", "--json")).stdout),
  ];
  const known = ({ job: _, rejectedRowsFile: __, ...summary }: Record<string, unknown>) => summary;
  expect(known(thereJson)).toEqual(known(hereJson));
  expect(thereJson).toMatchObject({
    created: 1,
    skipped: 1,
    invalid: 1,
    job: { status: "completed", phase: "commit" },
  });

  for (const outcome of [[], ["--outcome", "skipped"], ["--outcome", "invalid,skipped"]]) {
    const report = await desk.remote("jobs", "report", "1", ...outcome);
    expect(report).toEqual(await desk.local("jobs", "report", "1", ...outcome));
    expect(report.stdout.split("\r\n").length).toBeGreaterThan(2);
  }
});

it("shows an undo as the database does", async () => {
  const desk = await openDesk();
  await desk.import("email,city\na@x.fr,Lyon\nb@x.fr,Nice\n", "one.csv");
  expect((await desk.local("undo", "1", "--yes")).exitCode).toBe(0);
  const there = await desk.remote("jobs", "show", "1");
  expect(there).toEqual(await desk.local("jobs", "show", "1"));
  expect(there.stdout).toMatch(/Undo of import 1\n\n +2 {2}deleted\n/);
  expect(JSON.parse((await desk.remote("jobs", "show", "1", "--json")).stdout).undo).toEqual(
    JSON.parse((await desk.local("jobs", "show", "1", "--json")).stdout).undo,
  );
});

it.each(["local", "remote"] as const)("leaves rows out and puts them back in (%s)", async (where) => {
  const desk = await openDesk();
  const { client } = desk;
  const upload = await client.upload(Buffer.from("email\na@x.fr\nnope\nc@x.fr\nd@x.fr\n"), { name: "one.csv" });
  const { id } = await client.imports.create({ uploadId: upload.id, importer: "leads", start: true });
  await client.imports.waitFor(id, { status: "ready" });
  const edit = async (verb: string, rows: string, ...more: string[]): Promise<[number, string]> => {
    const { exitCode, stdout, stderr } = await desk[where]("jobs", verb, String(id), "--rows", rows, ...more);
    return [exitCode, exitCode === 0 ? stdout : stderr];
  };
  expect(await edit("leave-out", "2,3-4")).toEqual([0, "3 rows were left out.\n"]);
  expect(await edit("put-back", "4")).toEqual([0, "1 row was put back in.\n"]);
  const [, json] = await edit("leave-out", "all", "--json");
  expect(JSON.parse(json)).toMatchObject({ changed: 2, leftOut: 2 });
  expect(await edit("put-back", "4-5")).toEqual([0, "2 rows were put back in.\n"]);
  for (const wrong of ["", "0", "3-2", "2;3", "x"])
    expect(await edit("leave-out", wrong)).toEqual([2, expect.stringMatching(/name rows by their numbers/)]);
  expect(await edit("leave-out", "2-20000,3")).toEqual([2, expect.stringMatching(/more than 10000 rows/)]);
  await client.imports.commit(id);
  await client.imports.waitFor(id, { status: "completed" });
  const { counts } = await client.imports.report(id);
  expect(counts).toMatchObject({ created: 2, skipped: 2, invalid: 0 });
  expect((await desk[where]("jobs", "report", String(id), "--outcome", "skipped")).stdout).toMatch(
    /\r\n2,This row was left out by hand\.,a@x\.fr\r\n3,This row was left out by hand\.,nope\r\n$/,
  );
});

it.each(["local", "remote"] as const)("pauses, resumes, retries and cancels (%s)", async (where) => {
  const desk = await openDesk();
  const { client, database } = desk;
  // Nothing can be written meanwhile: the worker stays in its first chunk.
  const holder = await database.pool.connect();
  onTestFinished(() => holder.release());
  await holder.query("begin; lock table leads in share mode");
  const upload = await client.upload(Buffer.from("email\na@x.fr\n"), { name: "one.csv" });
  const { id } = await client.imports.create({
    uploadId: upload.id,
    importer: "leads",
    start: true,
    options: { autoCommit: true },
  });
  await client.imports.waitFor(id, { status: "committing" });
  const act = async (action: string): Promise<[number, string]> => {
    const { exitCode, stdout, stderr } = await desk[where]("jobs", action, String(id), "--json");
    return [exitCode, exitCode === 0 ? JSON.parse(stdout).status : stderr];
  };
  const goesOn: unknown = [0, expect.stringMatching(/^(queued|committing)$/)];
  expect(await act("pause")).toEqual([0, "paused"]);
  expect((await desk.local("jobs", "show", String(id))).stdout).toMatch(/paused by /);
  expect(await act("retry")).toEqual([1, expect.stringMatching(/Import 1 is paused/)]);
  expect(await act("resume")).toEqual(goesOn);
  expect(await act("pause")).toEqual([0, "paused"]);
  await database.query(sql`update sluice.import_jobs set status = 'failed'`);
  expect(await act("retry")).toEqual(goesOn);
  expect(await act("cancel")).toEqual([0, "cancelled"]);
  expect(await act("cancel")).toEqual([1, expect.stringMatching(/Import 1 is cancelled/)]);
  expect((await desk[where]("jobs", "resume", String(id))).exitCode).toBe(1);
  await holder.query("rollback");
  expect(await database.query(sql`select from leads`)).toEqual([]);
});

it("takes the server's word for what is not there, or may not be seen", async () => {
  const desk = await openDesk();
  expect(await desk.remote("jobs")).toEqual({ exitCode: 0, stdout: "", stderr: "There are no imports yet.\n" });
  for (const args of [["show"], ["report"], ["pause"], ["cancel"]]) {
    expect(await desk.remote("jobs", ...args, "9")).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringMatching(
        /^There is no import 9, or it is not yours\. List them with: sluice jobs --server http/,
      ),
    });
  }
  await desk.import("email\na@x.fr\n", "one.csv");
  await desk.local("users", "add", "Bo");
  const token = (await desk.local("tokens", "create", "bo", "--user", "Bo")).stdout.trim();
  expect(await desk.remote("jobs", "show", "1", "--token", token)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/^There is no import 1, or it is not yours\./),
  });
});

it.each([
  ["a wrong token", ["--token", "sluice_wrong"], /does not accept this token.*sluice tokens create/],
  ["no token", ["--token", ""], /asks for a token: pass it with --token, or in SLUICE_TOKEN/],
])("says what to do about %s", async (_, flags, message) => {
  const desk = await openDesk();
  const { exitCode, stdout, stderr } = await desk.remote("jobs", ...flags);
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 1, stdout: "", stderr: expect.stringMatching(message) });
});

it("says so where no server answers, and where another one does", async () => {
  const other = createServer((_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>"));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const ask = () => runInProcess(["jobs", "--server", url], { cwd: "/" });
  expect(await ask()).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/answered 200, and not as Sluice/) });
  await new Promise((resolve) => other.close(resolve));
  other.closeAllConnections();
  expect(await ask()).toMatchObject({
    exitCode: 1,
    stderr: `No server answers at ${url}. Is it running (sluice serve), and is the address right?\n`,
  });
});

it.each([
  [["--server", "localhost:3000"], /not the address of a server, such as http/],
  [["--server", "http://x", "--database-url", "postgres://x"], /pass one of them/],
  [["--server", "http://x", "--data-dir", "x"], /pass one of them/],
  [["--token", "x"], /pass its address with --server/],
  [["--server", "http://x", "--limit", "0"], /--limit "0"/],
])("refuses %j", async (flags, message) => {
  expect(await runInProcess(["jobs", ...flags], { cwd: "/" })).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: expect.stringMatching(message),
  });
});

it("has no file of warnings by a server", async () => {
  expect(
    await runInProcess(["jobs", "report", "1", "--outcome", "warning", "--server", "http://127.0.0.1:1"], { cwd: "/" }),
  ).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/leave --server away/),
  });
});

it("prints the corrected file of an import under review, and writes it as a workbook", async () => {
  const { client, local, remote } = await openDesk();
  const { id: uploadId } = await client.upload(new Blob(["Email,City\nbo@,Lyon\neva@x.fr,Nîmes\n"]), {
    name: "one.csv",
  });
  const { id } = await client.imports.create({ uploadId, importer: "leads", start: true, acceptDoubts: true });
  await client.imports.waitFor(id, { status: "ready" });
  await client.imports.editCell(id, 2, { field: "email", value: "bo@x.fr" });
  const corrected = "\ufeffEmail,City\r\nbo@x.fr,Lyon\r\neva@x.fr,Nîmes\r\n";
  for (const sluice of [local, remote]) {
    expect(await sluice("jobs", "corrected", String(id))).toMatchObject({ exitCode: 0, stdout: corrected });
    const folder = await freshFolder();
    const [text, book] = [join(folder, "one.csv"), join(folder, "one.xlsx")];
    for (const output of [text, book])
      expect(await sluice("jobs", "corrected", String(id), "--output", output)).toMatchObject({
        exitCode: 0,
        stdout: "",
      });
    expect(await readFile(text, "utf8")).toBe(corrected);
    expect((await local("read", book)).stdout).toBe("Email,City\r\nbo@x.fr,Lyon\r\neva@x.fr,Nîmes\r\n");
    expect(await sluice("jobs", "corrected", String(id), "-o", book)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/one\.xlsx is there already\. Name another/),
    });
  }
  await client.imports.cancel(id);
  const folder = await freshFolder();
  for (const sluice of [local, remote]) {
    expect((await sluice("jobs", "corrected", String(id))).stderr).toMatch(/no longer kept/);
    const { stderr } = await sluice("jobs", "corrected", String(id), "--output", join(folder, "one.csv"));
    expect(stderr).toMatch(/no longer kept/);
  }
  // Nothing stands in the way of the next try.
  expect(await readdir(folder)).toEqual([]);
});
