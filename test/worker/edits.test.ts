/** Edits of many rows whose process died: a worker goes on with them, and the commit waits no longer. */
import { expect, it } from "vitest";
import type { EditKind } from "../../src/core/store/review.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { openWorkers } from "./open-workers.ts";

it("finishes an edit that nobody is at any more, whoever had begun it", async () => {
  const { create, server, reaches, rows, store } = await openWorkers();
  const text = `email,first_name\n${Array.from({ length: 3000 }, (_, k) => `broken,Anna ${k}\n`).join("")}`;
  const job = await create(text);
  await server.engine.start(job.id);
  await reaches(job.id, "ready");
  // As a process that begins it and is killed at once leaves it.
  const { review } = store;
  await review.begin(job.id, { kind: "replace", field: "email", params: { from: "broken", to: "" }, actor: "anna" });
  await rows("update sluice.import_edits set worked_at = now() - interval '1 minute'");
  await expect.poll(async () => (await review.edits(job.id, { limit: 1 }))[0].status, { interval: 50 }).toBe("done");
  const [{ actor }] = (await server.engine.events.list(job.id)).filter(({ name }) => name === "import.edited");
  expect(actor).toBe("anna");
  expect(await review.unfinished(job.id)).toBe(null);
});

it("leaves an edit to processes that have its importer, and gives none up that it could not do", async () => {
  const place = await begun("replace", { from: "broken", to: "" });
  const { job, left, server, store } = place;
  const { review } = store;
  const others = [{ ...leads, name: "others" }];
  const other = await openWorkers({ workers: 0, importers: others, on: place, folder: place.folder });
  for (let times = 0; times < 5; times++) {
    await left();
    expect(await other.server.engine.finishEdits()).toBe(0);
  }
  expect(await review.unfinished(job.id)).toMatchObject({ status: "under_way", isGivenUp: false });
  expect(await server.engine.finishEdits()).toBe(1);
  expect(await review.last(job.id)).toMatchObject({ status: "done", actor: "anna" });
});

/** As a process that begins it and is killed at once leaves it. */
async function begun(kind: EditKind, params: Record<string, unknown>) {
  const place = await openWorkers();
  const { create, server, reaches, rows, store, workers } = place;
  const job = await create("email,first_name\nbroken,Anna\nbroken,Bo\n");
  await server.engine.start(job.id);
  await reaches(job.id, "ready");
  await workers[0].stop();
  await store.review.begin(job.id, { kind, field: "email", params, actor: "anna" });
  const left = () => rows("update sluice.import_edits set worked_at = now() - interval '1 hour'");
  return { ...place, job, left };
}
const repair = { issue: "email_invalid", repair: "leave_empty" };

it.each([
  ["repair", repair, { changed: 2 }],
  ["cells", { fields: ["first_name"], rows: [{ row: 3, values: ["Eva"] }] }, { changed: 1 }],
  ["leave_out", { rows: [3] }, { changed: 1, leftOut: 1 }],
] as const)(
  "hides an edit of the kind %s from versions that know none, and finishes it itself",
  async (kind, params, done) => {
    const { rows, store, server, job, left } = await begun(kind, params);
    await left();
    // What those ask, for abandoned ones and before each request.
    expect(
      await rows(`select e.id from sluice.import_jobs j join sluice.import_edits e on e.id = j.edit_id
      where j.status = 'ready' and e.status in ('under_way', 'undoing')`),
    ).toEqual([]);
    expect(await store.review.unfinished(job.id)).toMatchObject({ kind, status: "under_way" });
    expect(await server.engine.finishEdits()).toBe(1);
    expect(await store.review.last(job.id)).toMatchObject({ kind, status: "done", ...done });
  },
);

it.each([
  ["kind", "update sluice.import_edits set kind = 'reshape'"],
  ["repair", `update sluice.import_edits set params = params || '{"repair": "guess"}'`],
])("leaves an edit of a %s that only a newer version knows to that, and can take it back", async (_, newer) => {
  const { rows, store, server, job, left } = await begun("repair", repair);
  await rows("alter table sluice.import_edits drop constraint import_edits_kind_check");
  await rows(newer);
  const { engine } = server;
  for (let times = 0; times < 5; times++) {
    await left();
    expect(await engine.finishEdits()).toBe(0);
  }
  expect(await store.review.unfinished(job.id)).toMatchObject({ status: "under_way", isGivenUp: false, changed: 0 });
  await expect(engine.review.revalidate(job.id, "bo")).rejects.toThrow(/newer version of Sluice has begun an edit/);
  await expect(engine.commit(job.id)).rejects.toMatchObject({ code: "conflict" });
  await engine.review.undoEdit(job.id, "bo");
  expect((await engine.review.revalidate(job.id, "bo")).stillInvalid).toBe(0);
  expect(await store.review.unfinished(job.id)).toBe(null);
});
