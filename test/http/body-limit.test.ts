/** A body is bounded by the bytes that come, whatever the request says of it. */
import { expect, it } from "vitest";
import { inGoodTime, webBytes } from "../../src/http/intake/body-bytes.ts";
import { openApp } from "./open-app.ts";

const mebibyte = 1024 * 1024;

/** A body that never ends, and how much of it was taken. */
function endless(): { body: ReadableStream<Uint8Array>; taken(): number } {
  let bytes = 0;
  const piece = new Uint8Array(64 * 1024).fill(0x20);
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        bytes += piece.length;
        controller.enqueue(piece);
      },
    },
    { highWaterMark: 0 },
  );
  return { body, taken: () => bytes };
}

const types = [
  ...[
    "application/json",
    "Application/JSON",
    "application/x+json",
    "application/problem+json; charset=utf-8",
    "text/plain",
  ],
  ...["multipart/mixed; boundary=b", "application/x-www-form-urlencoded", "nonsense", null],
];
const routes: [method: string, path: string][] = [
  ["POST", "/api/v1/imports"],
  ["PUT", "/api/v1/imports/1/mapping"],
  ["PATCH", "/api/v1/imports/1/options"],
  ["POST", "/api/v1/imports/1/start"],
  ["POST", "/api/v1/imports/1/find-replace"],
  ["DELETE", "/api/v1/imports/1"],
  ["PUT", "/api/v1/templates"],
  ["POST", "/api/v1/tokens"],
  ["POST", "/api/v1/nothing/here"],
  ["POST", "/sign-in"],
];

it.each(routes)("takes a mebibyte at most of %s %s, of whatever type", async (method, path) => {
  const { app } = await openApp();
  for (const type of types) {
    for (const announced of [undefined, "2", String(400 * mebibyte)]) {
      const { body, taken } = endless();
      const headers = new Headers({ authorization: "Bearer admin", "idempotency-key": "k" });
      if (type !== null) headers.set("content-type", type);
      if (announced !== undefined) headers.set("content-length", announced);
      const request = new Request(`http://sluice.test${path}`, {
        method,
        headers,
        body,
        duplex: "half",
      } as RequestInit);
      const { status } = await app.fetch(request);
      expect([type, announced, status]).toEqual([type, announced, 413]);
      expect(taken()).toBeLessThanOrEqual(mebibyte + 128 * 1024);
    }
  }
});

it("reads a form of any spelling as one, and idempotency keys of any type of body", async () => {
  const { app, call, upload } = await openApp();
  const form = (type: string): Promise<Response> =>
    app.fetch(
      new Request("http://sluice.test/api/v1/imports", {
        method: "POST",
        headers: {
          authorization: "Bearer admin",
          "content-type": type,
        },
        body: [
          '--b\r\nContent-Disposition: form-data; name="import"\r\n\r\n{"importer":"leads","again":true}\r\n',
          '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nEmail\na@example.com\n\r\n--b--\r\n',
        ].join(""),
      }),
    );
  expect((await form("multipart/form-data; boundary=b")).status).toBe(201);
  expect((await form("Multipart/Form-Data; boundary=b")).status).toBe(201);
  const text = JSON.stringify({ uploadId: await upload("Email\nb@example.com\n"), importer: "leads" });
  const headers = { "content-type": "Application/JSON; charset=utf-8", "idempotency-key": "same" };
  const first = await call("POST", "/imports", text, { headers });
  const second = await call("POST", "/imports", text, { headers });
  expect([first.status, second.status, second.json.id]).toEqual([201, 201, first.json.id]);
});

it("gives up a body that comes in drops, and not one that its reader takes slowly", async () => {
  const drops = inGoodTime(webBytes(new ReadableStream()), { graceMs: 1, bytesPerSecond: 1 });
  await expect(drops[Symbol.asyncIterator]().next()).rejects.toThrow("arrives too slowly");

  const quick = inGoodTime(webBytes(new Blob(["abc"]).stream()), { graceMs: 60_000, bytesPerSecond: 1 });
  const pieces: Uint8Array[] = [];
  for await (const piece of quick) pieces.push(piece);
  expect(Buffer.concat(pieces).toString()).toBe("abc");
});
