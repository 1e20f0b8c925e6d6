/**
 * One import that every kind of mishap is tried on: a file, the leads that are there before, and what an undisturbed run
 * makes of them. Made once per strategy and test file.
 */
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject } from "vitest";
import type { DuplicateStrategy } from "../../src/core/duplicates.ts";
import { generateLeads } from "../../src/importers/leads/generate.ts";
import { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { templateName, urlOf } from "../database-server.ts";
import { databaseFrom } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { storedFiles } from "../stored-files.ts";
import { eventsOf, type Place, runChaos } from "./run-chaos.ts";

/** What is compared: all that an import leaves behind, but for ids and times. */
export interface Outcome {
  leads: string[];
  history: string[];
  rows: string[];
  issues: string[];
  counts: Record<string, number>;
  report: string | null;
}

export interface Scenario {
  /** The command of the import. */
  args: string[];
  file: string;
  expected: Outcome;
  /** Events of an undisturbed run. */
  events: number;
  /** What it takes, start of the process included. */
  runMs: number;
  /** A place of its own for a test: the leads that were there before, and an empty folder. */
  place(): Promise<Place & { database: Database }>;
  /** Puts the leads that are there before into a database on another server. */
  seed(database: Database): Promise<void>;
  remove(): Promise<void>;
}

const anna = "11111111-1111-4111-8111-111111111111";
const bo = "22222222-2222-4222-8222-222222222222";

/** Rows that the generator makes; 300 are added by hand. */
const generatedRows = 6000;
const existingRows = 1400;

/**
 * Three rows of one kind: the first and the third share an e-mail, the second and the third a phone. In between lies
 * nearly the whole file, and so most of its chunks.
 */
function triples(place: "first" | "second" | "third"): string {
  let text = "";
  for (let k = 0; k < 100; k++) {
    const email = place === "second" ? "" : `triple${k}@exemple.fr`;
    const phone =
      place === "first"
        ? ""
        : `06 98 76 5${String(k)
            .padStart(3, "0")
            .replace(/^(.)(..)$/, "$1 $2")}`;
    text += `;Lou;${place} ${k};${email};${phone};;;;;;;\r\n`;
  }
  return text;
}

function scenarioFile(seed: number): string {
  const text = [...generateLeads({ rows: generatedRows, seed })].join("");
  const header = text.slice(0, text.indexOf("\r\n") + 2);
  return header + triples("first") + text.slice(header.length) + triples("second") + triples("third");
}

/** Two people to assign to, and leads some of whose keys are those of rows far below the ones that will change them. */
async function seedLeads(database: Database): Promise<void> {
  await database.query(sql`
    insert into profiles (id, email, full_name) values (${anna}, 'anna@exemple.fr', 'Anna'), (${bo}, 'bo@exemple.fr', 'Bo')
  `);
  await database.query(sql`
    insert into leads (external_id, first_name, email, phone, company)
    select 'CRM-' || lpad((case n % 4 when 0 then n + 3000 else n end)::text, 7, '0'), 'Avant', s.email, null,
      case when n % 3 = 0 then 'Ancienne société' end
    from unnest(${await emailsOf()}::int[], ${await emailsOf("text")}::text[]) as s (n, email)
  `);
  await database.query(
    sql`insert into leads (email, last_name) select 'other' || n || '@exemple.fr', 'Autre' from generate_series(1, 500) n`,
  );
  await database.query(sql`analyze leads`);
}

let known: Map<number, string> | undefined;

/** E-mails of the file's first rows, by the number in their reference. */
async function emailsOf(as?: "text"): Promise<(number | string)[]> {
  if (known === undefined) {
    known = new Map();
    const text = [...generateLeads({ rows: existingRows, seed: 7 })].join("");
    for (const line of text.split("\r\n")) {
      const [reference, , , email] = line.split(";");
      const number = Number(reference.slice(4));
      if (reference.startsWith("CRM-") && /^[a-z0-9.+_-]+@[a-z0-9.-]+\.[a-z]+$/.test(email ?? "") && !known.has(number))
        known.set(number, email);
    }
  }
  return as === "text" ? [...known.values()] : [...known.keys()];
}

export async function makeScenario(strategy: DuplicateStrategy): Promise<Scenario> {
  const serverUrl = inject("serverUrl");
  const folder = await mkdtemp(join(tmpdir(), "sluice-chaos-"));
  const file = join(folder, "leads.csv");
  await writeFile(file, scenarioFile(7));
  const admin = new Database(serverUrl, 1);
  const template = `chaos_${randomUUID().replaceAll("-", "")}`;
  await admin.query(sql`create database ${sql.id(template)} template ${sql.id(templateName)}`);
  const seeded = new Database(urlOf(serverUrl, template), 1);
  await seedLeads(seeded);
  await seeded.close();
  const args = ["import", "leads", file, "--yes", "--json", "--on-duplicate", strategy];
  if (strategy !== "create") args.push("--assign", "round-robin:anna@exemple.fr,bo@exemple.fr:2");

  const undisturbed = `chaos_${randomUUID().replaceAll("-", "")}`;
  await admin.query(sql`create database ${sql.id(undisturbed)} template ${sql.id(template)}`);
  const url = urlOf(serverUrl, undisturbed);
  const database = new Database(url, 1);
  const cwd = await mkdtemp(join(folder, "undisturbed-"));
  const startedAt = performance.now();
  const result = await runUndisturbed(args, { url, cwd });
  const runMs = performance.now() - startedAt;
  const expected = await outcomeOf(database);
  await database.close();
  await admin.query(sql`drop database ${sql.id(undisturbed)} with (force)`);
  return {
    args,
    file,
    expected,
    events: eventsOf(result),
    runMs,
    async place() {
      return { ...(await databaseFrom(template)), cwd: await freshFolder() };
    },
    seed: seedLeads,
    async remove() {
      await admin.query(sql`drop database ${sql.id(template)}`);
      await admin.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function runUndisturbed(args: readonly string[], place: Place) {
  const result = await runChaos(args, place);
  if (result.exitCode !== 0) throw new Error(`The undisturbed run failed:\n${result.stderr}`);
  return result;
}

/** All that the newest import left behind. */
export async function outcomeOf(database: Database): Promise<Outcome> {
  const lines = async (query: ReturnType<typeof sql>): Promise<string[]> =>
    (await database.query<{ line: string }>(query)).map(({ line }) => line);
  const newest = sql`(select max(id) from sluice.import_jobs)`;
  const lead = sql`to_jsonb(l) - 'id' - 'import_job_id' - 'created_at' - 'updated_at'`;
  const [counts] = await database.query<Record<string, number> & { report: string | null }>(sql`
    select j.total_rows as total, j.processed_rows as processed, j.valid_rows as valid, j.imported_rows as imported,
      j.invalid_rows + sum(c.invalid) as invalid, sum(c.created) as created, sum(c.updated) as updated,
      sum(c.unchanged) as unchanged, sum(c.skipped) as skipped, sum(c.failed) as failed,
      sum(cardinality(c.created_ids)) as ids, error_report_path as report
    from sluice.import_jobs j left join sluice.import_chunks c on c.job_id = j.id
    where j.id = ${newest} group by j.id
  `);
  const { report, ...numbers } = counts;
  return {
    leads: await lines(sql`select (${lead})::text as line from leads l order by 1`),
    history: await lines(sql`
      select concat(h.event, ' ', h.old_values, ' ', h.new_values, ' ', h.actor, ' ', l.email, ' ', l.phone, ' ', l.external_id) as line
      from lead_history h join leads l on l.id = h.lead_id order by 1`),
    rows: await lines(sql`
      select concat(row_no, ' ', outcome, ' ', issues -> 0 ->> 'c', ' ', before) as line
      from sluice.import_rows where job_id = ${newest} order by row_no`),
    issues: await lines(sql`
      select concat(field, ' ', code, ' ', sum(count)) as line from sluice.import_issue_counts
      where job_id = ${newest} group by field, code order by 1`),
    counts: Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Number(value)])),
    report: report === null ? null : await readFile(report, "utf8"),
  };
}

/** Lines of one side that the other lacks, as a multiset; the first few say enough. */
function difference(found: readonly string[], expected: readonly string[]): { surplus: string[]; missing: string[] } {
  const counts = new Map<string, number>();
  for (const line of expected) counts.set(line, (counts.get(line) ?? 0) + 1);
  const surplus: string[] = [];
  for (const line of found) {
    const left = counts.get(line) ?? 0;
    if (left > 0) counts.set(line, left - 1);
    else surplus.push(line);
  }
  const missing = [...counts].flatMap(([line, count]) => Array.from({ length: count }, () => line));
  return { surplus: surplus.slice(0, 5), missing: missing.slice(0, 5) };
}

const nothing = { surplus: [], missing: [] };

/** The import ended as if nothing had happened, and left nothing lying about. */
export async function expectUndisturbed(
  { database, cwd }: Place & { database: Database },
  { expected }: Scenario,
  moment: string,
): Promise<void> {
  const [job] = await database.query<{ status: string; path: string }>(
    sql`select status, storage_path as path from sluice.import_jobs order by id desc limit 1`,
  );
  expect(job?.status, moment).toBe("completed");
  const found = await outcomeOf(database);
  const differences = {
    counts: found.counts,
    leads: difference(found.leads, expected.leads),
    history: difference(found.history, expected.history),
    rows: difference(found.rows, expected.rows),
    issues: difference(found.issues, expected.issues),
    report: found.report === expected.report ? "same" : "different",
  };
  expect(differences, moment).toEqual({
    counts: expected.counts,
    leads: nothing,
    history: nothing,
    rows: nothing,
    issues: nothing,
    report: "same",
  });
  const { created, updated, unchanged, skipped, invalid, failed, total } = found.counts;
  expect(created + updated + unchanged + skipped + invalid + failed, moment).toBe(total);
  const stages = await database.query(sql`
    select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'sluice_stage' and c.relkind = 'r'
  `);
  expect(stages, moment).toEqual([]);
  expect(await storedFiles(join(cwd, ".sluice")), moment).toEqual([]);
}
