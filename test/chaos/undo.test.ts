/** An undo whose process dies at any step, is stopped, or has company: it ends as if nothing had happened. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { templateName, urlOf } from "../database-server.ts";
import { freshFolder } from "../run-cli.ts";
import { sampled } from "../sampled.ts";
import { seededRandom } from "../seeded-random.ts";
import { type Mishap, reached } from "./mishap.ts";
import { eventsOf, type Place, runChaos, startChaos } from "./run-chaos.ts";
import { makeScenario, type Scenario } from "./scenario.ts";

/** What an undo leaves behind, but for times and its own numbers. */
interface Outcome {
  leads: string[];
  history: string[];
  kept: string[];
  counts: Record<string, unknown>;
}

const undo = ["undo", "1", "--yes", "--json"];
let scenario: Scenario;
let admin: Database;
let template: string;
let seeded: string[];
let expected: Outcome;
/** Events of an undo that nothing disturbs. */
let events: number;

const leadsOf = async (database: Database): Promise<string[]> =>
  (
    await database.query<{ line: string }>(
      sql`select (to_jsonb(l) - 'updated_at')::text as line from leads l order by id`,
    )
  ).map(({ line }) => line);

async function outcomeOf(database: Database): Promise<Outcome> {
  const lines = async (query: ReturnType<typeof sql>): Promise<string[]> =>
    (await database.query<{ line: string }>(query)).map(({ line }) => line);
  const [counts] = await database.query<Record<string, unknown>>(
    sql`select status, undo_deleted as deleted, undo_restored as restored, undo_kept as kept from sluice.import_jobs`,
  );
  return {
    leads: await leadsOf(database),
    history: await lines(
      sql`select concat(lead_id, ' ', event, ' ', old_values - 'updated_at', ' ', new_values) as line from lead_history order by 1`,
    ),
    kept: await lines(
      sql`select concat(record_id, ' ', reason, ' ', columns, ' ', by_table, ' ', message) as line from sluice.import_kept order by 1`,
    ),
    counts,
  };
}

async function clone(): Promise<{ url: string; database: Database; drop: () => Promise<void> }> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await admin.query(sql`create database ${sql.id(name)} template ${sql.id(template)}`);
  const url = urlOf(inject("serverUrl"), name);
  const database = new Database(url, 2);
  const drop = async (): Promise<void> => {
    await database.close();
    await admin.query(sql`drop database ${sql.id(name)} with (force)`);
  };
  return { url, database, drop };
}

/** A database in which the import is done, and some of its records have been touched since. */
async function place(): Promise<Place & { database: Database }> {
  const { url, database, drop } = await clone();
  onTestFinished(drop);
  return { url, database, cwd: await freshFolder() };
}

beforeAll(async () => {
  scenario = await makeScenario("update");
  admin = new Database(inject("serverUrl"), 1);
  template = `undo_${randomUUID().replaceAll("-", "")}`;
  await admin.query(sql`create database ${sql.id(template)} template ${sql.id(templateName)}`);
  const url = urlOf(inject("serverUrl"), template);
  const database = new Database(url, 1);
  await scenario.seed(database);
  seeded = await leadsOf(database);
  const cwd = await mkdtemp(join(tmpdir(), "sluice-chaos-undo-"));
  const imported = await runChaos(scenario.args, { url, cwd });
  if (imported.exitCode !== 0) throw new Error(imported.stderr);
  // Every kind of reason to be kept.
  await database.query(sql`update leads set city = 'Brest' where id % 101 = 0`);
  await database.query(sql`delete from leads where id % 103 = 0`);
  await database.query(sql`create table calls (lead_id bigint references leads on delete cascade)`);
  await database.query(sql`create index on calls (lead_id)`);
  await database.query(sql`insert into calls select id from leads where id % 107 = 0`);
  await database.query(
    sql.raw(
      `create function guard() returns trigger language plpgsql as $$ begin
         if old.id % 1009 = 0 then raise exception 'guarded'; end if; return old; end $$;
       create trigger guard before delete on leads for each row execute function guard()`,
    ),
  );
  await database.close();
  const undisturbed = await clone();
  const result = await runChaos(undo, { url: undisturbed.url, cwd });
  if (result.exitCode !== 0) throw new Error(result.stderr);
  events = eventsOf(result);
  expected = await outcomeOf(undisturbed.database);
  await undisturbed.drop();
  await rm(cwd, { recursive: true });
});
afterAll(async () => {
  await admin.query(sql`drop database ${sql.id(template)}`);
  await admin.close();
  await scenario.remove();
});

