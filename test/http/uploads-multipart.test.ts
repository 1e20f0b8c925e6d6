/** The reader of forms: whatever the network cuts them into, the same parts come out. */

import { expect, it, onTestFinished, vi } from "vitest";
import type { Intake } from "../../src/http/intake/intake.ts";
import { boundaryOf, readMultipart } from "../../src/http/intake/multipart.ts";
import type { HttpContext } from "../../src/http/request/request-context.ts";
import { receiveFile } from "../../src/http/uploads/form.ts";
import { fc } from "../property.ts";
import { formOf } from "./upload-server.ts";

async function partsOf(pieces: readonly Uint8Array[], boundary = "xyz"): Promise<[string, string | null, string][]> {
  async function* given(): AsyncGenerator<Uint8Array> {
    yield* pieces;
  }
  const found: [string, string | null, string][] = [];
  for await (const part of readMultipart({ [Symbol.asyncIterator]: given, end: () => {}, fail: () => {} }, boundary)) {
    const body: Uint8Array[] = [];
    if (part.fileName === null) body.push(Buffer.from(part.text));
    else for await (const piece of part.bytes) body.push(Buffer.from(piece));
    found.push([part.name, part.fileName, Buffer.concat(body).toString("latin1")]);
  }
  return found;
}

const tricky = "a\r\n--xy\r\n--xy\r\r\n--x\r\n-\n--xyz-\r";
const body = formOf("xyz", [
  { headers: 'name="before"', body: "" },
  { headers: 'name="file"; filename="a.csv"', body: tricky },
  { headers: 'name="after"', body: "\r\n" },
]);
const expected = [
  ["before", null, ""],
  ["file", "a.csv", tricky],
  ["after", null, "\r\n"],
];

it("reads the same parts wherever the body is cut in two", async () => {
  for (let at = 0; at <= body.length; at++) {
    expect(await partsOf([body.subarray(0, at), body.subarray(at)])).toEqual(expected);
  }
});

it("reads the same parts byte by byte", async () => {
  expect(await partsOf(Array.from(body, (_, at) => body.subarray(at, at + 1)))).toEqual(expected);
});

it("says that the body is cut off wherever it ends before the last boundary", async () => {
  for (let at = 0; at < body.length - 2; at++) {
    await expect(partsOf([body.subarray(0, at)])).rejects.toThrow(/ends before its last boundary/);
  }
});

it("reads any bytes in any pieces, as long as the boundary is not among them", async () => {
  const bytes = fc
    .array(fc.constantFrom("\r", "\n", "-", "x", "y", "z", "a", "\r\n--xy"), { maxLength: 60 })
    .map((parts) => parts.join(""))
    .filter((text) => !`\r\n${text}\r\n`.includes("\r\n--xyz"));
  const form = fc.record({
    files: fc.array(bytes, { minLength: 1, maxLength: 4 }),
    cuts: fc.array(fc.nat(400), { maxLength: 12 }),
  });
  await fc.assert(
    fc.asyncProperty(form, async ({ files, cuts }) => {
      const whole = formOf(
        "xyz",
        files.map((text) => ({ headers: 'name="f"; filename="f"', body: text })),
      );
      const ends = [...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
      const pieces = ends.map((end, k) => whole.subarray(ends[k - 1] ?? 0, end));
      expect(await partsOf(pieces)).toEqual(files.map((text) => ["f", "f", text]));
    }),
  );
});

it("ends with parts or with words whatever comes in", async () => {
  const piece = fc.constantFrom(
    ...["\r\n--xyz", "\r\n--xyz--", "--xyz", "--", "\r\n", "\r", "\n", "\r\n\r\n", ": ", "x", "\0", "\r\n--xy"],
    ...['Content-Disposition: form-data; name="a"', '; filename="b"', "\r\nContent-Type: text/plain"],
  );
  const head = fc.constantFrom("", '--xyz\r\nContent-Disposition: form-data; name="a"');
  await fc.assert(
    fc.asyncProperty(head, fc.array(piece, { maxLength: 16 }), fc.nat(60), async (first, rest, at) => {
      const whole = Buffer.from(first + rest.join(""), "latin1");
      const said = await partsOf([whole.subarray(0, at), whole.subarray(at)].filter(({ length }) => length > 0)).then(
        () => null,
        (error: { code?: string }) => error.code,
      );
      expect([null, "invalid"]).toContain(said);
    }),
  );
});

it("skips what nobody reads of a part", async () => {
  async function* given(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < body.length; at += 7) yield body.subarray(at, at + 7);
  }
  const names: string[] = [];
  for await (const { name } of readMultipart({ [Symbol.asyncIterator]: given, end: () => {}, fail: () => {} }, "xyz"))
    names.push(name);
  expect(names).toEqual(["before", "file", "after"]);
});

