import { describe, expect, it } from "vitest";
import { type OpenApp, openApp } from "./open-app.ts";

const people = "Email,First name,Last name\nanna@example.com,Anna,Berg\nnot-an-address,Bo,Ek\n";

async function create(app: OpenApp, text: string, more: Record<string, unknown> = {}, as = "admin") {
  const uploadId = await app.upload(text, "leads.csv", as);
  return app.call("POST", "/imports", { uploadId, importer: "leads", ...more }, { as });
}

describe("an import over HTTP", () => {
  it("goes from an upload over the review to its records, and every step is in its timeline", async () => {
    const app = await openApp();
    const made = await create(app, people);
    expect([made.status, made.headers.get("location")]).toEqual([201, `/api/v1/imports/${made.json.id}`]);
    expect(made.json).toMatchObject({
      status: "pending",
      actions: ["start", "cancel", "delete"],
      createdBy: "admin",
      createdByName: "admin",
      dialect: { format: "csv", encoding: "utf-8", delimiter: ",", headerRow: 1 },
      mapping: {
        missing: [],
        columns: [{ column: "Email", field: "email" }, { field: "first_name" }, { field: "last_name" }],
      },
    });
    const at = `/imports/${made.json.id}`;

    const started = await app.call("POST", `${at}/start`, {});
    expect([started.status, started.json.status, started.json.phase]).toEqual([202, "queued", "parse"]);
    await app.work(made.json.id);
    expect((await app.call("GET", at)).json).toMatchObject({
      status: "ready",
      totalRows: 2,
      counts: { created: 0, invalid: 1 },
      actions: ["dry-run", "commit", "reopen", "cancel"],
    });

    const dryRun = await app.call("POST", `${at}/dry-run`);
    expect(dryRun.json).toMatchObject({
      counts: { created: 1, invalid: 1 },
      issues: [{ field: "email", label: "E-mail", code: "email_invalid", severity: "error", count: 1 }],
    });
    expect((await app.rows("select email from leads")).length).toBe(0);

    expect((await app.call("POST", `${at}/commit`)).json.status).toBe("queued");
    await app.work(made.json.id);
    expect((await app.call("GET", at)).json).toMatchObject({
      status: "completed",
      importedRows: 1,
      counts: { created: 1, invalid: 1, updated: 0, unchanged: 0, skipped: 0, failed: 0 },
      actions: ["undo", "delete"],
    });
    expect(await app.rows("select email from leads")).toEqual([{ email: "anna@example.com" }]);
    const told = await app.events(made.json.id);
    expect(told.filter((name) => /created|queued|parsing|ready|committing|completed/.test(name))).toEqual([
      "import.created",
      "import.queued",
      "import.parsing",
      "import.ready",
      "import.queued",
      "import.committing",
      "import.completed",
    ]);
  });

  it("goes on to the commit by itself where that was asked for", async () => {
    const app = await openApp();
    const made = await create(app, people, { options: { autoCommit: true } });
    expect([made.status, made.json.status]).toEqual([202, "queued"]);
    await app.work(made.json.id);
    expect((await app.call("GET", `/imports/${made.json.id}`)).json).toMatchObject({
      status: "completed",
      importedRows: 1,
    });
  });

  it.each([
    ["in.csv", "Email,First name\n"],
    ["in.csv", "Email,First name\n\n,\n"],
    ["out.csv", people],
  ])("says of a file with a header and no rows that there is nothing to import (%s, %j)", async (name, text) => {
    const app = await openApp();
    const uploadId = await app.upload(text, name);
    const { json } = await app.call("POST", "/imports", { uploadId, importer: "leads", options: { autoCommit: true } });
    const at = `/imports/${json.id}`;
    expect(json.notice).toBeNull();
    await app.work(json.id);
    const expected =
      name === "in.csv" ? "The file has a header but no rows below it: there is nothing to import." : null;
    expect((await app.call("GET", at)).json).toMatchObject({
      status: "completed",
      notice: expected,
      errorMessage: null,
    });
    expect((await app.call("GET", `${at}/report`)).json.notice).toBe(expected);
    expect((await app.call("GET", "/imports?lang=sv")).json.items[0].notice).toBe(
      expected && "Filen har en rubrikrad men inga rader under den: det finns inget att importera.",
    );
  });

  it("comes with its file in one request", async () => {
    const app = await openApp();
    const form = new FormData();
    form.set("import", JSON.stringify({ importer: "leads", start: true }));
    form.set("file", new File([people], "people.csv"));
    const made = await app.call("POST", "/imports", form);
    expect([made.status, made.json.status, made.json.fileName]).toEqual([202, "queued", "people.csv"]);

    const wrong = new FormData();
    wrong.set("import", JSON.stringify({ importer: "leads", nonsense: 1 }));
    wrong.set("file", new File([`${people}\n`], "people.csv"));
    expect((await app.call("POST", "/imports", wrong)).status).toBe(422);
    expect((await app.call("GET", "/uploads")).json.items).toEqual([]);
  });

  it("refuses the same bytes a second time, names the import that has them, and takes them when told again", async () => {
    const app = await openApp();
    const first = await create(app, people);
    const second = await create(app, people);
    expect([second.status, second.json.importId]).toEqual([409, first.json.id]);
    expect(second.json.next).toMatchObject({ code: "import_again" });
    expect((await create(app, people, { again: true })).status).toBe(201);
  });

  it("keeps an upload whose import could not be made for the next try", async () => {
    const app = await openApp();
    const uploadId = await app.upload(people);
    const refused = await app.call("POST", "/imports", {
      uploadId,
      importer: "leads",
      columns: [{ column: "Email", field: "nix" }],
    });
    expect([refused.status, refused.json.code]).toEqual([422, "invalid"]);
    expect((await app.call("POST", "/imports", { uploadId, importer: "leads" })).status).toBe(201);
    expect((await app.call("POST", "/imports", { uploadId, importer: "leads", again: true })).status).toBe(409);
  });
});

