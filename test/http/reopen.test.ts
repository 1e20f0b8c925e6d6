/** An import that goes back to pending: another mapping, other options, and nothing left of what was made before. */
import { describe, expect, it } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { stageColumns } from "../../src/staging/stage-columns.ts";
import { type OpenApp, openApp } from "./open-app.ts";

const csv = "Email,First name,Last name,City\nanna@example.com,Anna,Berg,Lyon\nnope,Bo,Ek,Nice\n";
const stages =
  "select relname from pg_class c join pg_namespace n on n.oid = relnamespace where nspname = 'sluice_stage' and relkind = 'r'";

async function ready(app: OpenApp, text = csv, more: Record<string, unknown> = {}): Promise<number> {
  const uploadId = await app.upload(text);
  const made = await app.call("POST", "/imports", { uploadId, importer: "leads", start: true, ...more });
  await app.work(made.json.id);
  expect((await app.call("GET", `/imports/${made.json.id}`)).json.status).toBe("ready");
  return made.json.id;
}

/** All that is kept of an import beside its own row and its timeline. */
async function kept(app: OpenApp, id: number): Promise<Record<string, number>> {
  const tables = [
    "import_rows",
    "import_issue_counts",
    "import_warnings",
    "import_edits",
    "import_edited_rows",
    "import_chunks",
  ];
  const [counts] = await app.rows<Record<string, number>>(
    `select ${tables.map((table) => `(select count(*)::int from sluice.${table} where job_id = ${id}) as ${table}`).join(", ")}`,
  );
  return counts;
}

