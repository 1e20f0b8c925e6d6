/** How often a chunk was tried tells one that kills whoever is at it from one whose worker was unlucky. */
import { expect, it, onTestFinished } from "vitest";
import { claimChunk } from "../../src/postgres/commit/chunk-claim.ts";
import { backendOf } from "../../src/postgres/commit/chunks.ts";
import { Database, isConnectionLoss } from "../../src/postgres/connection/connect.ts";
import { commit, people, peopleTable, ready } from "../engine/review-import.ts";
import { openEngine } from "../open-engine.ts";

it("counts no attempt whose connection was lost before the chunk was locked", async () => {
  const open = await openEngine([people], peopleTable);
  const jobId = await ready(open, people, "Name\nAnn\n");
  await commit(open, jobId);
  const tried = "select attempts, backend_pid as backend from sluice.import_chunks";
  await open.rows("update sluice.import_chunks set attempts = 0, backend_pid = null");

  const database = new Database(open.url, 2);
  onTestFinished(() => database.close());
  let holder = 0;
  const noting = new Database(open.url, 2);
  onTestFinished(() => noting.close());
  const { transaction } = noting;
  // Between the note and the lock the backend that would hold the chunk ends, as one does that has waited too long.
  noting.transaction = (async (...given: Parameters<typeof transaction>) => {
    const noted = await transaction.apply(noting, given);
    await open.rows(`select pg_terminate_backend(${holder}, 60000)`);
    return noted;
  }) as typeof transaction;
  const claim = database.transaction(async (session) => {
    holder = (await backendOf(session)).pid;
    return claimChunk(noting, session, jobId, null, { work: "undo", onAttempted() {}, onClaimed() {} });
  });
  expect(isConnectionLoss(await claim.catch((error: unknown) => error))).toBe(true);
  expect(await open.rows(tried)).toEqual([{ attempts: 0, backend: null }]);

  await database.transaction((session) =>
    claimChunk(database, session, jobId, null, { work: "undo", onAttempted() {}, onClaimed() {} }),
  );
  expect(await open.rows(tried)).toEqual([{ attempts: 1, backend: expect.any(Number) }]);
});
