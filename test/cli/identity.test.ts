/** Which import a command goes on with: that of the same file in the same context, as it was begun. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { runInProcess } from "../run-in-process.ts";

const sluice = new URL("../../src/index.ts", import.meta.url).href;
const config = `
  import { defineConfig, defineImporter, field } from ${JSON.stringify(sluice)};
  const contacts = defineImporter({
    name: "contacts",
    fields: { email: field.email({ required: true }), name: field.text({}), phone: field.text({}) },
    context: { tenant_id: { type: "bigint", from: () => { throw new Error("asked on a command line"); } } },
    match: { keys: ["email"], onDuplicate: "update" },
    assign: { column: "owner_id", table: "sellers", by: ["email"], context: ["tenant_id"] },
    target: { table: "contacts" },
  });
  export const config = defineConfig({ importers: [contacts] });`;

const tables = `
  create table sellers (id int primary key, email text, tenant_id bigint);
  insert into sellers values (1, 'ann@x.fr', 1), (2, 'bo@x.fr', 1), (3, 'cy@x.fr', 2);
  create table contacts (id bigserial primary key, email text, name text, phone text, owner_id int, tenant_id bigint)`;

const csv = "Email;Nom\na@x.fr;A\nb@x.fr;B\n";

async function place() {
  const { url, database } = await freshDatabase();
  const folder = await freshFolder();
  await writeFile(join(folder, "sluice.config.ts"), config);
  await writeFile(join(folder, "people.csv"), csv);
  await database.query(sql.raw(tables));
  const run = (args: string[], options: { stopAt?: string } = {}) => {
    const stop = new AbortController();
    return runInProcess(["import", "contacts", join(folder, "people.csv"), "--map", "Nom=name", ...args], {
      cwd: folder,
      url,
      env: { SLUICE_DATA_DIR: folder },
      signal: stop.signal,
      onEvent: (event) => event.name === options.stopAt && stop.abort(new Error("Ctrl-C")),
    });
  };
  const records = () =>
    database.query<{ tenant: number; email: string; owner: number | null }>(
      sql`select tenant_id as tenant, email, owner_id as owner from contacts order by tenant_id, email`,
    );
  return { run, records, database };
}

const both = (tenant: number, owner: number | null = null) => [
  { tenant, email: "a@x.fr", owner },
  { tenant, email: "b@x.fr", owner },
];

it("makes another import of the same file for another tenant, and goes on with the first one's where it was", async () => {
  const { run, records } = await place();
  expect((await run(["--context", "tenant_id=1"], { stopAt: "match.started" })).exitCode).toBe(130);
  const second = await run(["--context", "tenant_id=2"]);
  expect([second.exitCode, second.stderr]).toEqual([0, expect.not.stringContaining("it goes on")]);
  expect(await records()).toEqual(both(2));
  // As it is kept, whatever it is written like.
  const first = await run(["--context", "tenant_id=001"]);
  expect([first.exitCode, first.stderr]).toEqual([0, expect.stringContaining("import 1, which is paused: it goes on")]);
  expect(await records()).toEqual([...both(1), ...both(2)]);
  expect((await run(["--context", "tenant_id=1"])).exitCode).toBe(4);
  expect((await run(["--context", "tenant_id=2"])).exitCode).toBe(4);
  expect((await run(["--context", "tenant_id=3"])).exitCode).toBe(0);
});

it.each([
  [["--on-duplicate", "skip"], "--on-duplicate is update"],
  [["--match", "email,name"], "--match is email"],
  [["--assign", "single:bo@x.fr"], "--assign is single:1"],
  [["--assign", "none"], "--assign is single:1"],
  [["--map", "Email="], '--map is "Email=email"'],
  [["--header-row", "0"], "--header-row is 1"],
  [["--delimiter", ","], "--delimiter is ;"],
  [["--quote", "none"], '--quote is "'],
  [["--null", "-"], "--null is NULL,n/a"],
  [["--trim"], "--trim is none"],
])("refuses %j for an unfinished import that was begun otherwise, and says the ways on", async (args, differs) => {
  const { run, records, database } = await place();
  const reading = ["--null", "NULL", "--null", "n/a", "--no-trim"];
  const begun = ["--context", "tenant_id=1", "--assign", "single:ann@x.fr", ...reading];
  expect((await run(begun, { stopAt: "match.started" })).exitCode).toBe(130);
  const answer = await run([...begun.slice(0, 2), ...args]);
  expect([answer.exitCode, answer.stderr]).toEqual([
    2,
    expect.stringContaining(`begun with other options: there ${differs}`),
  ]);
  expect(answer.stderr).toMatch(/sluice resume 1\..*--again/);
  expect(await records()).toEqual([]);
  expect(await database.query(sql`select count(*)::int as imports from sluice.import_jobs`)).toEqual([{ imports: 1 }]);
});

it("goes on where what is said is what was said, or nothing is", async () => {
  const { run, records } = await place();
  const reading = ["--null", "A", "--trim", "--short-rows", "pad", "--totals", "keep"];
  const begun = ["--context", "tenant_id=1", "--assign", "single:ann@x.fr", "--on-duplicate", "update", ...reading];
  expect((await run(begun, { stopAt: "match.started" })).exitCode).toBe(130);
  // An owner by another of their names, a dialect as it is.
  const same = ["--context", "tenant_id=1", "--assign", "single:1", "--delimiter", ";", "--match", "email", ...reading];
  expect((await run(same, { stopAt: "match.started" })).exitCode).toBe(130);
  expect((await run(["--context", "tenant_id=1"])).exitCode).toBe(0);
  expect(await records()).toEqual(both(1, 1));
});

it("imports the file anew with --again and other options", async () => {
  const { run, records } = await place();
  const begun = ["--context", "tenant_id=1", "--assign", "single:ann@x.fr"];
  expect((await run(begun, { stopAt: "match.started" })).exitCode).toBe(130);
  expect((await run(["--context", "tenant_id=1", "--assign", "single:bo@x.fr", "--again"])).exitCode).toBe(0);
  expect(await records()).toEqual(both(1, 2));
});

it("asks for the context before anything else, and never a `from`", async () => {
  const { run } = await place();
  const [missing, wrong] = [await run([]), await run(["--context", "tenant_id=one"])];
  expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringContaining("--context tenant_id=VALUE")]);
  expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining("not a valid bigint")]);
});
