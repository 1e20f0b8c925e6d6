import { describe, expect, it } from "vitest";
import type { HttpEvent } from "../../src/http/request/request-context.ts";
import { openApp } from "./open-app.ts";

describe("what is wrong with a request", () => {
  it.each([
    ["GET", "/nix", undefined, 404, "not_found", "There is nothing at /api/v1/nix"],
    ["GET", "/imports/99", undefined, 404, "not_found", "There is no import 99"],
    ["GET", "/imports/0", undefined, 422, "invalid", "id: "],
    ["GET", "/imports/x", undefined, 422, "invalid", "id: "],
    ["GET", "/imports/99999999999999999999", undefined, 422, "invalid", "id: "],
    ["GET", "/imports/9007199254740991", undefined, 404, "not_found", "There is no import"],
    ["PUT", "/imports", undefined, 405, "invalid", "accepts"],
    ["DELETE", "/imports/1/start", undefined, 405, "invalid", "POST"],
    ["POST", "/imports", "{not json", 400, "invalid", "Malformed JSON"],
    ["POST", "/imports", "[]", 422, "invalid", "expected object"],
    ["POST", "/imports", {}, 422, "invalid", "must name one file"],
    ["POST", "/imports", { uploadId: "x", importer: "nix" }, 404, "not_found", 'no importer "nix"'],
    ["POST", "/imports", { uploadId: "x" }, 422, "invalid", "does not say which importer"],
    ["POST", "/imports", { uploadId: "x", importer: "leads" }, 404, "not_found", "no upload"],
    ["POST", "/imports", { uploadId: "x", importer: "__proto__" }, 404, "not_found", "no importer"],
    ["POST", "/imports", { uploadId: "x", importer: "leads", parentId: 12 }, 404, "not_found", "no import 12"],
    ["GET", "/imports?limit=0", undefined, 422, "invalid", "limit: "],
    ["GET", "/imports?limit=201", undefined, 422, "invalid", "limit: "],
    ["GET", "/imports?after=x", undefined, 422, "invalid", "after: "],
    ["GET", "/imports?status=nix", undefined, 422, "invalid", "status.0: "],
    ["GET", "/imports?from=yesterday", undefined, 422, "invalid", "from: "],
    [
      "GET",
      `/imports?sort=status&after=${Buffer.from("[3000000000,1]").toString("base64url")}`,
      undefined,
      422,
      "invalid",
      "after: ",
    ],
    ["GET", "/imports?text=%00", undefined, 422, "invalid", "NUL"],
    ["GET", "/importers/leads/owners?search=a%00b", undefined, 422, "invalid", "NUL"],
    ["GET", "/templates/7", undefined, 404, "not_found", "There is no template 7"],
  ])("%s %s %j → %i %s", async (method, path, body, status, code, detail) => {
    const { call } = await openApp();
    const answer = await call(method, path, body);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([status, "application/problem+json"]);
    expect(answer.json).toMatchObject({ type: `urn:sluice:error:${code}`, status, code, title: expect.any(String) });
    expect(answer.json.detail).toContain(detail);
  });

  it("is named for each member of a malformed body", async () => {
    const { call } = await openApp();
    const { json } = await call("POST", "/imports", {
      uploadId: "",
      options: { dialect: { headerRow: -1 } },
      nonsense: true,
    });
    expect(json.errors.map(({ path }: { path: string }) => path).sort()).toEqual([
      "",
      "options.dialect.headerRow",
      "uploadId",
    ]);
  });

  it("says what a path takes instead", async () => {
    const { call } = await openApp();
    const answer = await call("PATCH", "/imports");
    expect([answer.status, answer.headers.get("allow")?.split(", ").sort()]).toEqual([405, ["GET", "HEAD", "POST"]]);
  });

  it("refuses a body beyond a megabyte, announced or not", async () => {
    const { call, app } = await openApp();
    const large = JSON.stringify({ uploadId: "x".repeat(1024 * 1024) });
    expect((await call("POST", "/imports", large)).status).toBe(413);
    const pieces = ReadableStream.from(Array.from({ length: 20 }, () => Buffer.alloc(64 * 1024, " ")));
    const streamed = await app.fetch(
      new Request("http://sluice.test/api/v1/imports", {
        method: "POST",
        headers: { authorization: "Bearer admin", "content-type": "application/json" },
        body: pieces as never,
        duplex: "half",
      } as RequestInit),
    );
    expect(streamed.status).toBe(413);
  });
});

describe("what is wrong with the server", () => {
  it("is told to the log, not to the client, under the same request id", async () => {
    const events: HttpEvent[] = [];
    const app = await openApp(undefined, undefined, { onEvent: (event) => events.push(event) });
    app.engine.archive.list = async () => {
      throw new Error('relation "secret" does not exist');
    };
    const response = await app.app.fetch(
      new Request("http://sluice.test/api/v1/imports?text=confidential", {
        headers: { authorization: "Bearer admin" },
      }),
    );
    const problem = (await response.json()) as Record<string, unknown>;
    const requestId = response.headers.get("x-request-id");
    expect(problem).toEqual({
      type: "urn:sluice:error:internal",
      title: expect.any(String),
      status: 500,
      code: "internal",
      requestId,
    });
    expect(events.at(-1)).toEqual({
      name: "http.failed",
      requestId,
      method: "GET",
      path: "/api/v1/imports",
      status: 500,
      reason: 'relation "secret" does not exist',
      at: expect.arrayContaining([expect.stringContaining("problems.test.ts")]),
    });
  });

  it("is told as unavailable while the database is away, with the time to come back", async () => {
    const app = await openApp();
    app.engine.archive.get = async () => {
      throw Object.assign(new Error("connect ECONNREFUSED 10.0.0.7:5432"), { code: "ECONNREFUSED" });
    };
    const answer = await app.call("GET", "/imports/1");
    expect([answer.status, answer.headers.get("retry-after"), answer.text.includes("10.0.0.7")]).toEqual([
      503,
      "5",
      false,
    ]);
  });
});

describe("an answer's headers", () => {
  it("carry a request id and keep browsers from guessing, framing and caching", async () => {
    const { call } = await openApp();
    const { headers } = await call("GET", "/imports");
    expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    });
  });

  it("let pages of configured origins in, and of no others", async () => {
    const { call } = await openApp(undefined, undefined, { origins: ["https://crm.example"] });
    const from = async (origin: string, method = "GET") => {
      const { status, headers } = await call(method, "/imports", undefined, {
        headers: { origin, ...(method === "OPTIONS" && { "access-control-request-method": "POST" }) },
      });
      return [status, headers.get("access-control-allow-origin"), headers.get("access-control-allow-credentials")];
    };
    expect(await from("https://crm.example")).toEqual([200, "https://crm.example", "true"]);
    expect(await from("https://crm.example", "OPTIONS")).toEqual([204, "https://crm.example", "true"]);
    expect((await from("https://evil.example"))[1]).toBeNull();
    expect((await from("https://evil.example", "OPTIONS"))[1]).toBeNull();
    expect((await from("https://crm.example.evil.example"))[1]).toBeNull();
    expect((await from("null"))[1]).toBeNull();
  });
});
