import { describe, expect, it } from "vitest";
import { refuseForeignOrigin } from "../../src/http/auth/csrf.ts";
import { openAuthApp } from "./auth-app.ts";

const url = "https://sluice.test/api/v1/imports";
const cookie = { cookie: "__Host-sluice_session=x" };

describe("refuseForeignOrigin", () => {
  const cases: [name: string, method: string, headers: Record<string, string>, passes: boolean][] = [
    ["a page of its own, as new browsers say", "POST", { ...cookie, "sec-fetch-site": "same-origin" }, true],
    ["a page of its own, as old browsers say", "POST", { ...cookie, origin: "https://sluice.test" }, true],
    [
      "a page of a configured origin",
      "POST",
      { ...cookie, origin: "https://app.test", "sec-fetch-site": "cross-site" },
      true,
    ],
    [
      "a page of another site",
      "POST",
      { ...cookie, origin: "https://evil.test", "sec-fetch-site": "cross-site" },
      false,
    ],
    [
      "a page of a neighbour",
      "POST",
      { ...cookie, origin: "https://x.sluice.test", "sec-fetch-site": "same-site" },
      false,
    ],
    ["the same host without TLS", "POST", { ...cookie, origin: "http://sluice.test" }, false],
    ["the same host on another port", "POST", { ...cookie, origin: "https://sluice.test:8443" }, false],
    ["a name that begins alike", "POST", { ...cookie, origin: "https://app.test.evil.test" }, false],
    ["a page without an origin", "POST", { ...cookie, origin: "null" }, false],
    ["a page of another site without a cookie", "POST", { origin: "https://evil.test" }, false],
    ["a cookie and nothing else", "POST", cookie, false],
    ["a program without a cookie", "POST", {}, true],
    ["a program with a token", "POST", { authorization: "Bearer x" }, true],
    ["a page of another site with a token", "POST", { authorization: "Bearer x", origin: "https://evil.test" }, true],
    [
      "a page of another site behind a proxy's password",
      "POST",
      { authorization: "Basic eA==", origin: "https://evil.test" },
      false,
    ],
    ["another site that reads", "GET", { ...cookie, origin: "https://evil.test" }, true],
    ["another site's PUT", "PUT", { ...cookie, origin: "https://evil.test" }, false],
    ["another site's PATCH", "PATCH", { ...cookie, origin: "https://evil.test" }, false],
    ["another site's DELETE", "DELETE", { ...cookie, origin: "https://evil.test" }, false],
  ];
  it.each(cases)("%s (%s)", (_, method, headers, passes) => {
    const check = (): void => refuseForeignOrigin(new Request(url, { method, headers }), ["https://app.test"]);
    if (passes) expect(check).not.toThrow();
    else expect(check).toThrow(expect.objectContaining({ code: "forbidden" }));
  });
});

it("stands before every route of the API, whatever the body's type", async () => {
  const { ask, person } = await openAuthApp({ access: { publicUrl: "http://imports.example.com" } });
  const { session } = await person("Boss", "admin");
  for (const type of [
    "application/json",
    "text/plain",
    "application/offset+octet-stream",
    "multipart/form-data; boundary=x",
  ]) {
    for (const path of ["/users", "/imports", "/uploads"]) {
      const headers = { "content-type": type, "sec-fetch-site": "cross-site", origin: "https://evil.test" };
      const answer = await ask("POST", `/api/v1${path}`, { session, headers });
      expect([type, path, answer.status, answer.json.code]).toEqual([type, path, 403, "forbidden"]);
    }
  }
  // The address that people know, where a proxy stands between.
  const headers = { "sec-fetch-site": "", origin: "http://imports.example.com" };
  expect((await ask("POST", "/api/v1/users", { session, headers, body: { name: "Anna" } })).status).toBe(201);
});
