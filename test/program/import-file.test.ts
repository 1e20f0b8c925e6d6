/** `importFile()` and `runImporter()`: an importer used from a program. */
import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Importer } from "../../src/core/importer.ts";
import { defineImporter, field } from "../../src/index.ts";
import type { ImportedFile } from "../../src/program/choices.ts";
import type { ImportFileOptions } from "../../src/program/import-file.ts";
import { importFile } from "../../src/program/index.ts";
import { type RunImporterOptions, runImporter } from "../../src/program/testing.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";

const people = defineImporter({
  name: "people",
  fields: {
    email: field.email({ required: true }),
    name: field.text({ aliases: { fr: ["Nom"] } }),
    age: field.integer(),
  },
  context: { tenant_id: { type: "integer", from: () => "7" } },
  match: { keys: ["email"], onDuplicate: "update" },
  target: { table: "people" },
});

async function open() {
  const { url } = await freshDatabase();
  // The smallest pool there is: Sluice brings connections of its own.
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  // The test's database may go before an idle connection has ended.
  pool.on("error", () => {});
  onTestFinished(() => pool.end());
  await pool.query(`
    create table people (id bigint generated always as identity primary key, tenant_id integer not null, email text not null,
      name text, age integer check (age < 200), unique (tenant_id, email));
    create table log (what text);
    create function note() returns trigger language plpgsql as $$ begin insert into log values (new.email); return new; end $$;
    create trigger note after insert on people for each row execute function note();
    insert into people (tenant_id, email, name) values (7, 'ann@example.org', 'Anne'), (8, 'ann@example.org', 'Other');`);
  const options = { db: pool, dataDir: await freshFolder(), context: { tenant_id: 7 }, logLevel: "silent" };
  const rows = async () => (await pool.query("select tenant_id, email, name, age from people order by id")).rows;
  const left = async () =>
    (
      await pool.query(
        "select (select count(*)::int from sluice.import_jobs) as jobs, (select count(*)::int from log) as log",
      )
    ).rows[0];
  return { pool, url, options, rows, left };
}

const csv = "Email,Nom,Age\nann@example.org,Ann,30\nbo@example.org,Bo,31\nnobody,No,1\nold@example.org,Old,900\n";
const counts = { created: 1, updated: 1, unchanged: 0, skipped: 0, invalid: 1, failed: 1 };