it.each([
  ["multipart/form-data; boundary=abc", "abc"],
  ['Multipart/Form-Data; charset=utf-8; boundary="a b"', "a b"],
  ["multipart/form-data;boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW", "----WebKitFormBoundary7MA4YWxkTrZu0gW"],
  ["multipart/mixed; boundary=abc", null],
  ["text/csv", null],
  [null, null],
])("finds the boundary of %s", (contentType, boundary) => {
  expect(boundaryOf(contentType)).toBe(boundary);
});

it.each([
  "multipart/form-data",
  'multipart/form-data; boundary=""',
  "multipart/form-data; boundary=a\nb",
  `multipart/form-data; boundary=${"x".repeat(71)}`,
])("refuses the boundary of %j", (contentType) => {
  expect(() => boundaryOf(contentType)).toThrow("without a valid boundary");
});

it.each<[string, string, string]>([
  ["before its first part", "", " "],
  ["after its last boundary", body.toString("latin1"), " "],
  ["in the headers of a part", "--xyz\r\n", "X-A: b\r\n"],
  ["in the headers of parts without number", "", '--xyz\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'],
])("reads little of a form that goes on without end %s", async (_where, first, again) => {
  let read = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(first, "latin1");
    const piece = Buffer.from(again.repeat(Math.ceil(65_536 / again.length)));
    for (; read < 64 * 1024 ** 2; read += piece.length) yield piece;
  }
  const parts = async () => {
    for await (const _ of readMultipart({ [Symbol.asyncIterator]: endless, end: () => {}, fail: () => {} }, "xyz"));
  };
  await expect(parts()).rejects.toMatchObject({ code: expect.stringMatching(/^(?:too_large|invalid)$/) });
  expect(read).toBeLessThan(2 * 1024 ** 2);
});

it("bounds what is beside a file, and not the file", async () => {
  const file = Buffer.alloc(8 * 1024 ** 2, "x");
  const whole = formOf("xyz", [{ headers: 'name="file"; filename="a.csv"', body: file.toString() }]);
  const pieces = Array.from({ length: Math.ceil(whole.length / 65_536) }, (_, k) =>
    whole.subarray(k * 65_536, (k + 1) * 65_536),
  );
  expect((await partsOf(pieces)).map(([name, , text]) => [name, text.length])).toEqual([["file", file.length]]);
});

it("gives up a form that comes in drops before its file has begun", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const headers = { "content-type": "multipart/form-data; boundary=xyz" };
  const init = { method: "POST", headers, body: new ReadableStream(), duplex: "half" };
  const raw = new Request("http://sluice.test/api/v1/uploads", init as RequestInit);
  const header = (name: string) => raw.headers.get(name) ?? undefined;
  const context = { req: { raw, url: raw.url, header }, env: {}, get: () => ({ identity: async () => "anna" }) };
  const intake = { limits: { fileBytes: 1024 } };
  const refused = expect(receiveFile(context as unknown as HttpContext, intake as Intake)).rejects.toThrow(
    "arrives too slowly",
  );
  await vi.advanceTimersByTimeAsync(60_000);
  await refused;
});
