/** Ctrl-C and SIGTERM in every phase, and what the application does to the table while an import rests. */
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { sampled } from "../sampled.ts";
import { type Mishap, reached } from "./mishap.ts";
import { runChaos, startChaos } from "./run-chaos.ts";
import { expectUndisturbed, makeScenario, outcomeOf, type Scenario } from "./scenario.ts";

let update: Scenario;
let skip: Scenario;

beforeAll(async () => {
  update = await makeScenario("update");
  skip = await makeScenario("skip");
});
afterAll(async () => {
  await update.remove();
  await skip.remove();
});

const patience = { interval: 20 };

const steps: [NonNullable<Mishap["event"]>, number, "SIGINT" | "SIGTERM"][] = [
  ["parse.started", 1, "SIGINT"],
  ["parse.batch_copied", 2, "SIGTERM"],
  ["parse.checkpoint_moved", 1, "SIGINT"],
  ["parse.batch_committed", 2, "SIGTERM"],
  ["stage.indexed", 1, "SIGINT"],
  ["parse.finished", 1, "SIGTERM"],
  ["match.started", 1, "SIGINT"],
  ["match.duplicates_found", 1, "SIGTERM"],
  ["match.finished", 1, "SIGINT"],
  ["chunk.attempted", 1, "SIGTERM"],
  ["chunk.claimed", 2, "SIGINT"],
  ["chunk.loaded", 3, "SIGTERM"],
  ["chunk.recorded", 4, "SIGINT"],
  ["chunk.committed", 3, "SIGTERM"],
];

describe("a stop by signal", () => {
  it.each(sampled(steps, 5))(
    "at %s (number %i) by %s pauses the import, and resume ends it",
    async (event, nth, act) => {
      const place = await update.place();
      const moment = `${act} at ${event} number ${nth}`;
      const stopped = await runChaos(update.args, place, { event, nth, act });
      expect(stopped.exitCode, `${moment}: ${stopped.stderr}`).toBe(130);
      const [{ id, status }] = await place.database.query<{ id: number; status: string }>(
        sql`select id, status from sluice.import_jobs`,
      );
      expect(stopped.stderr, moment).toContain(`sluice resume ${id}`);
      expect(["paused", "ready"], moment).toContain(status);
      const { exitCode, stderr } = await runChaos(["resume", String(id), "--json"], place);
      expect(exitCode, `${moment}: ${stderr}`).toBe(0);
      await expectUndisturbed(place, update, moment);
    },
  );

  it.each([["commit.finished"], ["report.written"], ["import.completed"]] as const)(
    "at %s comes too late: the import is through",
    async (event) => {
      const place = await update.place();
      const { exitCode, stdout, stderr } = await runChaos(update.args, place, { event, nth: 1, act: "SIGINT" });
      expect(exitCode, stderr).toBe(0);
      expect(JSON.parse(stdout).status).toBe("completed");
      await expectUndisturbed(place, update, event);
    },
  );

  it("may be repeated as often as a person likes, and counts as no death", async () => {
    const place = await skip.place();
    const mishap: Mishap = { event: "parse.started", nth: 1, act: "SIGINT" };
    await runChaos(skip.args, place, mishap);
    for (let k = 0; k < 6; k++) {
      const { exitCode, stderr } = await runChaos(["resume"], place, mishap);
      expect(exitCode, stderr).toBe(130);
    }
    const { exitCode, stderr } = await runChaos(["resume"], place);
    expect(exitCode, stderr).toBe(0);
    await expectUndisturbed(place, skip, "stopped seven times");
  });

  it("ends at once when it comes twice, whatever hangs", async () => {
    const place = await skip.place();
    const run = startChaos(skip.args, place, { event: "chunk.loaded", nth: 2, act: "ask" });
    await run.shows(reached("chunk.loaded"));
    await place.database.transaction(async (session) => {
      // Nobody can note the pause as long as this transaction holds the job.
      await session.query(sql`select from sluice.import_jobs for update`);
      run.answer();
      run.signal("SIGINT");
      const waiting = sql<{ n: number }>`select count(*)::int as n from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%select j.id, j.status as was from sluice.import_jobs%'`;
      await expect.poll(async () => (await place.database.query<{ n: number }>(waiting))[0].n, patience).toBe(1);
      let ended = false;
      void run.ended.then(() => {
        ended = true;
      });
      // The first moments after a Ctrl-C count as its echo, so it is asked again until it is heard.
      await expect
        .poll(
          () => {
            run.signal("SIGINT");
            return ended;
          },
          { interval: 200 },
        )
        .toBe(true);
    });
    expect((await run.ended).exitCode).toBe(130);
    const { exitCode, stderr } = await runChaos(["resume"], place);
    expect(exitCode, stderr).toBe(0);
    await expectUndisturbed(place, skip, "stopped twice");
  });
});

describe("a lead that the application makes while the import rests", () => {
  it.each([["SIGINT"], ["SIGKILL"]] as const)("after %s is a duplicate for the rest of the file", async (act) => {
    const place = await skip.place();
    await runChaos(skip.args, place, { event: "chunk.committed", nth: 2, act });
    const email = await lastPlainEmail();
    const known = await place.database.query(sql`select from leads where lower(email) = ${email}`);
    expect(known).toEqual([]);
    await place.database.query(sql`insert into leads (email, last_name) values (${email}, 'Made by the application')`);
    const { exitCode, stderr } = await runChaos(["resume"], place);
    expect(exitCode, stderr).toBe(0);
    const leads = await place.database.query<{ name: string }>(
      sql`select last_name as name from leads where lower(email) = ${email}`,
    );
    expect(leads).toEqual([{ name: "Made by the application" }]);
    const { counts } = await outcomeOf(place.database);
    const { created, skipped } = skip.expected.counts;
    expect(counts).toMatchObject({ created: created - 1, skipped: skipped + 1 });
  });
});

/** The e-mail of the last row of the file that becomes a record. */
async function lastPlainEmail(): Promise<string> {
  const emails = new Set(skip.expected.leads.map((lead) => JSON.parse(lead).email as string | null));
  const lines = (await readFile(skip.file, "utf8"))
    .split("\r\n")
    .filter((line) => line.startsWith("CRM-") && !line.includes('"'));
  for (const line of lines.reverse()) {
    const email = line.split(";")[3];
    if (emails.has(email) && lines.filter((other) => other.toLowerCase().includes(email)).length === 1) return email;
  }
  throw new Error("The file has no plain row.");
}
