import { describe, expect, it, onTestFinished, vi } from "vitest";
import { leads } from "../../src/importers/leads/leads.ts";
import { defineImporter, field } from "../../src/index.ts";
import { requireNode } from "../../src/server/environment.ts";
import { createApp } from "../../src/server/mount.ts";
import type { MountOptions } from "../../src/server/mount-options.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import type { ApiDocument } from "./document.ts";

describe("createApp", () => {
  it("answers below its base path, for whom the program's own session knows, and leaves nothing open", async () => {
    const { url } = await freshDatabase();
    const app = createApp({
      databaseUrl: url,
      dataDir: await freshFolder(),
      importers: [leads],
      basePath: "/crm",
      authenticate: async (request) =>
        request.headers.get("cookie") === "session=anna" ? { id: "anna", name: "Anna", role: "user" } : null,
    });
    onTestFinished(() => app.close());
    const get = (path: string, cookie = "session=anna") =>
      app.fetch(new Request(`http://crm.example${path}`, { headers: { cookie } }));
    const importers = await get("/crm/api/v1/importers");
    expect([importers.status, await importers.json()]).toMatchObject([200, { items: [{ name: "leads" }] }]);
    expect((await get("/crm/api/v1/importers", "")).status).toBe(401);
    expect((await get("/api/v1/importers")).status).toBe(404);
    expect((await get("/crm/healthz")).status).toBe(200);
    const document = (await (await get("/crm/api/v1/openapi.json")).json()) as ApiDocument;
    expect(Object.keys(document.paths).filter((path) => !path.startsWith("/crm/"))).toEqual([]);
    const made = await app.fetch(
      new Request("http://crm.example/crm/api/v1/imports", {
        method: "POST",
        headers: { cookie: "session=anna", origin: "http://crm.example" },
        body: formOf("Email\nanna@example.com\n", { importer: "leads" }),
      }),
    );
    expect([made.status, made.headers.get("location")]).toEqual([201, "/crm/api/v1/imports/1"]);
    await app.close();
  });

  it("takes uploads in within the limits of the settings", async () => {
    const { url } = await freshDatabase();
    const app = createApp({
      databaseUrl: url,
      dataDir: await freshFolder(),
      importers: [leads],
      authenticate: async () => ({ id: "anna", name: "Anna", role: "user" }),
      uploadMaxBytes: 2048,
      uploadQuotaBytes: 4096,
      uploadQuotaFiles: 1,
      uploadKeepHours: 2,
    });
    onTestFinished(() => app.close());
    const send = async (bytes: number) => {
      const answer = await app.fetch(
        new Request("http://crm.example/api/v1/uploads?name=a.csv", {
          method: "POST",
          headers: { "content-length": String(bytes) },
          body: `Email\n${"x".repeat(bytes - 6)}`,
        }),
      );
      return { status: answer.status, retryAfter: answer.headers.get("retry-after"), json: await answer.json() };
    };
    expect((await send(3000)).status).toBe(413);
    const { status, json } = (await send(2000)) as { status: number; json: Record<string, string> };
    const keptHours = (Date.parse(json.expiresAt) - Date.parse(json.createdAt)) / 3_600_000;
    expect([status, Math.round(keptHours)]).toEqual([201, 2]);
    expect(await send(100)).toMatchObject({
      status: 429,
      retryAfter: expect.stringMatching(/^\d+$/),
      json: { code: "too_many" },
    });
    await app.close();
  });

  it("lets nobody in who has not said how to tell", async () => {
    const { url } = await freshDatabase();
    const app = createApp({ databaseUrl: url, dataDir: await freshFolder() });
    onTestFinished(() => app.close());
    expect((await app.fetch(new Request("http://x.example/api/v1/imports"))).status).toBe(401);
  });

  it("says that the database is away, and tries again with each request", async () => {
    const app = createApp({ databaseUrl: "postgres://nobody@127.0.0.1:9/none", dataDir: await freshFolder() });
    for (let k = 0; k < 2; k++) {
      const answer = await app.fetch(new Request("http://x.example/api/v1/imports"));
      const problem = (await answer.json()) as { code: string };
      expect([answer.status, answer.headers.get("retry-after"), problem.code]).toEqual([503, "5", "unavailable"]);
    }
    const answer = await app.fetch(
      new Request("http://x.example/api/v1/imports", { headers: { "accept-language": "fr" } }),
    );
    expect([answer.headers.get("content-language"), await answer.json()]).toMatchObject([
      "fr",
      { detail: "La base de données ne répond pas. Réessayez dans un instant." },
    ]);
    await app.close();
  });
});