describe("importFile", () => {
  it("imports a file by a pool, and tells what came of it and how far it is", async () => {
    const { options, rows } = await open();
    const path = join(options.dataDir, "people.csv");
    await writeFile(path, csv);
    const steps: string[] = [];
    const report = await importFile(people, path, { ...options, onProgress: ({ step }) => void steps.push(step) });
    expect(report).toMatchObject({
      id: 1,
      importer: "people",
      fileName: "people.csv",
      status: "completed",
      rows: 4,
      counts,
    });
    expect(report.mapping).toEqual([
      { column: "Email", field: "email" },
      { column: "Nom", field: "name" },
      { column: "Age", field: "age" },
    ]);
    expect(report.issues.map(({ code, field: name, count }) => [code, name, count]).sort()).toEqual([
      ["database_check", null, 1],
      ["email_invalid", "email", 1],
    ]);
    expect(report.rejectedRowsFile).toMatch(/-rejected\.csv$/);
    expect([...new Set(steps)]).toEqual(expect.arrayContaining(["reading", "committing"]));
    expect(await rows()).toEqual([
      { tenant_id: 7, email: "ann@example.org", name: "Ann", age: 30 },
      { tenant_id: 8, email: "ann@example.org", name: "Other", age: null },
      { tenant_id: 7, email: "bo@example.org", name: "Bo", age: 31 },
    ]);
  });

  it("counts the same in a dry run, and leaves nothing", async () => {
    const { options, rows, left } = await open();
    const before = await rows();
    const report = await importFile(people, Buffer.from(csv), { ...options, dryRun: true, fileName: "people.csv" });
    expect(report).toMatchObject({ id: null, status: "dry_run", rows: 4, counts, rejectedRowsFile: null });
    expect(report.changes?.samples).toMatchObject([
      { row: 2, changes: [{ field: "name", from: "Anne", to: "Ann" }, { field: "age" }] },
    ]);
    expect([await rows(), await left()]).toEqual([before, { jobs: 0, log: 2 }]);
  });

  it("takes a file: address, bytes, a Blob and a stream", async () => {
    const { url, options, rows } = await open();
    const { db: _, ...others } = options;
    const path = join(options.dataDir, "people.csv");
    await writeFile(path, csv);
    const stream = (async function* () {
      yield Buffer.from(csv.slice(0, 20));
      yield Buffer.from(csv.slice(20));
    })();
    // One that was told an encoding gives text.
    const text = createReadStream(path, "utf8");
    for (const file of [pathToFileURL(path), new Uint8Array(Buffer.from(csv)), new Blob([csv]), stream, text])
      expect((await importFile(people, file, { ...others, databaseUrl: url, again: true })).status).toBe("completed");
    expect(await rows()).toHaveLength(3);
  });

  it("refuses the same file twice with the import's number, and imports it for another tenant", async () => {
    const { options, rows } = await open();
    await importFile(people, Buffer.from(csv), options);
    await expect(importFile(people, Buffer.from(csv), options)).rejects.toMatchObject({
      code: "conflict",
      importId: 1,
      message: expect.stringMatching(/imported already: import 1, .* Pass again: true/),
    });
    await importFile(people, Buffer.from(csv), { ...options, context: { tenant_id: 9 } });
    expect((await rows()).filter(({ tenant_id }) => tenant_id === 9)).toHaveLength(2);
  });

  it("goes on with an import that was stopped, asked for likewise; refuses other choices for it", async () => {
    const { options } = await open();
    const stop = new AbortController();
    const onEvent = ({ name }: { name: string }) => {
      if (name === "parse.finished") stop.abort(new Error("enough"));
    };
    await expect(importFile(people, Buffer.from(csv), { ...options, signal: stop.signal, onEvent })).rejects.toThrow(
      "enough",
    );
    await expect(importFile(people, Buffer.from(csv), { ...options, onDuplicate: "skip" })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/begun with other options: there onDuplicate is "update"/),
    });
    expect(await importFile(people, Buffer.from(csv), options)).toMatchObject({ id: 1, counts });
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      "a misspelt option",
      { onDuplicat: "skip" },
      /importFile: there is no option "onDuplicat"\. Did you mean "onDuplicate"\?/,
    ],
    ["no database", { db: undefined }, /importFile needs a database/],
    ["a pool and an address", { databaseUrl: "postgres://x" }, /leave `databaseUrl` and `embedded` away/],
    ["a pool that is none", { db: {} }, /`db` must be a Pool of the package pg/],
    ["a column that is not there", { mapping: { "E-mial": "email" } }, /no column "E-mial"\. Did you mean "Email"\?/],
    ["a field without its column", { mapping: { Email: null } }, /No column feeds: .*mapping: \{ "Column": "field" \}/],
    ["no context", { context: {} }, /needs the context value "tenant_id"\. Pass it: context: \{ tenant_id: … \}/],
    ["a context that is none of its values", { context: { tenant_id: 7, wheel: 1 } }, /no context value "wheel"/],
    ["a context that is null", { context: null }, /`context` must be an object/],
    ["a context value that is an object", { context: { tenant_id: { id: 7 } } }, /`context\.tenant_id` must be text/],
    ["a word for a dry run", { dryRun: "false" }, /`dryRun` must be true or false/],
    ["a number for once more", { again: 0 }, /`again` must be true or false/],
    ["a word for accepting doubts", { acceptDoubts: "no" }, /`acceptDoubts` must be true or false/],
    ["a progress that is none", { onProgress: "log" }, /`onProgress` must be a function/],
    ["a listener that is none", { onEvent: {} }, /`onEvent` must be a function/],
    ["a logger that is none", { logger: {} }, /`logger` has no `debug\(\)`/],
    ["a signal that is none", { signal: "stop" }, /`signal` must be an AbortSignal/],
    ["a user without a name", { user: "" }, /`user` must be text/],
    ["a name of a file that no database holds", { fileName: "a\0.csv" }, /`fileName` must be text, without NUL/],
    ["a list for a mapping", { mapping: ["Email"] }, /`mapping` must be an object/],
    ["a number for a column's field", { mapping: { Email: 5 } }, /`mapping\.Email` must be a field's name/],
    ["a text for a value's source", { values: { name: "Ann" } }, /`values\.name` must be an object whose `kind`/],
    ["a text for keys", { match: "email" }, /`match` must be a list of fields/],
  ])("refuses %s", async (_what, more, message) => {
    const { options } = await open();
    const given = { ...options, ...more } as ImportFileOptions;
    await expect(importFile(people, Buffer.from(csv), given)).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringMatching(message),
    });
  });

  it.each<[string, unknown, RegExp]>([
    ["another kind of address", new URL("https://x.example/people.csv"), /must be a path, a file: address/],
    ["an empty path", "", /must be a path/],
    ["a path with a NUL", "a\0b.csv", /must be a path/],
    ["a list", [1, 2], /must be a path/],
    ["nothing", null, /must be a path/],
    ["a stream of objects", Readable.from([{ email: "ann@example.org" }]), /must give bytes, and gave .* object/],
  ])("refuses %s for a file", async (_what, file, message) => {
    const { options } = await open();
    await expect(importFile(people, file as ImportedFile, options)).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringMatching(message),
    });
  });

  it("imports whatever its program's callbacks and log throw", async () => {
    const { options, rows } = await open();
    const lines: [string, unknown, unknown][] = [];
    const log = (fields: { listener?: unknown; reason?: unknown }, text: string) => {
      lines.push([text, fields.listener, fields.reason]);
      throw new Error("the log is full");
    };
    const { status } = await importFile(people, Buffer.from(csv), {
      ...options,
      logger: { debug: log, info: log, warn: log, error: log },
      onEvent() {
        throw new Error("the counter is away");
      },
      onProgress: (async () => {
        throw new Error("the bar is gone");
      }) as () => void,
    });
    expect([status, (await rows()).length]).toEqual(["completed", 3]);
    expect(lines).toContainEqual(["listener.failed", "onEvent", "the counter is away"]);
    expect(lines).toContainEqual(["listener.failed", "onProgress", "the bar is gone"]);
  });
});