describe("what an import's status allows", () => {
  it.each([
    // [statuses to get to, request, expected status, status then]
    ["pending", "commit", 409, "pending"],
    ["pending", "pause", 409, "pending"],
    ["pending", "resume", 409, "pending"],
    ["pending", "retry", 409, "pending"],
    ["pending", "undo", 409, "pending"],
    ["pending", "dry-run", 409, "pending"],
    ["pending", "cancel", 202, "cancelled"],
    ["queued", "start", 409, "queued"],
    ["queued", "pause", 202, "paused"],
    ["queued", "cancel", 202, "cancelled"],
    ["ready", "start", 409, "ready"],
    ["ready", "cancel", 202, "cancelled"],
    ["ready", "dry-run", 200, "ready"],
    ["paused", "resume", 202, "queued"],
    ["paused", "retry", 409, "paused"],
    ["paused", "cancel", 202, "cancelled"],
    ["completed", "commit", 409, "completed"],
    ["completed", "undo", 202, "queued"],
    ["cancelled", "start", 409, "cancelled"],
  ])("%s: POST %s → %i, then %s", async (status, action, expected, after) => {
    const app = await openApp();
    const { json } = await create(app, people);
    const at = `/imports/${json.id}`;
    if (status === "queued" || status === "paused") await app.call("POST", `${at}/start`, {});
    if (status === "paused") await app.call("POST", `${at}/pause`);
    if (status === "cancelled") await app.call("POST", `${at}/cancel`);
    if (status === "ready" || status === "completed") {
      await app.call("POST", `${at}/start`, {});
      await app.work(json.id);
    }
    if (status === "completed") {
      await app.call("POST", `${at}/commit`);
      await app.work(json.id);
    }
    const before = await app.events(json.id);
    const answer = await app.call("POST", `${at}/${action}`, action === "start" ? {} : undefined);
    expect([answer.status, (await app.call("GET", at)).json.status]).toEqual([expected, after]);
    const fired = (await app.events(json.id)).slice(before.length);
    expect(fired).toEqual(status === after ? [] : [`import.${after}`]);
    if (expected === 409) expect(answer.json.detail).toContain(`Import ${json.id}`);
  });

  it("retries what has failed", async () => {
    const app = await openApp();
    const { json } = await create(app, people);
    await app.call("POST", `/imports/${json.id}/start`, {});
    await app.store.imports.move(json.id, "failed", { errorMessage: "the disk is full" });
    expect((await app.call("GET", `/imports/${json.id}`)).json).toMatchObject({ errorMessage: "the disk is full" });
    expect((await app.call("POST", `/imports/${json.id}/retry`)).json).toMatchObject({
      status: "queued",
      errorMessage: null,
    });
  });

  it("deletes what is at rest and nothing else", async () => {
    const app = await openApp();
    const { json } = await create(app, people);
    await app.call("POST", `/imports/${json.id}/start`, {});
    expect((await app.call("DELETE", `/imports/${json.id}`)).status).toBe(409);
    await app.call("POST", `/imports/${json.id}/cancel`);
    expect((await app.call("DELETE", `/imports/${json.id}`)).status).toBe(204);
    expect((await app.call("GET", `/imports/${json.id}`)).status).toBe(404);
  });

  it("never commits a dry run", async () => {
    const app = await openApp();
    const { json } = await create(app, people, { dryRun: true, start: true });
    await app.work(json.id);
    expect((await app.call("POST", `/imports/${json.id}/dry-run`)).json.counts.created).toBe(1);
    expect((await app.call("POST", `/imports/${json.id}/commit`)).status).toBe(409);
  });
});