describe("createApp at the call", () => {
  const url = "postgres://nobody@127.0.0.1:9/none";

  it.each<[string, Record<string, unknown>, RegExp]>([
    ["no database", {}, /^createApp needs a database: pass `databaseUrl`/],
    ["a variable that is not set", { databaseUrl: undefined }, /`databaseUrl` is empty/],
    ["a misspelt option", { databseUrl: url }, /no option "databseUrl"\. Did you mean "databaseUrl"\?/],
    [
      "another misspelt option",
      { databaseUrl: url, basepath: "/x" },
      /no option "basepath"\. Did you mean "basePath"\?/,
    ],
    [
      "a misspelt access option",
      { databaseUrl: url, access: { publicURL: "x" } },
      /no option "publicURL"\. Did you mean "publicUrl"\?/,
    ],
    [
      "a misspelt JWT option",
      { databaseUrl: url, access: { jwt: { jwksURL: "x" } } },
      /createApp, access: there is no option "jwksURL"\. Did you mean "jwksUrl"\?/,
    ],
    ["an access that is none", { databaseUrl: url, access: "all" }, /`access` must be an object/],
    ["an authenticate that is none", { databaseUrl: url, authenticate: {} }, /`authenticate` must be a function/],
    ["a logger that is none", { databaseUrl: url, logger: { info() {} } }, /`logger` has no `debug\(\)`/],
    ["a base path without a slash", { databaseUrl: url, basePath: "crm" }, /`basePath` must look like \/imports-api/],
    [
      "a base path that ends in one",
      { databaseUrl: url, basePath: "/crm/" },
      /`basePath` must look like \/imports-api/,
    ],
    [
      "another kind of address",
      { databaseUrl: "mysql://x" },
      /`databaseUrl` \(DATABASE_URL\) must begin with postgres:/,
    ],
    [
      "importers of one name",
      { databaseUrl: url, importers: [leads, { ...leads }] },
      /createApp: `importers` lists two that are called "leads"/,
    ],
    [
      "an importer that is not there yet, of a circular import",
      { databaseUrl: url, importers: [undefined] },
      /createApp: every entry of `importers` must come from defineImporter/,
    ],
    ["a setting out of bounds", { databaseUrl: url, lanes: 0 }, /`lanes` \(SLUICE_LANES\) must be a whole number/],
  ])("refuses %s", (_what, options, message) => {
    expect(() => createApp(options as MountOptions)).toThrow(
      expect.objectContaining({ code: "invalid", message: expect.stringMatching(message) }),
    );
  });

  it("says which Node it needs, on one that is too old", () => {
    for (const version of ["20.20.2", "22.11.0"])
      expect(() => requireNode("createApp", version)).toThrow(/^createApp needs Node 22\.12 or newer; this is 2\d/);
    for (const version of ["22.12.0", "24.0.1", process.versions.node])
      expect(() => requireNode("createApp", version)).not.toThrow();
  });

  it("takes the database from the environment, and asks for none while Next.js builds", () => {
    vi.stubEnv("DATABASE_URL", url);
    expect(() => createApp({})).not.toThrow();
    vi.stubEnv("DATABASE_URL", "");
    vi.stubEnv("NEXT_PHASE", "phase-production-build");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(() => createApp({ databaseUrl: process.env.NOWHERE })).not.toThrow();
    expect(() => createApp({ lanse: 2 } as MountOptions)).toThrow(/Did you mean "lanes"/);
  });
});

