/** Reopening beside workers: what they still had in hand, or are told of twice, changes nothing of the import as it is then. */
import { expect, it } from "vitest";
import { leadsCsv, openWorkers } from "./open-workers.ts";

/** Small batches, so that there is much between the beginning and the end. */
const fine = { SLUICE_BATCH_BYTES: "65536" };
const total = 20_000;

it("is refused while a worker reads the file; paused and reopened in the middle, the file is read again as a whole", async () => {
  const moments: { batches: number; held: Promise<unknown> | null } = { batches: 0, held: null };
  const { create, server, reaches, rows } = await openWorkers({
    workers: 2,
    env: fine,
    onEvent({ name }) {
      if (name === "parse.batch_committed" && ++moments.batches === 3) moments.held = reopen();
    },
  });
  const job = await create(leadsCsv(total));
  const { engine } = server;
  // While the worker that reads is on its way out, the import begins anew.
  const reopen = async (): Promise<void> => {
    await expect(engine.reopen(job.id, "anna")).rejects.toMatchObject({ code: "conflict" });
    await engine.pause(job.id, "by the test", "anna");
    expect((await engine.reopen(job.id, "anna")).status).toBe("pending");
    await engine.start(job.id, "anna");
  };
  await engine.start(job.id);
  const { totalRows, validRows, stageGeneration } = await reaches(job.id, "ready");
  await moments.held;
  expect([totalRows, validRows, stageGeneration]).toEqual([total, total, 1]);
  expect(await rows(`select count(*)::int as staged from sluice_stage.job_${job.id}_1 where row_no > 0`)).toEqual([
    { staged: total },
  ]);
  await engine.commit(job.id);
  await reaches(job.id, "completed");
  expect(await rows("select count(*)::int as leads from leads")).toEqual([{ leads: total }]);
});

it("has no batch of the reading before counted, and no end of it", async () => {
  const { create, server, reaches, store } = await openWorkers();
  const job = await create(leadsCsv(50));
  const { engine } = server;
  await engine.start(job.id);
  const before = await reaches(job.id, "ready");
  await engine.reopen(job.id);
  // As a worker that wakes late, when the next reading is under way.
  await store.imports.move(job.id, "queued", { phase: "parse" });
  await store.imports.move(job.id, "parsing");
  // Its stage may be there for a while, when it could not be dropped under it.
  await store.stage.create(before, []);
  const batch = {
    from: null,
    rows: (async function* () {})(),
    end: Promise.resolve({
      rejects: new Uint8Array(),
      issueCounts: [],
      warnings: [],
      statistics: "{}",
      to: { offset: 100, row: 5 },
      valid: 4,
      invalid: 0,
      skipped: 0,
      state: "{}",
    }),
  };
  await expect(store.stage.write(before, [], batch, () => {})).rejects.toMatchObject({ code: "conflict" });
  await expect(store.imports.finishParse(before)).rejects.toMatchObject({ code: "conflict" });
  expect(await store.imports.get(job.id)).toMatchObject({ status: "parsing", checkpoint: null, validRows: 0 });
});

it("leaves nothing to a delivery that comes late or twice", async () => {
  const { create, server, reaches, workers } = await openWorkers({ workers: 2 });
  const job = await create(leadsCsv(50));
  const { engine } = server;
  await engine.start(job.id);
  await reaches(job.id, "ready");
  await engine.reopen(job.id);
  for (let k = 0; k < 5; k++) await server.queue?.enqueue({ kind: "import", importId: job.id });
  expect(await workers[0].app.engine.work(job.id)).toBe("done");
  const next = await create(leadsCsv(5, "next"));
  await engine.start(next.id);
  await reaches(next.id, "ready");
  const { status, totalRows, errorMessage } = await engine.imports.get(job.id);
  expect([status, totalRows, errorMessage]).toEqual(["pending", 0, null]);
  expect((await engine.events.list(job.id)).at(-1)?.name).toBe("import.pending");
});

it("makes an edit of many rows that is under way stop, and leaves nothing of it", async () => {
  const { create, server, reaches, rows } = await openWorkers();
  const text = `email,first_name\n${Array.from({ length: 8000 }, (_, k) => `broken,Anna ${k}\n`).join("")}`;
  const job = await create(text);
  const { engine } = server;
  await engine.start(job.id);
  await reaches(job.id, "ready");
  const editing = engine.review.replaceValue(job.id, { field: "email", from: "broken", to: "" }, "bo");
  const [edited, reopened] = await Promise.allSettled([editing, engine.reopen(job.id, "anna")]);
  expect(reopened.status).toBe("fulfilled");
  expect(edited).toMatchObject({ status: "rejected", reason: { code: "conflict" } });
  expect(
    await rows(
      "select (select count(*) from sluice.import_edits) + (select count(*) from sluice.import_edited_rows) as left",
    ),
  ).toEqual([{ left: 0 }]);
  await engine.start(job.id);
  expect(await reaches(job.id, "ready")).toMatchObject({ validRows: 0, invalidRows: 8000 });
});
