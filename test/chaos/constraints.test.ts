/** What the user's table demands beyond the importer: rows that break it are isolated, however it is demanded. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { runChaos } from "./run-chaos.ts";

const rows = 10_000;
/** Numbers of the rows in the file: the header is row 1. */
const badRows = [7, 5003, 10_000];

type Lead = { reference: string; name: string; email: string; city: string; company: string };

async function leadsFile(folder: string, spoil: (lead: Lead, k: number) => Lead): Promise<string> {
  let text = "Reference,Last name,E-mail,City,Company\n";
  for (let row = 2; row <= rows + 1; row++) {
    const lead = {
      reference: `R${row}`,
      name: "Martin",
      email: `lead${row}@exemple.fr`,
      city: "Paris",
      company: `Company ${row}`,
    };
    const { reference, name, email, city, company } = badRows.includes(row) ? spoil(lead, badRows.indexOf(row)) : lead;
    text += `${reference},${name},${email},${city},${company}\n`;
  }
  const path = join(folder, "leads.csv");
  await writeFile(path, text);
  return path;
}

async function start(statements: readonly string[], spoil: (lead: Lead, k: number) => Lead) {
  const { url, database } = await freshDatabase();
  for (const statement of statements) await database.query(sql.raw(statement));
  const cwd = await freshFolder();
  const file = await leadsFile(cwd, spoil);
  const place = { url, cwd, env: { SLUICE_CHUNK_ROWS: "20000", SLUICE_LOG_LEVEL: "warn" } };
  return { database, place, args: ["import", "leads", file, "--yes", "--json", "--lang", "en"] };
}

const raising = (condition: string, timing = "before insert") => [
  `create function refuse() returns trigger language plpgsql as $$ begin
     if ${condition} then raise exception 'The application refuses %', new.email; end if; return new; end $$`,
  timing.startsWith("constraint")
    ? "create constraint trigger refuse after insert on leads deferrable initially deferred for each row execute function refuse()"
    : `create trigger refuse ${timing} on leads for each row execute function refuse()`,
];

describe("three rows of ten thousand", () => {
  it.each([
    [
      "a trigger",
      raising("new.last_name = 'Refused'"),
      (lead: Lead) => ({ ...lead, name: "Refused" }),
      "database_rejected",
      "failed",
    ],
    [
      "a deferred trigger",
      raising("new.last_name = 'Refused'", "constraint"),
      (lead: Lead) => ({ ...lead, name: "Refused" }),
      "database_rejected",
      "failed",
    ],
    [
      "a unique index on an expression",
      [
        "create unique index on leads (upper(company))",
        ...[0, 1, 2].map((k) => `insert into leads (company) values ('taken ${k}')`),
      ],
      (lead: Lead, k: number) => ({ ...lead, company: `Taken ${k}` }),
      "database_unique",
      "failed",
    ],
    [
      "a check",
      ["alter table leads add constraint somewhere check (city <> 'Nowhere')"],
      (lead: Lead) => ({ ...lead, city: "Nowhere" }),
      "database_check",
      "invalid",
    ],
    [
      "a foreign key",
      [
        "create table cities (name text primary key)",
        "insert into cities values ('Paris')",
        "alter table leads add foreign key (city) references cities (name)",
      ],
      (lead: Lead) => ({ ...lead, city: "Lyon" }),
      "database_foreign_key",
      "invalid",
    ],
    [
      "a length",
      ["alter table leads alter city type varchar(10)"],
      (lead: Lead) => ({ ...lead, city: "Saint-Remy-en-Bouzemont" }),
      "database_too_long",
      "invalid",
    ],
    [
      "not null",
      ["alter table leads alter last_name set not null"],
      (lead: Lead) => ({ ...lead, name: "" }),
      "database_not_null",
      "invalid",
    ],
    [
      "a unique index",
      [
        "create unique index on leads (company)",
        ...[0, 1, 2].map((k) => `insert into leads (company, last_name) values ('Taken ${k}', 'There')`),
      ],
      (lead: Lead, k: number) => ({ ...lead, company: `Taken ${k}` }),
      "database_unique",
      "invalid",
    ],
  ] as const)("that break %s are isolated, the rest goes in", async (_, statements, spoil, code, outcome) => {
    const { database, place, args } = await start(statements, spoil);
    const { exitCode, stdout, stderr } = await runChaos(args, place);
    expect(exitCode, stderr).toBe(0);
    const summary = JSON.parse(stdout);
    expect(summary).toMatchObject({ rows, created: rows - 3, [outcome]: 3, skipped: 0, status: "completed" });
    const found = await database.query<{ row: number; outcome: string; code: string }>(
      sql`select row_no as row, outcome, issues -> 0 ->> 'c' as code from sluice.import_rows order by 1`,
    );
    expect(found).toEqual(badRows.map((row) => ({ row, outcome, code })));
    const report = await readFile(summary.rejectedRowsFile, "utf8");
    expect(
      report
        .trim()
        .split("\r\n")
        .slice(1)
        .map((line) => Number(line.split(",")[0])),
    ).toEqual(badRows);
    for (const row of badRows) expect(report).toContain(`lead${row}@exemple.fr`);
    // What the catalogue knows is found before anything fails.
    expect(stderr.includes("chunk.halved")).toBe(outcome === "failed");
  });
});

it("a trigger that refuses every row pauses the import with its message; without it, resume ends it", async () => {
  const { database, place, args } = await start(raising("true"), (lead) => lead);
  const paused = await runChaos(args, place);
  expect(paused.exitCode, paused.stderr).toBe(3);
  expect(paused.stderr).toContain("The application refuses");
  expect(paused.stderr).toMatch(/sluice resume \d+/);
  const [job] = await database.query<{ status: string; message: string }>(
    sql`select status, error_message as message from sluice.import_jobs`,
  );
  expect(job).toMatchObject({ status: "paused", message: expect.stringContaining("The application refuses") });
  expect(await database.query(sql`select from leads`)).toEqual([]);
  expect(await database.query(sql`select from sluice.import_rows`)).toEqual([]);
  const again = await runChaos(["resume", "--json"], place);
  expect(again.exitCode, again.stderr).toBe(3);
  await database.query(sql`drop trigger refuse on leads`);
  const { exitCode, stdout, stderr } = await runChaos(["resume", "--json"], place);
  expect(exitCode, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ created: rows, failed: 0, status: "completed" });
});
