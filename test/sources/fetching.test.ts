/** What becomes of a source's files: which are taken, when, once each; and what waits for a person. On a folder, which is the quickest. */
import { link, mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { SluiceError } from "../../src/core/errors.ts";
import { field } from "../../src/core/field.ts";
import type { FetcherParts } from "../../src/engine/fetcher.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { workToEnd } from "../open-engine.ts";
import { openSources } from "./open-sources.ts";

const csv = (...names: string[]): string =>
  `Email,First name\n${names.map((name) => `${name}@example.org,${name}\n`).join("")}`;
const leadsCount = "select count(*)::int as leads from leads";

/** The same object but for one of its methods. */
function withOther<Of extends object>(of: Of, method: keyof Of, other: unknown): Of {
  return new Proxy(of, {
    get(target, name) {
      const own: unknown = name === method ? other : Reflect.get(target, name);
      return typeof own === "function" ? own.bind(target) : own;
    },
  });
}

describe("which files", () => {
  it("takes those that fit a pattern, and nothing that is no file", async () => {
    const { put, place, make, fetchAll, files, rows, folder } = await openSources();
    await put("a.csv", csv("anna"));
    await put("B.CSV", csv("bo"), 1);
    await put("line\nbreak.csv", csv("cia"), 2);
    await put("é-ü.csv", csv("dan"), 3);
    await put("notes.txt", "nothing");
    await put("empty.csv", "");
    await put("back\\slash.csv", csv("eve"));
    await mkdir(join(place, "folder.csv"));
    await writeFile(join(folder, "secret.csv"), csv("secret"));
    await symlink(join(folder, "secret.csv"), join(place, "link.csv"));
    await symlink("/nowhere", join(place, "dangling.csv"));
    const id = await make({ files: ["*.csv", "orders-??.xlsx"] });
    await fetchAll(id);
    expect(await files(id)).toEqual({
      "a.csv": ["imported", 1],
      "B.CSV": ["imported", 2],
      "line\nbreak.csv": ["imported", 3],
      "é-ü.csv": ["imported", 4],
      "empty.csv": ["empty", null],
    });
    expect(await rows(leadsCount)).toEqual([{ leads: 4 }]);
    expect(await rows("select ignored from sluice.sources")).toEqual([{ ignored: 1 }]);
    expect(await rows("select distinct created_by, created_by_name from sluice.import_jobs")).toEqual([
      { created_by: "maker", created_by_name: "Maker" },
    ]);
  });

  it("leaves a file alone that still grows, and takes it once it has settled", async () => {
    const { put, make, fetch, file, rows } = await openSources();
    const id = await make({ settleSeconds: 3600 });
    const agoAn = (hours: string): Promise<unknown> =>
      rows(`update sluice.source_files set changed_at = changed_at - interval '${hours} hours'`);
    await put("a.csv", csv("anna"));
    await fetch(id);
    expect((await file(id, "a.csv")).state).toBe("new");
    await agoAn("2");
    // It has grown meanwhile: the time counts anew.
    await put("a.csv", csv("anna", "bo"), 1);
    await fetch(id);
    expect((await file(id, "a.csv")).state).toBe("new");
    // The same size, at another time.
    await agoAn("2");
    await put("a.csv", csv("anna", "ed"), 2);
    await fetch(id);
    expect((await file(id, "a.csv")).state).toBe("new");
    await agoAn("2");
    await fetch(id);
    expect(await file(id, "a.csv")).toMatchObject({ state: "imported", importStatus: "queued" });
  });

  it("does not take a file that changes while it is read", async () => {
    const { put, make, fetch, fetcher, files, rows, adapters, place } = await openSources();
    await put("a.csv", csv("anna"));
    const growing: FetcherParts["adapters"] = {
      ...adapters,
      async open(...asked) {
        const opened = await adapters.open(...asked);
        return {
          ...opened,
          async fetch(...wanted) {
            const got = await opened.fetch(...wanted);
            await writeFile(join(place, "a.csv"), csv("anna", "bo"), { flag: "w" });
            return got;
          },
        };
      },
    };
    const id = await make();
    await fetch(id, (await fetcher({ adapters: growing })).fetcher);
    expect(await rows("select * from sluice.import_jobs")).toEqual([]);
    await fetch(id);
    expect(await files(id)).toEqual({ "a.csv": ["imported", 1] });
  });

  it("imports a changed file again; not one that was only touched, nor the same bytes by another name", async () => {
    const { put, make, fetchAll, files, place } = await openSources();
    const id = await make();
    await put("a.csv", csv("anna"));
    await fetchAll(id);
    await fetchAll(id);
    const later = new Date("2026-02-02T10:00:00Z");
    await utimes(join(place, "a.csv"), later, later);
    await put("copy.csv", csv("anna"), 5);
    await fetchAll(id);
    expect(await files(id)).toEqual({ "a.csv": ["imported", 1], "copy.csv": ["same", 1] });
    // Back and forth: what a file holds now is what counts.
    await put("a.csv", csv("anna", "bo"), 6);
    await fetchAll(id);
    await put("a.csv", csv("anna"), 7);
    await fetchAll(id);
    expect(await files(id)).toEqual({ "a.csv": ["imported", 3], "copy.csv": ["same", 1] });
  });

  it("imports the same bytes by another name where that is said", async () => {
    const { put, make, fetchAll, files } = await openSources();
    const id = await make({ sameContent: "import" });
    await put("a.csv", csv("anna"));
    await put("b.csv", csv("anna"), 1);
    await fetchAll(id);
    expect(await files(id)).toEqual({ "a.csv": ["imported", 1], "b.csv": ["imported", 2] });
  });

  it("imports one after the other, the oldest first; at the same time where that is said", async () => {
    const { put, make, fetch, fetchAll, files, engine } = await openSources();
    await put("second.csv", csv("bo"), 2);
    await put("first.csv", csv("anna"), 1);
    const id = await make();
    await fetch(id);
    expect(await files(id)).toEqual({ "first.csv": ["imported", 1], "second.csv": ["ready", null] });
    expect((await engine.sources.get(id)).waitsFor).toBe(1);
    await fetchAll(id);
    expect(await files(id)).toEqual({ "first.csv": ["imported", 1], "second.csv": ["imported", 2] });
    const other = await make({ name: "other", parallel: true });
    await fetch(other);
    expect(Object.values(await files(other)).map(([state]) => state)).toEqual(["imported", "imported"]);
  });
});

describe("what waits for a person", () => {
  it("tells of a doubt, waits with the files behind it, and knows the answer from then on", async () => {
    const contacts = defineImporter({
      name: "contacts",
      target: { table: "contacts", id: "id" },
      fields: { name: field.text(), born: field.date() },
      match: { keys: [] },
    });
    const ddl = "create table contacts (id bigint generated always as identity primary key, name text, born date)";
    const { put, make, fetch, fetchAll, files, told, engine, file, rows } = await openSources([contacts], ddl);
    const id = await make();
    await put("a.csv", "name,born\nAnna,01/02/2001\n", 1);
    await put("b.csv", "name,born\nBo,03/04/2002\n", 2);
    await fetch(id);
    const job = await engine.imports.get(1);
    const waiting = await file(id, "a.csv");
    // What is in doubt is the mapping's to say; that it waits is the source's.
    expect(job.status).toBe("pending");
    expect(waiting.error).not.toBeNull();
    expect(await told()).toEqual([
      { topic: "source.waits", importId: 1, fileName: "a.csv", reason: expect.any(String) },
    ]);
    expect((await files(id))["b.csv"]).toEqual(["ready", null]);
    // Again and again it is told once.
    await fetch(id);
    expect(await told()).toHaveLength(1);
    const preparation = engine.preparation({ sha256: (text) => text });
    await preparation.drafts.changeMapping(
      job,
      contacts,
      [
        { column: "name", field: "name" },
        { column: "born", field: "born", transform: { dateOrder: "dmy" } },
      ],
      "maker",
    );
    await engine.start(1, "maker");
    await fetchAll(id);
    expect(await files(id)).toEqual({ "a.csv": ["imported", 1], "b.csv": ["imported", 2] });
    expect((await engine.imports.get(2)).status).toBe("completed");
    expect(await rows("select born::text from contacts order by id")).toEqual([
      { born: "2001-02-01" },
      { born: "2002-04-03" },
    ]);
  });

  it("reads each file by its own evidence, and by what the one before showed where it has none", async () => {
    const events = defineImporter({
      name: "events",
      target: { table: "events", id: "id" },
      fields: { name: field.text(), day: field.date() },
      match: { keys: [] },
    });
    const ddl = "create table events (id bigint generated always as identity primary key, name text, day date)";
    const { put, make, fetchAll, files, rows } = await openSources([events], ddl);
    const id = await make();
    await put("a.csv", "name,day\nAnna,13/02/2001\nBo,03/04/2001\n", 1);
    await put("b.csv", "name,day\nCia,02/13/2002\nDan,03/04/2002\n", 2);
    await put("c.csv", "name,day\nEva,03/04/2003\n", 3);
    await fetchAll(id);
    expect(Object.values(await files(id)).map(([state]) => state)).toEqual(["imported", "imported", "imported"]);
    expect((await rows<{ day: string }>("select day::text from events order by id")).map(({ day }) => day)).toEqual([
      ...["2001-02-13", "2001-04-03"],
      ...["2002-02-13", "2002-03-04"],
      "2003-03-04",
    ]);
  });

  it("tells of a file that cannot be imported, goes on with the others, and fetches it again when asked", async () => {
    const { put, make, fetchAll, files, told, engine, place, file } = await openSources();
    const id = await make();
    await put("1.csv", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d]), 1);
    await put("2.csv", csv("bo"), 2);
    await put("3.csv", Buffer.alloc(2 * 1024 * 1024, "x,y\n"), 3);
    await fetchAll(id);
    expect(await files(id)).toEqual({ "1.csv": ["failed", null], "2.csv": ["imported", 1], "3.csv": ["failed", null] });
    expect((await told()).map(({ topic, fileName, importId }) => [topic, fileName, importId])).toEqual([
      ["source.waits", "1.csv", null],
      ["source.waits", "3.csv", null],
    ]);
    expect((await told())[1].reason).toContain("SLUICE_UPLOAD_MAX_BYTES");
    // Nothing is told twice of one version.
    await fetchAll(id);
    expect(await told()).toHaveLength(2);
    await engine.sources.retryFile(id, (await file(id, "1.csv")).id);
    await fetchAll(id);
    expect(await told()).toHaveLength(3);
    await put("1.csv", csv("anna"), 9);
    await fetchAll(id);
    expect((await files(id))["1.csv"]).toEqual(["imported", 2]);
    await expect(engine.sources.retryFile(id, (await file(id, "2.csv")).id)).rejects.toMatchObject({
      code: "conflict",
    });
    await expect(engine.sources.retryFile(id, 4711)).rejects.toMatchObject({ code: "not_found" });
    expect(await readdir(place)).toHaveLength(3);
  });

  it("tries a place that is away at longer and longer intervals, tells once, and goes on by itself", async () => {
    const { make, fetch, told, engine, place, put, files } = await openSources();
    const id = await make({ place: { kind: "folder", path: join(place, "mount") } });
    const waits: number[] = [];
    for (let k = 0; k < 3; k++) {
      await fetch(id);
      const { lookAt, failures, state } = await engine.sources.get(id);
      expect(state).toBe("working");
      waits.push(failures, Math.round(((lookAt?.getTime() ?? 0) - Date.now()) / 60_000));
    }
    // `run` forgives what was before.
    expect(waits).toEqual([1, 1, 1, 1, 1, 1]);
    expect(await told()).toEqual([]);
    await mkdir(join(place, "mount"));
    await put("mount/a.csv", csv("anna"));
    await fetch(id);
    expect(await files(id)).toEqual({ "a.csv": ["imported", 1] });
    expect((await engine.sources.get(id)).error).toBeNull();
  });

  it("tells what a place or a file has wrong, whatever characters are in that", async () => {
    const { make, put, fetcher, fetch, told, engine, adapters, files } = await openSources();
    const wrong = new SluiceError("invalid", "It said \0 and \ud800.");
    const asKept = "It said \ufffd and \ufffd.";
    const id = await make();
    const { fetcher: own } = await fetcher({ adapters: { ...adapters, open: () => Promise.reject(wrong) } });
    await fetch(id, own);
    const { state, error } = await engine.sources.get(id);
    expect([state, error]).toEqual(["stopped", { template: "{0}", values: [asKept] }]);
    await put("a.csv", csv("anna"));
    const unread = withOther(engine, "preparation", (...given: Parameters<typeof engine.preparation>) =>
      withOther(engine.preparation(...given), "inspect", () => Promise.reject(wrong)),
    );
    await fetch(id, (await fetcher({ engine: unread })).fetcher);
    expect(await files(id)).toEqual({ "a.csv": ["failed", null] });
    expect((await told()).map(({ topic, reason }) => [topic, reason])).toEqual([
      ["source.failed", asKept],
      ["source.failed", asKept],
      ["source.waits", asKept],
    ]);
  });

  it("tells of a place that stays away, once", async () => {
    const { make, fetcher, told, engine, place, rows } = await openSources();
    const id = await make({ place: { kind: "folder", path: join(place, "mount") } });
    const { fetcher: own } = await fetcher();
    const failures: number[] = [];
    for (let k = 0; k < 6; k++) {
      await rows("update sluice.sources set look_at = now()");
      await own.fetch(id, { isOver: () => false, signal: new AbortController().signal });
      failures.push((await engine.sources.get(id)).failures);
    }
    expect(failures).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await told()).toEqual([
      { topic: "source.failed", importId: null, fileName: "", reason: expect.stringContaining("is not there") },
    ]);
  });
});

