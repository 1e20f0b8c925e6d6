import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { s3Files } from "../../src/files/s3.ts";
import { supabaseStorage } from "../../src/files/supabase-storage.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { defineImporter, field } from "../../src/index.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { postgresIdempotency } from "../../src/postgres/jobs/idempotency.ts";
import { supabaseStorageServer } from "../supabase-storage.ts";
import { type OpenApp, openApp } from "./open-app.ts";

const csv = "Email\nanna@example.com\n";

describe("a POST with an Idempotency-Key", () => {
  it("is done once and answered the same each time", async () => {
    const app = await openApp();
    const body = { uploadId: await app.upload(csv), importer: "leads" };
    const headers = { "idempotency-key": "5f0c" };
    const first = await app.call("POST", "/imports", body, { headers });
    const second = await app.call("POST", "/imports", body, { headers });
    expect(first.headers.get("idempotent-replayed")).toBeNull();
    expect([
      second.status,
      second.text,
      second.headers.get("location"),
      second.headers.get("idempotent-replayed"),
    ]).toEqual([201, first.text, first.headers.get("location"), "true"]);
    const start = `/imports/${first.json.id}/start`;
    expect((await app.call("POST", start, {}, { headers: { "idempotency-key": "s" } })).status).toBe(202);
    expect((await app.call("POST", start, {}, { headers: { "idempotency-key": "s" } })).status).toBe(202);
    expect((await app.call("POST", start, {})).status).toBe(409);
    expect((await app.call("GET", "/imports")).json.items).toHaveLength(1);
  });

  it("is refused when the key belongs to another request, and a key is each user's own", async () => {
    const app = await openApp();
    const made = await app.call("POST", "/imports", { uploadId: await app.upload(csv), importer: "leads" });
    const at = `/imports/${made.json.id}`;
    const headers = { "idempotency-key": "k" };
    expect((await app.call("POST", `${at}/start`, {}, { headers })).status).toBe(202);
    const other = await app.call("POST", `${at}/start`, { acceptDoubts: true }, { headers });
    expect([other.status, other.json.detail]).toEqual([422, expect.stringContaining("another request")]);
    expect((await app.call("POST", `${at}/pause`, undefined, { headers })).status).toBe(422);
    expect((await app.call("POST", `${at}/start`, {}, { headers, as: "anna" })).status).toBe(404);
  });

  it("is refused while the same request is under way, in whichever process", async () => {
    const app = await openApp();
    const body = { uploadId: await app.upload(csv), importer: "leads" };
    const headers = { "idempotency-key": "k" };
    const both = await Promise.all([1, 2].map(() => app.call("POST", "/imports", body, { headers })));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect((await app.call("POST", "/imports", body, { headers })).status).toBe(201);

    const keys = postgresIdempotency(app.database);
    const request = { userId: "admin", key: "other", requestHash: "x" };
    const first = await keys.claim(request);
    expect([first.kind, (await keys.claim(request)).kind]).toEqual(["claimed", "under_way"]);
    expect((await postgresIdempotency(app.database).claim(request)).kind).toBe("under_way");
  });

  it.each<[string, string]>([
    ["has died", "update sluice.presences set backend_start = now() - interval '1 year'"],
    ["is cut off", "update sluice.presences set heartbeat_at = now() - interval '11 seconds'"],
    ["has given it up, and could not say so", "update sluice.presences set claims = '{}'"],
  ])("is done by the next when the process that was at it %s", async (_, happens) => {
    const app = await openApp();
    const [dead, next] = [postgresIdempotency(app.database), postgresIdempotency(app.database)];
    const request = { userId: "admin", key: "k", requestHash: "x" };
    const lost = await dead.claim(request);
    if (lost.kind !== "claimed") throw new Error(lost.kind);
    await app.rows(happens);
    const taken = await next.claim(request);
    expect(taken).toMatchObject({ kind: "claimed", importId: null });
    // The one that was thought dead is not.
    await dead.keep(lost.claim, { status: 201, headers: {}, body: "late" });
    await dead.release(lost.claim);
    expect((await dead.claim(request)).kind).toBe("under_way");
    if (taken.kind === "claimed") await next.keep(taken.claim, { status: 201, headers: {}, body: "done" });
    expect(await dead.claim(request)).toMatchObject({ kind: "answered", answer: { body: "done" } });
  });

  it("answers with the import that it had made when its process died before it could", async () => {
    const app = await openApp();
    const body = { uploadId: await app.upload(csv), importer: "leads", start: true, acceptDoubts: true };
    const headers = { "idempotency-key": "k" };
    const first = await app.call("POST", "/imports", body, { headers });
    await app.rows("update sluice.idempotency_keys set status = null, headers = null, body = null");
    const second = await app.call("POST", "/imports", body, { headers });
    expect([second.status, second.json.id, second.json.status]).toEqual([202, first.json.id, "queued"]);
    expect((await app.call("POST", "/imports", body, { headers })).headers.get("idempotent-replayed")).toBe("true");
    expect((await app.call("GET", "/imports")).json.items).toHaveLength(1);
  });

  /** A process that died after it had done what was asked for, and before it could answer. */
  const dieBeforeAnswer = (app: OpenApp) =>
    app.rows("update sluice.idempotency_keys set status = null, headers = null, body = null, holder = null");
  const refusing = `create table people (id serial primary key, email text);
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'closed today'; end $$`;
  const loaded = defineImporter({ name: "people", fields: { email: field.text() }, target: { table: "people" } });

  /** `[action, what happens before, what is asked for]`; paths are below the import. */
  const decided: [string, string[], string, object | undefined][] = [
    ["start", [], "start", {}],
    ["commit", ["start", "work"], "commit", undefined],
    ["pause", ["start"], "pause", undefined],
    ["resume", ["start", "pause"], "resume", undefined],
    ["reject", ["start", "work", "commit", "refuse"], "reject", undefined],
    ["retry", ["start", "fail"], "retry", undefined],
    ["reopen", ["start", "work"], "reopen", undefined],
    ["cancel", ["start", "work"], "cancel", undefined],
    ["undo", ["start", "work", "commit", "work"], "undo", undefined],
    ["find and replace", ["start", "work"], "edits", { kind: "find", find: "a", replace: "b" }],
    ["an edit taken back", ["start", "work", "edit"], "edits/undo", undefined],
  ];

  it.each(decided)(
    "is answered, and not done again, when its process died before it could answer: %s",
    async (_, before, action, body) => {
      const app = await openApp([loaded], refusing);
      const { json } = await app.call("POST", "/imports", {
        uploadId: await app.upload("Email\nanna\nbo\n"),
        importer: "people",
      });
      const at = `/imports/${json.id}`;
      for (const step of before) {
        if (step === "work") await app.work(json.id);
        else if (step === "fail") await app.store.imports.move(json.id, "failed", { errorMessage: "gone" });
        else if (step === "refuse") {
          await app.store.imports.move(json.id, "paused", { errorMessage: "too many refusals" });
        } else if (step === "edit") await app.call("POST", `${at}/edits`, { kind: "find", find: "n", replace: "m" });
        else await app.call("POST", `${at}/${step}`, step === "start" ? {} : undefined);
      }
      const headers = { "idempotency-key": "k" };
      const first = await app.call("POST", `${at}/${action}`, body, { headers });
      expect(first.status).toBe(action.startsWith("edits") ? 200 : 202);
      const events = await app.events(json.id);
      await dieBeforeAnswer(app);
      const second = await app.call("POST", `${at}/${action}`, body, { headers });
      expect([second.status, second.json]).toEqual([first.status, { ...first.json, updatedAt: second.json.updatedAt }]);
      expect(await app.events(json.id)).toEqual(events);
      expect((await app.call("POST", `${at}/${action}`, body, { headers })).headers.get("idempotent-replayed")).toBe(
        "true",
      );
      // What others, or the same person with another request, have done since is not taken for it.
      const other = await app.call("POST", `${at}/${action}`, body, { headers: { "idempotency-key": "other" } });
      expect(other.status === 409 || action === "edits" || action === "pause").toBe(true);
    },
  );

  it("is done when its process died before it had done anything, though the same was done before", async () => {
    const app = await openApp([loaded], refusing);
    const { json } = await app.call("POST", "/imports", {
      uploadId: await app.upload("Email\nanna\n"),
      importer: "people",
    });
    const at = `/imports/${json.id}`;
    await app.call("POST", `${at}/start`, {});
    await app.call("POST", `${at}/pause`);
    await app.call("POST", `${at}/resume`);
    const keys = postgresIdempotency(app.database);
    const headers = { "idempotency-key": "k" };
    // It claims its key, and dies.
    const requestHash = createHash("sha256").update(`/api/v1${at}/pause\n`).digest("hex");
    const claimed = await keys.claim({ userId: "admin", key: "k", requestHash });
    if (claimed.kind === "claimed") await keys.leave(claimed.claim);
    const { status, json: paused } = await app.call("POST", `${at}/pause`, undefined, { headers });
    expect([status, paused.status]).toEqual([202, "paused"]);
  });

  it("is done again when it was refused before, for nothing has changed", async () => {
    const app = await openApp();
    const made = await app.call("POST", "/imports", { uploadId: await app.upload(csv), importer: "leads" });
    const headers = { "idempotency-key": "k" };
    expect((await app.call("POST", `/imports/${made.json.id}/pause`, undefined, { headers })).status).toBe(409);
    await app.call("POST", `/imports/${made.json.id}/start`, {});
    expect((await app.call("POST", `/imports/${made.json.id}/pause`, undefined, { headers })).status).toBe(202);
  });

  it("keeps nothing of what lets files be sent to a storage, which is signed anew each time", async () => {
    const server = await supabaseStorageServer();
    const { projectUrl, serviceKey, s3 } = server;
    const supabase = supabaseStorage({ endpoint: s3.url, projectUrl, serviceKey });
    const files = await s3Files(new URL(`s3://${s3.bucket}`), s3.settings, null, { supabase });
    const app = await openApp([leads], "", { filesIn: () => files });
    const tus = { "tus-resumable": "1.0.0", "upload-length": "7000000", "upload-metadata": "filename bC5jc3Y=" };
    const begun = await app.call("POST", "/uploads/tus", undefined, { headers: tus });
    const parts = `/uploads/${begun.headers.get("location")?.split("/").at(-1)}/parts`;
    const headers = { "idempotency-key": "k" };
    const first = await app.call("POST", parts, undefined, { headers });
    const second = await app.call("POST", parts, undefined, { headers });
    expect([first.status, second.status, second.headers.get("idempotent-replayed")]).toEqual([200, 200, null]);
    expect(server.requests.filter(({ operation }) => operation === "sign")).toHaveLength(2);
    const token: string = first.json.resumable.headers["x-signature"];
    const tables = await app.database.query<{ name: string }>(sql`
      select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname like 'sluice%'
    `);
    for (const { name } of tables) {
      const kept = await app.database.session((session) =>
        session.foreign(`select 1 from ${name} t where t::text like '%' || $1 || '%'`, [token.split(".")[2]]),
      );
      expect([name, kept.rows]).toEqual([name, []]);
    }
    expect([first, second].map(({ text }) => text.includes(serviceKey))).toEqual([false, false]);
  });

  it("is forgotten after a day", async () => {
    const app = await openApp();
    const made = await app.call("POST", "/imports", {
      uploadId: await app.upload(csv),
      importer: "leads",
      start: true,
    });
    const headers = { "idempotency-key": "k" };
    expect((await app.call("POST", `/imports/${made.json.id}/pause`, undefined, { headers })).status).toBe(202);
    await app.database.query(sql`update sluice.idempotency_keys set created_at = now() - interval '25 hours'`);
    expect((await app.call("POST", `/imports/${made.json.id}/pause`, undefined, { headers })).status).toBe(409);
    expect(await app.rows("select * from sluice.idempotency_keys")).toEqual([]);
  });

  it.each([
    ["", "1 to 255"],
    ["x".repeat(256), "1 to 255"],
  ])("refuses the key %j", async (key, detail) => {
    const app = await openApp();
    const answer = await app.call("POST", "/imports", {}, { headers: { "idempotency-key": key } });
    expect([answer.status, answer.json.detail]).toEqual([422, expect.stringContaining(detail)]);
  });
});
