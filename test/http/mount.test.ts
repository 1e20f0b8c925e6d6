import fs from "node:fs";
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
    ["a logger that is null", { databaseUrl: url, logger: null }, /`logger` has no `debug\(\)`/],
    ["a base path with a parameter", { databaseUrl: url, basePath: "/:tenant" }, /`basePath` must look like/],
    ["a base path that leads up", { databaseUrl: url, basePath: "/x/.." }, /`basePath` must look like/],
    ["a list for access", { databaseUrl: url, access: [] }, /`access` must be an object/],
    [
      "proxies that are no number",
      { databaseUrl: url, access: { proxies: -1 } },
      /createApp, access: `proxies` \(SLUICE_PROXIES\) must be a whole number from 0 to 10/,
    ],
    [
      "a limit that is no number",
      { databaseUrl: url, access: { requestsPerMinute: "many" } },
      /createApp, access: `requestsPerMinute` .* must be a whole number/,
    ],
    [
      "a public address without a scheme",
      { databaseUrl: url, access: { publicUrl: "imports.example.com" } },
      /createApp, access: `publicUrl` \(SLUICE_PUBLIC_URL\) must be as https:/,
    ],
    [
      "a short secret of tokens",
      { databaseUrl: url, access: { jwt: { secret: "short" } } },
      /createApp, access: `jwtSecret` \(SLUICE_JWT_SECRET\) is too short/,
    ],
    [
      "tokens whose secret is not set",
      { databaseUrl: url, access: { jwt: { secret: process.env.NOWHERE, issuer: "https://issuer.example" } } },
      /`access\.jwt` has neither a `jwksUrl` nor a `secret`/,
    ],
    [
      "tokens beside a sign-in of one's own",
      { databaseUrl: url, access: { jwt: { secret: "s".repeat(32) } }, authenticate: async () => null },
      /`access\.jwt` is for the sign-in that comes with Sluice.*Remove one of them/,
    ],
    [
      "a roleOf that is none",
      { databaseUrl: url, access: { jwt: { jwksUrl: "https://x.example", roleOf: "admin" } } },
      /`access\.jwt\.roleOf` must be a function/,
    ],
    [
      "a clock that may be off by words",
      { databaseUrl: url, access: { jwt: { jwksUrl: "https://x.example", clockSkewSeconds: "30" } } },
      /`access\.jwt\.clockSkewSeconds` must be a number/,
    ],
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

  it.each<[string, () => unknown]>([
    [
      "throws",
      () => {
        throw new Error("the counter is away");
      },
    ],
    ["rejects", () => Promise.reject(new Error("the counter is away"))],
  ])("answers though its listener %s, which its log says, and though its log throws", async (_how, hear) => {
    const { url } = await freshDatabase();
    const lines: [fields: Record<string, unknown>, text: string][] = [];
    const log = (fields: object, text: string) => {
      lines.push([{ ...fields }, text]);
      throw new Error("the log is full");
    };
    for (const databaseUrl of [url, "postgres://nobody@127.0.0.1:9/none"]) {
      const app = createApp({
        databaseUrl,
        dataDir: await freshFolder(),
        importers: [boom],
        authenticate: anna,
        logger: { debug: log, info: log, warn: log, error: log },
        onEvent: hear,
      });
      onTestFinished(() => app.close());
      const answer = await app.fetch(new Request("http://x.example/api/v1/importers"));
      expect(answer.status).toBe(databaseUrl === url ? 500 : 503);
      await expect
        .poll(() => lines.splice(0).map(([{ listener, reason }, text]) => [text, listener, reason]))
        .toContainEqual(["listener.failed", "onEvent", "the counter is away"]);
      await app.close();
    }
  });

  it.each<[string, unknown, number, RegExp | null]>([
    ["nobody, at once", null, 401, null],
    ["nothing", undefined, 401, null],
    ["somebody, at once", { id: "anna", name: "Anna", role: "user" }, 200, null],
    ["a number for an id", { id: 7, name: "Anna", role: "user" }, 500, /its `id` is not text/],
    ["no name", { id: "7", role: "user" }, 500, /its `name` is not text/],
    ["a role of its own", { id: "7", name: "Anna", role: "owner" }, 500, /its `role` is none of operator, admin, user/],
    ["a yes", true, 500, /its `id` is not text/],
  ])("takes %s from an authenticate, or says what it should say", async (_what, user, status, reason) => {
    const { url } = await freshDatabase();
    const events: { name: string; reason?: string }[] = [];
    const app = createApp({
      databaseUrl: url,
      dataDir: await freshFolder(),
      authenticate: (() => user) as MountOptions["authenticate"],
      logLevel: "silent",
      onEvent: (event) => events.push(event),
    });
    onTestFinished(() => app.close());
    expect((await app.fetch(new Request("http://x.example/api/v1/imports"))).status).toBe(status);
    expect(events.filter(({ name }) => name === "http.failed")).toEqual(
      reason === null ? [] : [expect.objectContaining({ reason: expect.stringMatching(reason) })],
    );
    await app.close();
  });

  it("says that its authenticate has read the body", async () => {
    const { url } = await freshDatabase();
    const events: { name: string; reason?: string }[] = [];
    const app = createApp({
      databaseUrl: url,
      dataDir: await freshFolder(),
      authenticate: async (request) => {
        await request.text();
        return anna();
      },
      logLevel: "silent",
      onEvent: (event) => events.push(event),
    });
    onTestFinished(() => app.close());
    const body = JSON.stringify({ importer: "boom", uploadId: "x" });
    const headers = { "content-type": "application/json" };
    const answer = await app.fetch(new Request("http://x.example/api/v1/imports", { method: "POST", headers, body }));
    expect(answer.status).toBe(500);
    expect(events.find(({ name }) => name === "http.failed")?.reason).toMatch(/Read that of `request\.clone\(\)`/);
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

  it("takes the level of its log from the option, where the environment says another", async () => {
    vi.stubEnv("SLUICE_LOG_LEVEL", "error");
    onTestFinished(() => void vi.unstubAllEnvs());
    const written: string[] = [];
    const write = vi.spyOn(fs, "writeSync").mockImplementation((_fd, text) => written.push(String(text)));
    onTestFinished(() => write.mockRestore());
    const app = createApp({
      databaseUrl: "postgres://nobody@127.0.0.1:9/none",
      dataDir: await freshFolder(),
      logLevel: "silent",
    });
    expect((await app.fetch(new Request("http://x.example/api/v1/imports"))).status).toBe(503);
    expect(written).toEqual([]);
  });

  it("keeps the settings of access that its options say nothing of, empty ones too", async () => {
    const { url } = await freshDatabase();
    const app = createApp({
      databaseUrl: url,
      dataDir: await freshFolder(),
      metricsToken: "a token for the scraper",
      access: { metricsToken: "" },
      authenticate: async () => null,
    });
    onTestFinished(() => app.close());
    const scrape = (token: string) =>
      app.fetch(new Request("http://x.example/metrics", { headers: { authorization: `Bearer ${token}` } }));
    expect([(await scrape("")).status, (await scrape("a token for the scraper")).status]).toEqual([401, 200]);
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