describe("once each", () => {
  it("makes one import of a file by two workers at the same moment", async () => {
    const { put, make, fetch, fetcher, rows } = await openSources();
    const id = await make({ parallel: true });
    for (let k = 0; k < 10; k++) await put(`${k}.csv`, csv(`person${k}`), k);
    const [one, other] = [(await fetcher()).fetcher, (await fetcher()).fetcher];
    await Promise.all([fetch(id, one), fetch(id, other), fetch(id, one), fetch(id, other)]);
    await fetch(id);
    expect(
      await rows("select count(*)::int as imports, count(distinct file_name)::int as files from sluice.import_jobs"),
    ).toEqual([{ imports: 10, files: 10 }]);
  });

  it("fetches again what a worker had fetched that died before its import was made; and one that comes back late makes none", async () => {
    const { put, make, engine, fetcher, fetch, files, rows } = await openSources();
    const id = await make();
    await put("a.csv", csv("anna"));
    const { promise: cameSoFar, resolve: come } = Promise.withResolvers<void>();
    const { promise: goesOn, resolve: goOn } = Promise.withResolvers<void>();
    const slow = withOther(engine, "preparation", (...given: Parameters<typeof engine.preparation>) => {
      const usual = engine.preparation(...given);
      return withOther(usual, "create", async (...wanted: Parameters<typeof usual.create>) => {
        come();
        await goesOn;
        return usual.create(...wanted);
      });
    });
    const { fetcher: dying, die } = await fetcher({ engine: slow });
    const late = fetch(id, dying);
    await cameSoFar;
    await die();
    await fetch(id);
    expect(await files(id)).toEqual({ "a.csv": ["imported", 1] });
    goOn();
    await late.catch(() => {});
    expect(await files(id)).toEqual({ "a.csv": ["imported", 1] });
    expect(await rows("select count(*)::int as imports from sluice.import_jobs")).toEqual([{ imports: 1 }]);
  });

  it("keeps the file of an import whose making was not heard of, also where the worker is told to stop meanwhile", async () => {
    const { put, make, engine, store, fetcher, fetch } = await openSources();
    const id = await make();
    await put("a.csv", csv("anna"));
    const stopping = new AbortController();
    const cutOff = withOther(engine, "preparation", (...given: Parameters<typeof engine.preparation>) => {
      const usual = engine.preparation(...given);
      return withOther(usual, "create", async (...wanted: Parameters<typeof usual.create>) => {
        await usual.create(...wanted);
        stopping.abort(new Error("stopping"));
        throw new Error("Connection terminated unexpectedly");
      });
    });
    const { fetcher: stopped } = await fetcher({ engine: cutOff });
    while (!stopping.signal.aborted) {
      await store.sources.run(id);
      await stopped.fetch(id, { isOver: () => false, signal: stopping.signal });
    }
    await fetch(id);
    await workToEnd(engine, 1);
    expect((await engine.imports.get(1)).status).toBe("completed");
  });

  it("begins an import that a worker had made before it died", async () => {
    const { put, make, fetcher, fetch, file, engine } = await openSources();
    const id = await make();
    await put("a.csv", csv("anna"));
    const { fetcher: dying, die } = await fetcher({
      onEvent(event) {
        if (event.name === "source.file_taken") throw new Error("killed");
      },
    });
    await fetch(id, dying);
    await die();
    expect(await file(id, "a.csv")).toMatchObject({ state: "made", importStatus: "pending" });
    await fetch(id);
    expect(await file(id, "a.csv")).toMatchObject({ state: "imported", importId: 1, importStatus: "queued" });
    await workToEnd(engine, 1);
    expect((await engine.imports.get(1)).status).toBe("completed");
  });

  it("asks for a schedule's next time once, however many look", async () => {
    const { make, fetcher, rows, put, files, fetch } = await openSources();
    const id = await make({ schedule: "0 6 * * *", timeZone: "Europe/Paris" });
    await put("a.csv", csv("anna"));
    const [one, other] = [(await fetcher()).fetcher, (await fetcher()).fetcher];
    expect(await one.due()).toEqual([]);
    await rows("update sluice.sources set next_run_at = now() - interval '3 days'");
    expect(await Promise.all([one.due(), other.due()])).toContainEqual([id]);
    const [{ next, hour }] = await rows<{ next: boolean; hour: number }>(
      "select next_run_at > now() as next, extract(hour from next_run_at at time zone 'Europe/Paris')::int as hour from sluice.sources",
    );
    expect([next, hour]).toEqual([true, 6]);
    await fetch(id, one);
    expect(await files(id)).toEqual({ "a.csv": ["imported", 1] });
    expect(await other.due()).toEqual([]);
    // One that rests is not asked for, whatever its schedule says.
    await rows("update sluice.sources set state = 'paused', look_at = now(), next_run_at = now() - interval '1 day'");
    expect(await other.due()).toEqual([]);
  });
});