describe("an import that is reopened", () => {
  it("takes another mapping and other options, and forgets edits, counts and rejected rows", async () => {
    const app = await openApp();
    const id = await ready(app);
    const at = `/imports/${id}`;
    await app.call("PATCH", `${at}/rows/3`, { field: "email", value: "bo@example.com" });
    await app.call("POST", `${at}/edits`, { kind: "find", find: "Lyon", replace: "Paris" });
    await app.call("PATCH", `${at}/rows/2`, { field: "email", value: "broken" });
    expect((await kept(app, id)).import_edited_rows).toBeGreaterThan(2);
    expect((await app.call("PUT", `${at}/mapping`, { columns: [] })).json).toMatchObject({
      code: "conflict",
      detail: expect.stringContaining("Reopen it"),
    });

    const reopened = await app.call("POST", `${at}/reopen`);
    expect([reopened.status, reopened.json]).toMatchObject([
      202,
      {
        status: "pending",
        phase: "parse",
        actions: ["start", "cancel", "delete"],
        totalRows: 0,
        processedRows: 0,
        validRows: 0,
        invalidRows: 0,
        progress: null,
        parseStartedAt: null,
        parsedAt: null,
        errorMessage: null,
      },
    ]);
    expect(Object.values(await kept(app, id)).every((count) => count === 0)).toBe(true);
    expect(await app.rows(stages)).toEqual([]);
    const { items } = (await app.call("GET", `${at}/events`)).json;
    expect(items.at(-1)).toMatchObject({ name: "import.pending", actor: "admin", data: { from: "ready" } });

    const mapped = await app.call("PUT", `${at}/mapping`, {
      columns: [
        { column: "First name", field: "last_name" },
        { column: "Last name", field: "first_name" },
        { column: "City", field: "city" },
      ],
    });
    expect(mapped.status).toBe(200);
    expect((await app.call("PUT", `${at}/options`, { dialect: { headerRow: 2 } })).status).toBe(200);
    expect(
      (
        await app.call("PUT", `${at}/options`, {
          dialect: { headerRow: 1 },
          duplicates: { strategy: "create", keys: [] },
        })
      ).status,
    ).toBe(200);
    expect(
      (
        await app.call("PUT", `${at}/mapping`, {
          columns: [
            { column: "Email", field: "email" },
            { column: "First name", field: "last_name" },
            { column: "City", field: "city" },
          ],
        })
      ).status,
    ).toBe(200);
    expect((await app.call("POST", `${at}/start`, { acceptDoubts: true })).status).toBe(202);
    await app.work(id);
    expect((await app.call("GET", at)).json).toMatchObject({
      status: "ready",
      totalRows: 2,
      validRows: 1,
      invalidRows: 1,
    });
    await app.call("POST", `${at}/commit`);
    await app.work(id);
    expect((await app.call("GET", at)).json).toMatchObject({ status: "completed", counts: { created: 1, invalid: 1 } });
    expect(await app.rows("select email, first_name, last_name, city from leads")).toEqual([
      { email: "anna@example.com", first_name: null, last_name: "Anna", city: "Lyon" },
    ]);
  });

  it.each([
    ["pending", false, /already pending/],
    ["queued", false, /Pause it first/],
    ["parsing", false, /Pause it first/],
    ["ready", true, /./],
    ["committing", false, /Pause it first/],
    ["completed", false, /Upload the file again/],
    ["undoing", false, /Pause it first/],
    ["undone", false, /Upload the file again/],
    ["paused", true, /./],
    ["cancelled", false, /Upload the file again/],
    ["failed", true, /./],
  ])("must not be %s unless that says so (%s), and its actions tell the same", async (status, may, detail) => {
    const app = await openApp();
    const id = await ready(app);
    await app.rows(`update sluice.import_jobs set status = '${status}' where id = ${id}`);
    const at = `/imports/${id}`;
    const { actions } = (await app.call("GET", at)).json;
    expect(actions.includes("reopen")).toBe(may);
    const events = await app.events(id);
    const answer = await app.call("POST", `${at}/reopen`);
    expect(answer.status).toBe(may ? 202 : 409);
    if (!may) expect(answer.json.detail).toMatch(detail);
    expect(await app.events(id)).toEqual(may ? [...events, "import.pending"] : events);
    expect((await app.call("GET", at)).json.status).toBe(may ? "pending" : status);
  });

  it("must not have committed anything", async () => {
    const app = await openApp();
    const id = await ready(app);
    await app.rows(
      `update sluice.import_jobs set status = 'paused', phase = 'commit', commit_started_at = now() where id = ${id}`,
    );
    await app.rows(
      `insert into sluice.import_chunks (job_id, chunk_no, from_row, to_row, done_at) values (${id}, 0, 0, 3, now())`,
    );
    const before = await kept(app, id);
    const answer = await app.call("POST", `/imports/${id}/reopen`);
    expect([answer.status, answer.json.detail]).toEqual([409, expect.stringContaining("has already committed rows")]);
    expect((await app.call("GET", `/imports/${id}`)).json.actions).not.toContain("reopen");
    expect(await kept(app, id)).toEqual(before);
    await app.rows("update sluice.import_jobs set phase = 'undo'");
    expect((await app.call("POST", `/imports/${id}/reopen`)).json.detail).toContain("in the middle of its undo");
  });

  it("waits for the last chunk of a worker that was told to stop", async () => {
    const app = await openApp();
    const id = await ready(app);
    await app.rows(
      `update sluice.import_jobs set status = 'paused', phase = 'commit', commit_started_at = now() where id = ${id}`,
    );
    await app.rows(`insert into sluice.import_chunks (job_id, chunk_no, from_row, to_row) values (${id}, 0, 0, 3)`);
    // As the worker holds it, whose records are not in yet.
    await app.database.transaction(async (session) => {
      await session.query(sql`select from sluice.import_chunks where job_id = ${id} for update`);
      const answer = await app.call("POST", `/imports/${id}/reopen`);
      expect([answer.status, answer.json.detail]).toEqual([409, expect.stringContaining("Try again in a moment")]);
      await session.change(sql`update sluice.import_chunks set done_at = now() where job_id = ${id}`);
    });
    expect((await app.call("POST", `/imports/${id}/reopen`)).json.detail).toContain("has already committed rows");
  });

  it("may have begun a commit that wrote nothing, as one that the database refused", async () => {
    const app = await openApp();
    await app.rows(
      "create function refuse() returns trigger language plpgsql as $$ begin raise exception 'closed'; end $$",
    );
    const text = `Email,First name\n${Array.from({ length: 300 }, (_, k) => `a${k}@example.com,Anna\n`).join("")}`;
    const id = await ready(app, text);
    await app.rows("create trigger refuse before insert on leads for each row execute function refuse()");
    await app.call("POST", `/imports/${id}/commit`);
    await app.work(id);
    const at = `/imports/${id}`;
    expect((await app.call("GET", at)).json).toMatchObject({ status: "paused", phase: "commit" });
    expect((await app.call("POST", `${at}/reopen`)).json).toMatchObject({ status: "pending", commitStartedAt: null });
    await app.rows("drop trigger refuse on leads");
    await app.call("POST", `${at}/start`, {});
    await app.work(id);
    await app.call("POST", `${at}/commit`);
    await app.work(id);
    expect((await app.call("GET", at)).json).toMatchObject({ status: "completed", counts: { created: 300 } });
  });

  it("is reopened once by those who ask at the same time", async () => {
    const app = await openApp();
    const id = await ready(app);
    const answers = await Promise.all([1, 2, 3, 4].map(() => app.call("POST", `/imports/${id}/reopen`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409]);
    expect((await app.events(id)).filter((name) => name === "import.pending")).toHaveLength(1);
  });

  it("belongs to whoever may edit it", async () => {
    const app = await openApp();
    const id = await ready(app);
    expect((await app.call("POST", `/imports/${id}/reopen`, undefined, { as: "anna" })).status).toBe(404);
    expect((await app.call("POST", "/imports/99/reopen")).status).toBe(404);
  });
});

it("has no chunks of a match that ends when the import is reopened already", async () => {
  const app = await openApp();
  const id = await ready(app);
  await app.call("POST", `/imports/${id}/commit`);
  const { store } = app;
  const job = await store.imports.get(id);
  const importer = app.importer("leads");
  const locked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const holding = app.database.transaction(async (session) => {
    await session.query(sql`lock table leads in access exclusive mode`);
    locked.resolve();
    await release.promise;
  });
  await locked.promise;
  const onEvent = ({ name }: { name: string }): void => {
    if (name === "match.started") started.resolve();
  };
  const columns = stageColumns(importer, job.mapping, job.assignment);
  const entering = store.commits.match(await store.commits.enter(job), importer, columns, { onEvent });
  const refused = expect(entering).rejects.toSatisfy((error) => store.stage.lossOf(error) !== null);
  await started.promise;
  expect((await app.call("POST", `/imports/${id}/pause`)).status).toBe(202);
  expect((await app.call("POST", `/imports/${id}/reopen`)).status).toBe(202);
  release.resolve();
  await holding;
  await refused;
  expect((await kept(app, id)).import_chunks).toBe(0);
  expect(await store.imports.get(id)).toMatchObject({ status: "pending", matchedAt: null });
});