describe("the list of imports", () => {
  it("is filtered by status, importer, user, text, dates and parent, in pages, the newest first", async () => {
    const app = await openApp();
    const ids: number[] = [];
    for (const [name, as] of [
      ["a.csv", "anna"],
      ["b_100%.csv", "bo"],
      ["c.csv", "anna"],
      ["d.csv", "admin"],
    ] as const) {
      const uploadId = await app.upload(`${people}x${name}@example.com,,\n`, name, as);
      ids.push((await app.call("POST", "/imports", { uploadId, importer: "leads" }, { as })).json.id);
    }
    await app.call("POST", `/imports/${ids[0]}/cancel`);
    const [a, b, c, d] = ids;
    const list = async (query: string, as = "admin") =>
      (await app.call("GET", `/imports${query}`, undefined, { as })).json.items.map(({ id }: { id: number }) => id);

    expect(await list("")).toEqual([d, c, b, a]);
    expect(await list("", "anna")).toEqual([c, a]);
    expect(await list("?status=pending&status=failed")).toEqual([d, c, b]);
    expect(await list("?status=cancelled,failed")).toEqual([a]);
    expect(await list("?importer=nix")).toEqual([]);
    expect(await list("?user=anna")).toEqual([c, a]);
    expect(await list("?user=me")).toEqual([d]);
    expect(await list("?text=_100%25")).toEqual([b]);
    expect(await list("?text=B_")).toEqual([b]);
    expect(await list("?from=2999-01-01")).toEqual([]);
    expect(await list("?to=2999-01-01T00:00:00Z&limit=2")).toEqual([d, c]);
    expect(await list("?parentId=1")).toEqual([]);
    const first = (await app.call("GET", "/imports?limit=3")).json;
    expect(first.next).toBe(String(b));
    expect((await app.call("GET", `/imports?limit=3&after=${first.next}`)).json).toMatchObject({
      items: [{ id: a }],
      next: null,
    });
    expect((await app.call("GET", "/imports?user=bo", undefined, { as: "anna" })).status).toBe(403);
  });

  it("is sorted as asked, page by page, with what is equal in the order it was made in, and says how many there are", async () => {
    const app = await openApp();
    // [name, status, total rows, importer]
    const made: [string, string, number, string][] = [
      ["b.csv", "completed", 10, "leads"],
      ["A.csv", "pending", 0, "Leads"],
      ["a.csv", "failed", 2, "books"],
      ["c.csv", "pending", 10, "leads"],
      ["É.csv", "ready", 9, "books"],
      ["b.csv", "ready", 100, "leads"],
      ["a'\"\\%_.csv", "pending", 0, "leads"],
    ];
    for (const [name, status, total, importer] of made) {
      await app.rows(`insert into sluice.import_jobs (importer, file_name, file_hash, file_size, storage_path, status, dialect,
        column_mapping, assignment_config, duplicate_config, target, created_by, total_rows)
        values ('${importer}', '${name.replaceAll("'", "''")}', 'x', 1, 'x', '${status}', '{"format": "json", "packing": "none", "headerRow": 0, "columns": [], "findings": []}', '{"columns": []}', '{}', '{}', 'x', 'admin', ${total})`);
    }
    const keys = {
      createdAt: "id",
      fileName: "lower(file_name)",
      status: `array_position('{pending,queued,parsing,ready,committing,completed,undoing,undone,paused,cancelled,failed}'::text[], status)`,
      totalRows: "total_rows",
      importer: "lower(importer)",
    };
    for (const [sort, key] of Object.entries(keys)) {
      for (const order of ["asc", "desc"]) {
        const expected = await app.rows<{ id: number }>(
          `select id from sluice.import_jobs order by ${key} ${order}, id ${order}`,
        );
        for (const limit of [1, 2, 3, 7]) {
          const found: number[] = [];
          let after: string | null = "";
          while (after !== null) {
            const query: string = after === "" ? "" : `&after=${after}`;
            const { json } = await app.call("GET", `/imports?sort=${sort}&order=${order}&limit=${limit}${query}`);
            expect(json.count).toBe(made.length);
            found.push(...json.items.map(({ id }: { id: number }) => id));
            after = json.next;
          }
          expect([sort, order, limit, found]).toEqual([sort, order, limit, expected.map(({ id }) => id)]);
        }
      }
    }
    expect((await app.call("GET", "/imports?status=pending&limit=1&sort=fileName")).json).toMatchObject({
      count: 3,
      items: [{ fileName: "c.csv" }],
    });
    expect((await app.call("GET", "/imports?limit=1", undefined, { as: "bo" })).json).toEqual({
      items: [],
      next: null,
      count: 0,
    });
  });

  it("is not shifted by what is made or goes between two pages", async () => {
    const app = await openApp();
    const ids: number[] = [];
    for (const name of ["b.csv", "d.csv", "f.csv"]) {
      const uploadId = await app.upload(`${people}x${name}@example.com,,\n`, name);
      ids.push((await app.call("POST", "/imports", { uploadId, importer: "leads" })).json.id);
    }
    const page = async (after: string) =>
      (await app.call("GET", `/imports?sort=fileName&order=asc&limit=2${after}`)).json;
    const first = await page("");
    expect(first.items.map(({ id }: { id: number }) => id)).toEqual([ids[0], ids[1]]);
    // The last one seen goes, and one comes before it.
    await app.call("DELETE", `/imports/${ids[1]}`);
    const uploadId = await app.upload(`${people}y@example.com,,\n`, "a.csv");
    await app.call("POST", "/imports", { uploadId, importer: "leads" });
    const second = await page(`&after=${first.next}`);
    expect(second.items.map(({ id }: { id: number }) => id)).toEqual([ids[2]]);
    expect([first.count, second.count]).toEqual([3, 3]);
  });

  it.each([
    ["createdAt", "WyJhIiwxXQ"],
    ["fileName", "41"],
    ["fileName", Buffer.from('["a"]').toString("base64url")],
    ["fileName", Buffer.from("[1,2]").toString("base64url")],
    ["fileName", Buffer.from('["a\\u0000",2]').toString("base64url")],
    ["fileName", Buffer.from('["a",-1]').toString("base64url")],
    ["totalRows", Buffer.from('["a",2]').toString("base64url")],
    ["status", Buffer.from("{}").toString("base64url")],
  ])("sorted by %s refuses a key that none of its pages has (%s)", async (sort, after) => {
    const app = await openApp();
    const { status, json } = await app.call("GET", `/imports?sort=${sort}&after=${after}`);
    expect([status, json.errors]).toEqual([
      422,
      [{ path: "after", message: `must be what \`next\` of a page sorted by ${sort} says` }],
    ]);
  });
});

