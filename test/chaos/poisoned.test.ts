/** A chunk that kills whoever works on it. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { runChaos } from "./run-chaos.ts";
import { expectUndisturbed, makeScenario, type Scenario } from "./scenario.ts";

let scenario: Scenario;

beforeAll(async () => {
  scenario = await makeScenario("update");
});
afterAll(() => scenario.remove());

it("fails the import after five deaths on one chunk and names its rows; a person's retry goes on", async () => {
  const place = { ...(await scenario.place()), env: { SLUICE_LANES: "1" } };
  // The first chunk goes in, the second is the one that kills.
  await runChaos(scenario.args, place, { event: "chunk.claimed", nth: 2, act: "SIGKILL" });
  for (let death = 2; death <= 5; death++) {
    const { signal, stderr } = await runChaos(["resume"], place, { event: "chunk.claimed", nth: 1, act: "SIGKILL" });
    expect(signal, stderr).toBe("SIGKILL");
  }
  const failed = await runChaos(["resume"], place);
  expect(failed.exitCode, failed.stderr).toBe(1);
  expect(failed.stderr).toMatch(/died five times on rows 1000 to 1999/);
  expect(failed.stderr).toMatch(/sluice resume \d+/);
  const [job] = await place.database.query<{ status: string; message: string }>(
    sql`select status, error_message as message from sluice.import_jobs`,
  );
  expect(job.status).toBe("failed");
  expect(job.message).toContain("rows 1000 to 1999");
  const { exitCode, stderr } = await runChaos(["resume"], place);
  expect(exitCode, stderr).toBe(0);
  await expectUndisturbed(place, scenario, "five deaths on one chunk");
});

it("fails the import after five deaths before the first batch is in; a person's retry goes on", async () => {
  const place = await scenario.place();
  await runChaos(scenario.args, place, { event: "parse.batch_copied", nth: 1, act: "SIGKILL" });
  for (let death = 2; death <= 5; death++)
    await runChaos(["resume"], place, { event: "parse.batch_copied", nth: 1, act: "SIGKILL" });
  const failed = await runChaos(["resume"], place);
  expect(failed.exitCode, failed.stderr).toBe(1);
  expect(failed.stderr).toMatch(/died 5 times while reading from row 1 on/);
  const { exitCode, stderr } = await runChaos(["resume"], place);
  expect(exitCode, stderr).toBe(0);
  await expectUndisturbed(place, scenario, "five deaths on the first batch");
});
