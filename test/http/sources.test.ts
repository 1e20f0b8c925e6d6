/** `/sources`: who may make, see and change what, what is shown of secrets, and what is refused before it is kept. */
import { describe, expect, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import type { Importer } from "../../src/core/importer.ts";
import { openOutbound } from "../../src/outbound/outbound.ts";
import { sourceAdapters } from "../../src/sources/sources.ts";
import type { OpenApp } from "./open-app.ts";
import { bring, tenantApp } from "./tenant-app.ts";

const secretsKey = "a key of the tests, long enough for them";

function open(key = secretsKey, importers?: readonly Importer[], ddl?: string): Promise<OpenApp> {
  const sources = sourceAdapters({ outbound: openOutbound(), secretsKey: key, folders: ["/srv/incoming"] });
  return tenantApp(importers, ddl, { sources, places: ["/var/lib/sluice"] });
}

const folder = { kind: "folder", path: "/srv/incoming" };
const sftp = {
  kind: "sftp",
  host: "files.example.com",
  user: "crm",
  password: "hunter2-secret",
  hostFingerprint: `SHA256:${"A".repeat(43)}`,
};
const french = { "accept-language": "fr" };
const usual = { name: "night", importer: "contacts", place: folder };

describe("sources by the API", () => {
  it("are made in their maker's context, kept with their secrets encrypted, changed, paused, run and deleted", async () => {
    const { call, rows } = await open();
    const made = await call(
      "POST",
      "/sources",
      {
        ...usual,
        place: sftp,
        files: ["*.csv"],
        schedule: "0 6 * * 1-5",
        timeZone: "Europe/Paris",
        done: { moveTo: "done" },
        mapping: { columns: [{ column: "Mail", field: "email" }] },
        options: { duplicates: { strategy: "skip", keys: ["email"] } },
      },
      { as: "head" },
    );
    expect(made.status).toBe(201);
    const { password: _, ...shown } = sftp;
    expect(made.json).toMatchObject({
      ...{
        name: "night",
        origin: "api",
        importer: "contacts",
        context: { tenant_id: "1" },
        place: shown,
        hasSecrets: true,
      },
      ...{
        files: ["*.csv"],
        state: "working",
        done: { moveTo: "done" },
        createdBy: "head",
        settleSeconds: 30,
        error: null,
      },
      mapping: { columns: [{ column: "Mail", field: "email" }], fields: [] },
      options: { autoCommit: true, duplicates: { strategy: "skip", keys: ["email"] } },
      counts: { new: 0, imported: 0 },
    });
    expect(made.json.nextRunAt).not.toBeNull();
    // Whoever made it hears of it, at the address that their sign-in said.
    expect(
      await rows("select count(*)::int as n from sluice.sources s join sluice.mail_recipients r on r.id = s.notify"),
    ).toEqual([{ n: 1 }]);
    const stored = JSON.stringify(await rows("select *, encode(sealed, 'escape') as sealed_text from sluice.sources"));
    expect(stored).not.toContain("hunter2");
    expect(made.text).not.toContain("hunter2");
    const { id } = made.json;
    const changed = await call("PATCH", `/sources/${id}`, { schedule: null, parallel: true }, { as: "head" });
    expect(changed.json).toMatchObject({
      schedule: null,
      nextRunAt: null,
      parallel: true,
      files: ["*.csv"],
      hasSecrets: true,
    });
    // A place is changed as a whole: the password of one host goes to no other.
    const { password, ...passwordless } = { ...sftp, host: "evil.example.com" };
    expect((await call("PATCH", `/sources/${id}`, { place: passwordless }, { as: "head" })).status).toBe(422);
    const moved = await call("PATCH", `/sources/${id}`, { place: folder }, { as: "head" });
    expect(moved.json).toMatchObject({ place: folder, hasSecrets: false });
    expect(await rows("select sealed from sluice.sources")).toEqual([{ sealed: null }]);
    expect((await call("POST", `/sources/${id}/pause`, undefined, { as: "head" })).json.state).toBe("paused");
    expect((await call("POST", `/sources/${id}/resume`, undefined, { as: "head" })).json.state).toBe("working");
    const run = await call("POST", `/sources/${id}/run`, undefined, { as: "head" });
    expect(run.json.lookAt).not.toBeNull();
    expect((await call("GET", `/sources/${id}/files`, undefined, { as: "head" })).json).toEqual({
      items: [],
      next: null,
    });
    expect((await call("POST", `/sources/${id}/files/7/retry`, undefined, { as: "head" })).status).toBe(404);
    expect((await call("POST", "/sources", usual, { as: "head" })).status).toBe(409);
    expect((await call("DELETE", `/sources/${id}`, undefined, { as: "head" })).status).toBe(204);
    expect((await call("GET", `/sources/${id}`, undefined, { as: "head" })).status).toBe(404);
  });

  it("take a remembered mapping: what its file showed of dates stays a suggestion, and is not shown as said", async () => {
    const contacts = defineImporter({
      name: "contacts",
      fields: { email: field.email(), born: field.date() },
      context: { tenant_id: { type: "integer", from: (user) => user.tenantId } },
      target: { table: "contacts" },
    });
    const ddl = "create table contacts (id bigserial primary key, email text, born date, tenant_id int)";
    const app = await open(secretsKey, [contacts], ddl);
    const made = await bring(app, "head", "email,born\nanna@x.fr,01/13/1990\n");
    const template = await app.call("PUT", "/templates", { importId: made.json.id }, { as: "head" });
    const source = await app.call("POST", "/sources", { ...usual, templateId: template.json.id }, { as: "head" });
    const born = { column: "born", field: "born", transform: { dateOrder: "mdy" } };
    expect(source.json.mapping.columns).toEqual([{ column: "email", field: "email" }, born]);
    const [{ given }] = await app.rows<{ given: unknown }>("select choices->'given' as given from sluice.sources");
    expect(given).toEqual([
      { column: "email", field: "email" },
      { ...born, readBy: "cells" },
    ]);
    // Its options can be sent back as they were told, but for what is to be another.
    const options = { ...source.json.options, autoCommit: false };
    const changed = await app.call("PATCH", `/sources/${source.json.id}`, { options }, { as: "head" });
    expect([changed.status, changed.json.options]).toEqual([200, options]);
  });

  it("are there for nobody else: not for users, not for another tenant's admin", async () => {
    const { call } = await open();
    const { json } = await call("POST", "/sources", usual, { as: "head" });
    const requests = [
      ["GET", `/sources/${json.id}`],
      ["PATCH", `/sources/${json.id}`, { schedule: null }],
      ["DELETE", `/sources/${json.id}`],
      ["POST", `/sources/${json.id}/run`],
      ["POST", `/sources/${json.id}/pause`],
      ["POST", `/sources/${json.id}/resume`],
      ["GET", `/sources/${json.id}/files`],
      ["POST", `/sources/${json.id}/files/1/retry`],
    ] as const;
    for (const [method, path, body] of requests) {
      for (const [as, status] of [
        ["rival", 404],
        ["loose", 404],
        ["anna", 403],
        ["", 401],
      ] as const)
        expect([method, path, as, (await call(method, path, body, { as })).status]).toEqual([method, path, as, status]);
    }
    const seen = async (as: string): Promise<string[]> =>
      (await call("GET", "/sources", undefined, { as })).json.items.map(({ name }: { name: string }) => name);
    expect([await seen("head"), await seen("operator"), await seen("rival"), await seen("loose")]).toEqual([
      ["night"],
      ["night"],
      [],
      [],
    ]);
    expect((await call("GET", "/sources", undefined, { as: "anna" })).status).toBe(403);
    // Nobody makes one for another tenant.
    const stolen = await call(
      "POST",
      "/sources",
      { ...usual, name: "stolen", context: { tenant_id: "2" } },
      { as: "head" },
    );
    expect(stolen.status).toBe(403);
  });

  it("have a remembered mapping, but for what is said of the same columns and fields", async () => {
    const app = await open();
    const as = { as: "head" };
    const { json: made } = await bring(app, "head", "email,name,alias\na@x.fr,Ann,A\n");
    const { json: template } = await app.call("PUT", "/templates", { importId: made.id }, as);
    const mapping = { columns: [{ column: "alias", field: "name" }] };
    const { json } = await app.call("POST", "/sources", { ...usual, templateId: template.id, mapping }, as);
    expect(json.mapping).toEqual({
      columns: [
        { column: "alias", field: "name" },
        { column: "email", field: "email" },
      ],
      fields: [],
    });
  });

  it("of a config are run and paused here, and changed there; their place is an operator's to see", async () => {
    const { call, engine } = await open();
    await engine.sources.register([
      {
        ...{
          name: "of-config",
          importer: "contacts",
          context: { tenant_id: "1" },
          place: { kind: "folder", path: "/data/in" },
        },
        ...{
          files: ["*"],
          schedule: null,
          timeZone: "UTC",
          done: "keep",
          settleSeconds: 30,
          parallel: false,
          sameContent: "skip",
        },
        choices: { given: [], acceptDoubts: false, options: {} },
        nextRunAt: null,
      },
    ]);
    const [{ id }] = (await call("GET", "/sources", undefined, { as: "head" })).json.items;
    expect((await call("GET", `/sources/${id}`, undefined, { as: "head" })).json.place).toEqual({ kind: "folder" });
    expect((await call("GET", `/sources/${id}`, undefined, { as: "operator" })).json.place).toEqual({
      kind: "folder",
      path: "/data/in",
    });
    expect((await call("PATCH", `/sources/${id}`, { parallel: true }, { as: "head" })).status).toBe(409);
    expect((await call("DELETE", `/sources/${id}`, undefined, { as: "operator" })).status).toBe(409);
    expect((await call("POST", `/sources/${id}/pause`, undefined, { as: "head" })).json.state).toBe("paused");
    // Its config is read again and again: it stays paused.
    const taken = { ...(await engine.sources.get(id)), nextRunAt: null };
    await engine.sources.register([taken]);
    expect((await engine.sources.get(id)).state).toBe("paused");
    await call("POST", "/sources", usual, { as: "head" });
    await expect(engine.sources.register([{ ...taken, name: "night" }])).rejects.toMatchObject({ code: "conflict" });
  });

  const refused: readonly (readonly [Record<string, unknown>, number, RegExp])[] = [
    [{ name: "Night Run" }, 422, /name/],
    [{ importer: "nothing" }, 404, /importer/],
    [{ place: { kind: "gopher" } }, 422, /place/],
    [{ place: { ...sftp, hostFingerprint: undefined } }, 422, /hostFingerprint/],
    [{ place: { ...sftp, hostFingerprint: "MD5:00" } }, 422, /ssh-keygen/],
    [{ place: { kind: "folder", path: "/etc" } }, 403, /SLUICE_SOURCE_FOLDERS/],
    [{ place: { kind: "folder", path: "/srv/incoming/../../etc" } }, 403, /SLUICE_SOURCE_FOLDERS/],
    [{ place: { kind: "url", url: "https://127.0.0.1/x" } }, 403, /127\.0\.0\.1/],
    [{ place: { kind: "url", url: "https://169.254.169.254/latest" } }, 403, /169\.254/],
    [{ place: { kind: "url", url: "http://example.com/x" } }, 422, /https/],
    [{ place: { kind: "url", url: "https://user:pass@example.com/x" } }, 422, /password/],
    [{ place: { kind: "url", url: "file:///etc/passwd" } }, 422, /https/],
    [{ place: { kind: "url", url: "https://example.com/x" }, done: "delete" }, 422, /done/],
    [{ place: { kind: "s3", bucket: "b" } }, 422, /accessKeyId/],
    [
      { place: { kind: "s3", bucket: "b", endpoint: "https://[::1]/", accessKeyId: "a", secretAccessKey: "b" } },
      403,
      /::1/,
    ],
    [{ schedule: "now and then" }, 422, /cron/],
    [{ schedule: "0 0 31 2 *" }, 422, /never comes/],
    [{ schedule: "@daily", timeZone: "Mars/Base" }, 422, /Mars/],
    [{ done: { moveTo: "../out" } }, 422, /done/],
    [{ files: [] }, 422, /files/],
    [{ options: { mode: "replace" } }, 422, /mode/],
    [{ options: { duplicates: { strategy: "skip", keys: ["nothing"] } } }, 422, /nothing/],
    [{ templateId: 4711 }, 404, /template/],
    [{ surprise: true }, 422, /surprise/],
  ];
  it("are of the kinds that the server's settings allow; its folders are told to whoever runs it", async () => {
    const { call } = await open();
    const kinds = ["url", "s3", "sftp", "ftp", "folder"];
    const asked = async (as: string) => (await call("GET", "/sources/kinds", undefined, { as })).json;
    expect(await asked("head")).toEqual({ kinds, secrets: true, folders: null });
    expect(await asked("operator")).toEqual({ kinds, secrets: true, folders: ["/srv/incoming"] });
    expect((await call("GET", "/sources/kinds", undefined, { as: "anna" })).status).toBe(403);
    const bare = sourceAdapters({ outbound: openOutbound(), secretsKey: "", folders: [] });
    expect(bare.allowed).toEqual({ kinds: ["url", "ftp"], secrets: false, folders: [] });
    const none = await tenantApp();
    expect((await none.call("GET", "/sources/kinds", undefined, { as: "head" })).status).toBe(404);
  });

  it("are refused with the member that is wrong, and a sentence for it in the reader's language", async () => {
    const { call } = await open();
    await call("POST", "/sources", usual, { as: "head" });
    const wrong = async (other: Record<string, unknown>) => {
      const { json } = await call("POST", "/sources", { ...usual, ...other }, { as: "head", headers: french });
      return json.errors;
    };
    for (const [other, path, message] of [
      [{}, "name", "Une source s’appelle déjà « night ». Choisissez un autre nom."],
      [{ schedule: "now" }, "schedule", expect.stringContaining("cinq champs de cron")],
      [{ schedule: "@daily", timeZone: "Mars/Base" }, "timeZone", expect.stringContaining("Mars/Base")],
      [{ files: ["in/*.csv"] }, "files", expect.stringContaining("in/*.csv")],
      [{ done: { moveTo: "../out" } }, "done.moveTo", expect.stringContaining("dossier")],
      [{ place: { ...sftp, password: undefined } }, "place.password", expect.stringContaining("mot de passe")],
      [{ place: { ...sftp, hostFingerprint: "x" } }, "place.hostFingerprint", expect.stringContaining("ssh-keygen")],
      [{ place: { kind: "folder", path: "/etc" } }, "place.path", expect.stringContaining("SLUICE_SOURCE_FOLDERS")],
      [{ place: { kind: "url", url: "https://127.0.0.1/" } }, "place.url", expect.stringContaining("réseau privé")],
      [{ place: { kind: "s3", bucket: "b" } }, "place.accessKeyId", expect.stringContaining("secretAccessKey")],
    ] as const)
      expect([other, await wrong(other)]).toEqual([other, [{ path, message }]]);
    // Where the server keeps its own is not told there either.
    const [{ message }] = await wrong({ place: { kind: "folder", path: "/var/lib/sluice/files" } });
    expect(message).toMatch(/^… ne se trouve/);
  });

  it("are refused where they cannot be, or their maker may not have them, and nothing is kept", async () => {
    const { call, rows } = await open();
    for (const [other, status, message] of refused) {
      const answer = await call("POST", "/sources", { ...usual, ...other }, { as: "head" });
      expect([other, answer.status, answer.text]).toEqual([other, status, expect.stringMatching(message)]);
    }
    expect(await rows("select * from sluice.sources")).toEqual([]);
  });

  it("have no secrets where there is no key to encrypt them with", async () => {
    const { call } = await open("");
    const answer = await call("POST", "/sources", { ...usual, place: sftp }, { as: "head" });
    expect([answer.status, answer.json.detail]).toEqual([409, expect.stringContaining("SLUICE_SECRETS_KEY")]);
    expect((await call("POST", "/sources", usual, { as: "head" })).status).toBe(201);
  });
});