describe("who made an import", () => {
  it("is told by the name they have now, or had then", async () => {
    const app = await openApp();
    const { json } = await create(app, people, {}, "anna");
    expect((await app.call("GET", `/imports/${json.id}`)).json).toMatchObject({
      createdBy: "anna",
      createdByName: "Anna",
      children: [],
      undoStartedAt: null,
      undoneAt: null,
    });
    await app.rows("insert into sluice.users (id, name, role) values ('anna', 'Anna Berg', 'user')");
    const listed = (await app.call("GET", "/imports")).json.items[0];
    expect([listed.createdByName, "children" in listed]).toEqual(["Anna Berg", false]);
  });
});

describe("too many imports that wait", () => {
  it("are refused until one has begun, and the new one stays pending", async () => {
    const app = await openApp(undefined, undefined, { waitingLimit: 1 });
    const first = await create(app, people, { start: true });
    expect(first.json.status).toBe("queued");
    const second = await create(app, `${people}x@example.com,,\n`, { start: true });
    expect([second.status, second.json.code, second.headers.get("retry-after")]).toEqual([429, "too_many", "10"]);
    const at = `/imports/${second.json.importId}`;
    expect((await app.call("GET", at)).json.status).toBe("pending");
    const started = await app.call("POST", `${at}/start`, {});
    expect([started.status, started.json.retryAfterSeconds, started.headers.get("retry-after")]).toEqual([
      429,
      10,
      "10",
    ]);
    await app.work(first.json.id);
    expect((await app.call("POST", `${at}/start`, {})).status).toBe(202);
  });
});

it("makes one import of two uploads of the same file at the same moment, and names it to the other", async () => {
  const app = await openApp();
  const uploads = [await app.upload("Email\na@x.fr\n"), await app.upload("Email\na@x.fr\n")];
  const answers = await Promise.all(
    uploads.map((uploadId) => app.call("POST", "/imports", { uploadId, importer: "leads" })),
  );
  const [made, refused] = answers.sort((a, b) => a.status - b.status);
  expect([made.status, refused.status]).toEqual([201, 409]);
  expect(refused.json.importId).toBe(made.json.id);
});