describe("runImporter", () => {
  it("tells what becomes of each row, shows the records, and leaves nothing", async () => {
    const { options, rows, left } = await open();
    const { dataDir: _, ...given } = options;
    const before = await rows();
    const run = await runImporter(
      people,
      [
        { Email: "ann@example.org", Nom: "Ann", Age: 30 },
        { Email: "bo@example.org", Nom: "Bo" },
        { Email: "bo@example.org", Nom: "Bo", Age: 31 },
        { Email: "nobody" },
        { Email: "old@example.org", Age: 900 },
      ],
      { ...given, see: async (query) => (await query("select what from log order by what")).map(({ what }) => what) },
    );
    expect(run.actions.map(({ row, action }) => [row, action])).toEqual([
      [1, "updated"],
      [2, "created"],
      [3, "updated"],
      [4, "invalid"],
      [5, "failed"],
    ]);
    expect(run.issues).toEqual([
      { row: 4, field: "email", code: "email_invalid", severity: "error" },
      { row: 5, field: null, code: "database_check", severity: "error" },
    ]);
    expect(run.records).toMatchObject([
      { id: 1, tenant_id: 7, email: "ann@example.org", name: "Ann", age: 30 },
      { tenant_id: 7, email: "bo@example.org", name: "Bo", age: 31 },
    ]);
    expect(run.seen).toEqual(["ann@example.org", "ann@example.org", "bo@example.org"]);
    expect(Object.values(run.counts).reduce((a, b) => a + b)).toBe(5);
    expect([await rows(), await left()]).toEqual([before, { jobs: 0, log: 2 }]);
  });

  it("takes numbers as a driver reads them of a bigint column, and refuses what JSON has no form for", async () => {
    const { options } = await open();
    const given = { db: options.db, context: { tenant_id: 9 } };
    const { records } = await runImporter(people, [{ Email: "ann@example.org", Age: 31n }], given);
    expect(records).toMatchObject([{ email: "ann@example.org", age: 31 }]);
    const circular: Record<string, unknown> = { Email: "ann@example.org" };
    circular.Nom = circular;
    await expect(runImporter(people, [circular], given)).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringMatching(/^runImporter: the rows cannot be written as JSON/),
    });
    const see = "select 1" as unknown as RunImporterOptions["see"];
    await expect(runImporter(people, csv, { ...given, see })).rejects.toThrow("`see` must be a function");
  });

  it.each<[string, Partial<Importer>, RunImporterOptions["see"]]>([
    ["what looks at its tables", {}, (query) => query("/* done */ Commit")],
    [
      "a loader of several statements",
      {
        async load({ rows, target }, db) {
          await db.query(`insert into ${target} (tenant_id, email) select tenant_id, email from ${rows}; end`);
        },
      },
      undefined,
    ],
    [
      "a loader of one statement",
      {
        load: ({ rows, target }) =>
          `insert into ${target} (tenant_id, email) select tenant_id, email from ${rows}; commit`,
      },
      undefined,
    ],
  ])("leaves nothing where %s would end the transaction", async (_what, own, see) => {
    const { options, rows } = await open();
    const before = await rows();
    const given = { db: options.db, context: { tenant_id: 9 }, logLevel: "silent" };
    await expect(runImporter({ ...people, ...own } as Importer, csv, { ...given, see })).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringMatching(
        /own SQL contains "(?:commit|end)"\. It runs in Sluice's transaction|cannot run: cannot insert multiple commands/,
      ),
    });
    expect(await rows()).toEqual(before);
  });

  it("takes the text of a CSV file, by the file's row numbers", async () => {
    const { options, rows } = await open();
    const run = await runImporter(people, csv, { db: options.db, context: { tenant_id: 9 } });
    expect(run.actions.map(({ row, action }) => [row, action])).toEqual([
      [2, "created"],
      [3, "created"],
      [4, "invalid"],
      [5, "failed"],
    ]);
    expect(await rows()).toHaveLength(2);
  });
});