describe("what becomes of files that are done", () => {
  it.each([
    ["moves", { moveTo: "done" }, ["done"], ["1-a.csv"]],
    ["deletes", "delete", [], []],
    ["leaves", "keep", ["a.csv"], []],
  ] as const)("%s them once their import is completed, and not before", async (_, done, left, moved) => {
    const { put, place, make, fetch, fetchAll, file } = await openSources();
    await put("a.csv", csv("anna"));
    const id = await make({ done });
    await fetch(id);
    expect(await readdir(place)).toEqual(["a.csv"]);
    await fetchAll(id);
    expect(await readdir(place)).toEqual([...left]);
    if (moved.length > 0) expect(await readdir(join(place, "done"))).toEqual([...moved]);
    expect((await file(id, "a.csv")).awayAt !== null).toBe(done !== "keep");
  });

  it("leaves a newer version of a file where it is, and imports that one", async () => {
    const { put, place, make, fetch, fetchAll, engine, files, rows } = await openSources();
    await put("a.csv", csv("anna"));
    const id = await make({ done: { moveTo: "done" } });
    await fetch(id);
    await workToEnd(engine, 1);
    await put("a.csv", csv("anna", "bo"), 5);
    await fetchAll(id);
    expect(await readdir(place)).toEqual(["done"]);
    expect(await readdir(join(place, "done"))).toEqual(["2-a.csv"]);
    expect(await files(id)).toEqual({ "a.csv": ["imported", 2] });
    expect(await rows(leadsCount)).toEqual([{ leads: 2 }]);
  });

  it("writes over no other file, and goes on where a move was cut off in its middle", async () => {
    const { put, place, make, fetchAll, engine } = await openSources();
    await mkdir(join(place, "done"));
    await put("done/1-a.csv", "somebody else's");
    await put("a.csv", csv("anna"));
    const id = await make({ done: { moveTo: "done" } });
    await fetchAll(id);
    expect(await readFile(join(place, "done", "1-a.csv"), "utf8")).toBe("somebody else's");
    expect(await readdir(place)).toEqual(["a.csv", "done"]);
    expect(await engine.sources.get(id)).toMatchObject({ state: "stopped" });
    await rm(join(place, "done", "1-a.csv"));
    await link(join(place, "a.csv"), join(place, "done", "1-a.csv"));
    await fetchAll(id);
    expect(await readdir(place)).toEqual(["done"]);
    expect(await engine.sources.get(id)).toMatchObject({ state: "working", error: null });
  });
});

it("keeps to the context that a source was made with, and stops where the importer has another by now", async () => {
  const tenants = { ...leads, context: { tenant_id: { type: "text", from: () => "a" } } } as const;
  const { put, make, fetch, rows, engine, told, fetcher } = await openSources();
  const id = await make();
  await put("a.csv", csv("anna"));
  const importers = new Map([[leads.name, tenants as unknown as typeof leads]]);
  await fetch(id, (await fetcher({ importers })).fetcher);
  expect(await rows("select * from sluice.import_jobs")).toEqual([]);
  expect(await engine.sources.get(id)).toMatchObject({ state: "stopped" });
  expect((await told())[0]).toMatchObject({ topic: "source.failed", reason: expect.stringContaining("context") });
});