describe("what a mount tells of", () => {
  const boom = defineImporter({
    name: "boom",
    fields: { name: field.text() },
    target: { table: "nowhere" },
    can: () => {
      throw new Error("the session store is away");
    },
  });
  const anna = async () => ({ id: "anna", name: "Anna", role: "user" as const });

  it("leaves a line with the request's id for a 500, in the program's own log, and tells its listener", async () => {
    const { url } = await freshDatabase();
    const lines: [level: string, fields: Record<string, unknown>, text: string][] = [];
    const events: unknown[] = [];
    const to = (level: string) => (fields: object, text: string) => void lines.push([level, { ...fields }, text]);
    const app = createApp({
      databaseUrl: url,
      dataDir: await freshFolder(),
      importers: [boom],
      authenticate: anna,
      logger: { debug: to("debug"), info: to("info"), warn: to("warn"), error: to("error") },
      onEvent: (event) => events.push(event),
    });
    onTestFinished(() => app.close());
    const answer = await app.fetch(new Request("http://x.example/api/v1/importers"));
    const { requestId, detail } = (await answer.json()) as { requestId: string; detail?: string };
    expect([answer.status, detail, requestId]).toEqual([500, undefined, answer.headers.get("x-request-id")]);
    const [level, fields, text] = lines.find(([, , each]) => each === "http.failed") ?? [];
    expect([level, text, fields]).toMatchObject([
      "error",
      "http.failed",
      { requestId, method: "GET", path: "/api/v1/importers", status: 500, reason: "the session store is away" },
    ]);
    expect(fields?.at).toContainEqual(expect.stringContaining("mount.test.ts"));
    expect(events).toContainEqual({ name: "http.failed", ...fields });
    await app.close();
  });

  it("says why it could not be opened, to its log and not to the client", async () => {
    const events: { name: string; reason?: string }[] = [];
    const app = createApp({
      databaseUrl: "postgres://nobody@127.0.0.1:9/none",
      dataDir: await freshFolder(),
      logLevel: "silent",
      onEvent: (event) => events.push(event),
    });
    const answer = await app.fetch(new Request("http://x.example/api/v1/imports"));
    expect([answer.status, events]).toMatchObject([
      503,
      [{ name: "app.failed", reason: expect.stringMatching(/does not respond/) }],
    ]);
  });

  it("takes settings from the environment that no option gives", async () => {
    const { url } = await freshDatabase();
    vi.stubEnv("SLUICE_ORIGINS", "https://app.example");
    vi.stubEnv("SLUICE_UPLOAD_MAX_BYTES", "2048");
    onTestFinished(() => void vi.unstubAllEnvs());
    const app = createApp({ databaseUrl: url, dataDir: await freshFolder(), authenticate: anna });
    onTestFinished(() => app.close());
    const send = (origin: string, bytes: number) =>
      app.fetch(
        new Request("http://x.example/api/v1/uploads?name=a.csv", {
          method: "POST",
          headers: { origin, cookie: "a=b" },
          body: `Email\n${"x".repeat(bytes)}`,
        }),
      );
    const refused = await send("https://stranger.example", 10);
    expect([refused.status, await refused.json()]).toMatchObject([
      403,
      { detail: expect.stringContaining("the setting origins (SLUICE_ORIGINS)") },
    ]);
    expect([(await send("https://app.example", 10)).status, (await send("https://app.example", 4000)).status]).toEqual([
      201, 413,
    ]);
    await app.close();
  });

  it("keeps the settings of access that its options say nothing of", async () => {
    const { url } = await freshDatabase();
    const app = createApp({
      databaseUrl: url,
      dataDir: await freshFolder(),
      publicUrl: "https://crm.example",
      access: { proxies: 1 },
      authenticate: anna,
    });
    onTestFinished(() => app.close());
    const answer = await app.fetch(
      new Request("http://inside/api/v1/uploads?name=a.csv", {
        method: "POST",
        headers: { origin: "https://crm.example", cookie: "a=b" },
        body: "Email\n",
      }),
    );
    expect(answer.status).toBe(201);
    await app.close();
  });
});

function formOf(text: string, more: Record<string, unknown>): FormData {
  const form = new FormData();
  form.set("import", JSON.stringify(more));
  form.set("file", new File([text], "a.csv"));
  return form;
}