it("takes back everything that nobody has touched, and nothing else", () => {
  expect(expected.counts).toMatchObject({ status: "undone" });
  const reasons = new Set(expected.kept.map((line) => line.split(" ")[1]));
  expect([...reasons].sort()).toEqual(["edited_in_part", "edited_since", "gone_already", "referred_to", "refused"]);
  const before = new Map(seeded.map((line) => [JSON.parse(line).id as number, line]));
  const after = new Map(expected.leads.map((line) => [JSON.parse(line).id as number, line]));
  const kept = new Set(expected.kept.map((line) => Number(line.split(" ")[0])));
  // A record that was there, was not touched and is not listed is as before; one that was not there is gone.
  const wrong = [...before].filter(
    ([id, line]) => id % 101 !== 0 && id % 103 !== 0 && !kept.has(id) && after.get(id) !== line,
  );
  expect(wrong).toEqual([]);
  expect([...after.keys()].filter((id) => !before.has(id) && !kept.has(id))).toEqual([]);
});

/** Every event that an undo tells of on its way, with the one of its name that is tried. */
const steps: [NonNullable<Mishap["event"]>, number][] = [
  ["undo.started", 1],
  ["undo.chunk_attempted", 2],
  ["undo.chunk_claimed", 3],
  ["undo.chunk_halved", 4],
  ["undo.chunk_deleted", 3],
  ["undo.chunk_restored", 2],
  ["undo.chunk_recorded", 4],
  ["undo.chunk_undone", 1],
  ["undo.chunk_undone", 5],
  ["undo.finished", 1],
  ["import.undone", 1],
];

describe("kill -9 of the process that undoes", () => {
  it.each(sampled(steps, 8))("at %s (number %i)", async (event, nth) => {
    const at = await place();
    const killed = await runChaos(undo, at, { event, nth, act: "SIGKILL" });
    expect(killed.signal, killed.stderr).toBe("SIGKILL");
    const { exitCode, stderr, stdout } = await runChaos(undo, at);
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ id: 1, status: "undone" });
    expect(await outcomeOf(at.database)).toEqual(expected);
  });

  it.each(sampled([1, 2, 3, 4, 5, 6], 6))("at two random events (seed %i)", async (seed) => {
    const at = await place();
    const random = seededRandom(seed);
    const moments = [random() * events, (random() * events) / 2].map((moment) => 1 + Math.floor(moment));
    for (const nth of moments) await runChaos(undo, at, { nth, act: "SIGKILL" });
    const { exitCode, stderr } = await runChaos(seed % 2 === 0 ? undo : ["resume", "1", "--json"], at);
    expect(exitCode, `killed at ${moments.join(", then ")} of ${events}: ${stderr}`).toBe(0);
    expect(await outcomeOf(at.database), `killed at ${moments.join(", then ")} of ${events}`).toEqual(expected);
  });
});

it("is shared by two processes, one of which dies", async () => {
  const at = await place();
  const first = startChaos(undo, at, { event: "undo.chunk_claimed", nth: 2, act: "ask" });
  await first.shows(reached("undo.chunk_claimed"));
  const second = startChaos(undo, at, { event: "undo.chunk_undone", nth: 1, act: "ask" });
  await second.shows(reached("undo.chunk_undone"));
  first.signal("SIGKILL");
  second.answer();
  const { exitCode, stderr } = await second.ended;
  expect(exitCode, stderr).toBe(0);
  expect(await outcomeOf(at.database)).toEqual(expected);
});

it("is taken over from a process that is stopped, and nothing is done twice when that wakes", async () => {
  const at = await place();
  const stopped = startChaos(undo, at, { event: "undo.chunk_deleted", nth: 2, act: "SIGSTOP" });
  await stopped.shows(reached("undo.chunk_deleted"));
  const taken = await runChaos(undo, at);
  expect(taken.exitCode, taken.stderr).toBe(0);
  expect(await outcomeOf(at.database)).toEqual(expected);
  stopped.signal("SIGCONT");
  const woken = await stopped.ended;
  expect(woken.exitCode, woken.stderr).toBe(0);
  expect(await outcomeOf(at.database)).toEqual(expected);
});
