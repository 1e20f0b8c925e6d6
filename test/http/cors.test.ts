/** Pages of other origins: what a browser asks before each call of the components, and what it lets them read of the answer. */
import { describe, expect, it } from "vitest";
import { openApp } from "./open-app.ts";

const origin = "https://app.example.com";
const api = "http://sluice.test/api/v1";

/** Every kind of call that a component makes: its method, its path, and the headers that a browser asks for. */
const calls: [method: string, path: string, headers: string[]][] = [
  ["GET", "/imports", ["authorization"]],
  ["POST", "/imports", ["authorization", "content-type", "idempotency-key"]],
  ["PUT", "/imports/1/mapping", ["authorization", "content-type"]],
  ["DELETE", "/imports/1", ["authorization"]],
  ["GET", "/imports/1/events", ["authorization", "last-event-id"]],
  ["GET", "/imports/1/rejected.csv", ["authorization"]],
  ["POST", "/uploads/tus", ["authorization", "tus-resumable", "upload-length", "upload-metadata"]],
  ["HEAD", "/uploads/tus/a", ["authorization", "tus-resumable"]],
  ["PATCH", "/uploads/tus/a", ["authorization", "content-type", "tus-resumable", "upload-offset"]],
  ["DELETE", "/uploads/a", ["x-own-header"]],
];

const preflight = (method: string, path: string, headers: readonly string[], from: string): Request =>
  new Request(`${api}${path}`, {
    method: "OPTIONS",
    headers: {
      origin: from,
      "access-control-request-method": method,
      "access-control-request-headers": headers.join(","),
    },
  });

const listOf = (value: string | null): string[] => (value ?? "").toLowerCase().split(/\s*,\s*/);

describe("a page of a configured origin", () => {
  it("is let in before each call that a component makes, without a sign-in", async () => {
    const { app } = await openApp(undefined, "", { origins: [origin] });
    for (const [method, path, headers] of calls) {
      const answer = await app.fetch(preflight(method, path, headers, origin));
      expect([path, answer.status]).toEqual([path, 204]);
      expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
      expect(answer.headers.get("access-control-allow-credentials")).toBe("true");
      expect(listOf(answer.headers.get("access-control-allow-methods"))).toContain(method.toLowerCase());
      expect(listOf(answer.headers.get("access-control-allow-headers"))).toEqual(expect.arrayContaining(headers));
    }
  });

  it("may read every answer, also those that refuse", async () => {
    const { call } = await openApp(undefined, "", { origins: [origin] });
    const requests: [status: number, method: string, path: string, body?: unknown, as?: string][] = [
      [200, "GET", "/importers"],
      [401, "GET", "/imports", undefined, ""],
      [404, "GET", "/imports/12345"],
      [404, "GET", "/uploads/nothing"],
      [405, "PATCH", "/importers"],
      [422, "POST", "/imports", { uploadId: "x" }],
    ];
    for (const [status, method, path, body, as = "admin"] of requests) {
      const answer = await call(method, path, body, { as, headers: { origin } });
      expect([path, answer.status]).toEqual([path, status]);
      expect([path, answer.headers.get("access-control-allow-origin")]).toEqual([path, origin]);
      expect(answer.headers.get("access-control-allow-credentials")).toBe("true");
      expect(listOf(answer.headers.get("vary"))).toContain("origin");
    }
  });

  it("sends a file by tus, and reads where it stands at each step", async () => {
    const { app } = await openApp(undefined, "", { origins: [origin] });
    const bytes = new TextEncoder().encode("Email\nanna@example.com\n");
    const send = (method: string, url: string, headers: Record<string, string>, body?: Uint8Array) =>
      app.fetch(
        new Request(url, {
          method,
          headers: { origin, authorization: "Bearer anna", "tus-resumable": "1.0.0", ...headers },
          ...(body !== undefined && { body: body as Uint8Array<ArrayBuffer> }),
        }),
      );
    /** As a browser shows it to the page. */
    const seen = (answer: Response, name: string): string | null => {
      expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
      return listOf(answer.headers.get("access-control-expose-headers")).includes(name)
        ? answer.headers.get(name)
        : null;
    };
    const begun = await send("POST", `${api}/uploads/tus`, {
      "upload-length": String(bytes.length),
      "upload-metadata": `filename ${btoa("a.csv")}`,
    });
    expect(begun.status).toBe(201);
    const at = new URL(seen(begun, "location") as string, `${api}/uploads/`).href;
    const patch = (offset: number, end: number) =>
      send(
        "PATCH",
        at,
        { "content-type": "application/offset+octet-stream", "upload-offset": String(offset) },
        bytes.slice(offset, end),
      );
    expect(seen(await patch(0, 10), "upload-offset")).toBe("10");
    const asked = await send("HEAD", at, {});
    expect([seen(asked, "upload-offset"), seen(asked, "upload-length")]).toEqual(["10", String(bytes.length)]);
    const late = await patch(0, 5);
    expect([late.status, seen(late, "x-request-id")]).toEqual([409, expect.any(String)]);
    expect(seen(await patch(10, bytes.length), "upload-offset")).toBe(String(bytes.length));
  });

  it("gets the stream of events", async () => {
    const { app, call, upload } = await openApp(undefined, "", { origins: [origin] });
    const made = await call("POST", "/imports", {
      uploadId: await upload("Email\nanna@example.com\n"),
      importer: "leads",
    });
    const stop = new AbortController();
    const answer = await app.fetch(
      new Request(`${api}/imports/${made.json.id}/events`, {
        headers: { origin, authorization: "Bearer admin", accept: "text/event-stream", "last-event-id": "0" },
        signal: stop.signal,
      }),
    );
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([200, origin]);
    expect(listOf(answer.headers.get("vary"))).toEqual(expect.arrayContaining(["origin", "accept"]));
    stop.abort();
    await answer.body?.cancel().catch(() => {});
  });
});

it.each([
  "https://evil.example.com",
  "https://app.example.com.evil.example",
  "http://app.example.com",
  "https://app.example.com:8443",
  "null",
])("a page of %s is let in nowhere", async (stranger) => {
  const { app, call } = await openApp(undefined, "", { origins: [origin] });
  for (const [method, path, headers] of calls) {
    const answer = await app.fetch(preflight(method, path, headers, stranger));
    expect([path, answer.headers.get("access-control-allow-origin")]).toEqual([path, null]);
  }
  const answer = await call("GET", "/importers", undefined, { headers: { origin: stranger } });
  expect(answer.headers.get("access-control-allow-origin")).toBeNull();
});
