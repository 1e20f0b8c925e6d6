import { describe, expect, it } from "vitest";
import { type OpenApp, openApp } from "./open-app.ts";

const csv = "Email,First name\nanna@example.com,Anna\nnope,Bo\nnope,Cy\nalso bad,Di\n";

async function ready(app: OpenApp, as = "admin"): Promise<string> {
  const uploadId = await app.upload(csv, "leads.csv", as);
  const made = await app.call("POST", "/imports", { uploadId, importer: "leads", start: true }, { as });
  await app.work(made.json.id);
  return `/imports/${made.json.id}`;
}

describe("the review over HTTP", () => {
  it("edits a cell by its field or its column and tells the row as it is then", async () => {
    const app = await openApp();
    const at = await ready(app);
    const still = await app.call("PATCH", `${at}/rows/3?lang=sv`, { field: "email", value: "bo@" });
    expect(still.json).toMatchObject({
      row: 3,
      status: "invalid",
      issues: [{ code: "email_invalid", field: "email" }],
    });
    const mended = await app.call("PATCH", `${at}/rows/3`, { column: "Email", value: "bo@example.com" });
    expect(mended.json).toMatchObject({ row: 3, status: "valid", issues: [], values: { email: "bo@example.com" } });
    const { json } = await app.call("GET", `${at}/rows?search=example`);
    expect([json.items.map(({ row }: { row: number }) => row), json.valid, json.invalid]).toEqual([[2, 3], 2, 2]);
    const edits = await app.call("GET", `${at}/edits?limit=1`);
    expect(edits.json).toMatchObject({
      items: [{ kind: "cell", row: 3, actor: "admin", nowValid: 1, from: null, to: "bo@example.com" }],
      next: expect.any(String),
    });
    expect((await app.call("GET", `${at}/edits?after=${edits.json.next}`)).json).toMatchObject({
      items: [{ kind: "cell" }],
      next: null,
    });
  });

  it("fixes a value wherever it stands, finds and replaces, validates anew, and takes back", async () => {
    const app = await openApp();
    const at = await ready(app);
    const first = await app.call("GET", `${at}/values?field=email&limit=1`);
    expect(first.json.items).toEqual([{ value: "nope", rows: 2 }]);
    expect(
      (await app.call("GET", `${at}/values?field=email&issue=email_invalid&after=${first.json.next}`)).json,
    ).toEqual({
      items: [{ value: "also bad", rows: 1 }],
      next: null,
    });
    const replaced = await app.call("POST", `${at}/edits`, {
      kind: "replace",
      field: "email",
      from: "nope",
      to: "c@example.com",
    });
    expect(replaced.json).toEqual({ changed: 2, leftOut: 0, nowValid: 2, nowInvalid: 0, stillInvalid: 0 });
    const found = await app.call("POST", `${at}/edits`, { kind: "find", find: "also bad", replace: "d@example.com" });
    expect(found.json).toMatchObject({ changed: 1, nowValid: 1 });
    expect((await app.call("POST", `${at}/edits`, { kind: "revalidate" })).json).toMatchObject({ changed: 0 });
    expect((await app.call("GET", `${at}/rows`)).json).toMatchObject({ valid: 4, invalid: 0 });
    expect((await app.call("POST", `${at}/edits/undo`)).json.status).toBe("undone");
    const undone = await app.call("POST", `${at}/edits/undo`);
    expect([undone.json.kind, (await app.call("GET", `${at}/rows`)).json.invalid]).toEqual(["find", 1]);
  });

  it("tells what could be repaired, makes it, and names it among the edits", async () => {
    const app = await openApp();
    const uploadId = await app.upload("Email,First name\nanna @ example.com,Anna\nnope,Bo\nc@example,com,Cy\n");
    const { json: job } = await app.call("POST", "/imports", { uploadId, importer: "leads", start: true });
    await app.work(job.id);
    const at = `/imports/${job.id}`;
    const { json } = await app.call("GET", `${at}/repairs`);
    expect(json).toEqual({
      items: [
        {
          field: "email",
          issue: "email_invalid",
          repair: "email",
          rows: 1,
          samples: [{ row: 2, before: "anna @ example.com", after: "anna@example.com" }],
        },
        {
          field: "email",
          issue: "email_invalid",
          repair: "leave_empty",
          rows: 2,
          samples: [
            { row: 2, before: "anna @ example.com", after: "" },
            { row: 3, before: "nope", after: "" },
          ],
        },
      ],
      next: null,
    });
    expect((await app.call("GET", `${at}/repairs?after=3`)).json).toEqual({ items: [], next: null });
    const edit = { kind: "repair", field: "email", issue: "email_invalid", repair: "email" };
    const once = { headers: { "idempotency-key": "repair-1" } };
    const done = await app.call("POST", `${at}/edits`, edit, once);
    expect(done.json).toEqual({ changed: 1, leftOut: 0, nowValid: 1, nowInvalid: 0, stillInvalid: 0 });
    expect((await app.call("POST", `${at}/edits`, edit, once)).json).toEqual(done.json);
    expect((await app.call("GET", `${at}/edits`)).json.items).toMatchObject([
      { kind: "repair", field: "email", repair: "email", from: null, to: null, changed: 1 },
    ]);
  });

  it("edits cells of several rows at once, and a request that is sent again has one effect", async () => {
    const app = await openApp();
    const at = await ready(app);
    const body = {
      kind: "cells",
      fields: ["email", "first_name"],
      rows: [
        { row: 3, values: ["b@example.com", null] },
        { row: 5, values: ["d@example.com", "Dee"] },
      ],
    };
    const headers = { "idempotency-key": "paste-1" };
    const edited = await app.call("POST", `${at}/edits`, body, { headers });
    expect(edited.json).toEqual({ changed: 2, leftOut: 0, nowValid: 2, nowInvalid: 0, stillInvalid: 0 });
    expect((await app.call("POST", `${at}/edits`, body, { headers })).json).toEqual(edited.json);
    const long = { kind: "cells", fields: ["email"], rows: [{ row: 3, values: ["x".repeat(2 ** 20)] }] };
    expect((await app.call("POST", `${at}/edits`, long)).status).toBe(413);
    const filled = { kind: "cells", fields: ["first_name"], rows: [2, 3].map((row) => ({ row, values: ["Same"] })) };
    await app.call("POST", `${at}/edits`, filled);
    expect((await app.call("GET", `${at}/edits`)).json.items).toMatchObject([
      { kind: "cells", field: "first_name", from: null, to: "Same", changed: 2 },
      { kind: "cells", field: null, from: null, to: null, changed: 2 },
    ]);
  });

  it("leaves rows out and puts them back in, each with one effect however often it is sent", async () => {
    const app = await openApp();
    const at = await ready(app);
    const send = async (body: object, key: string) => {
      const headers = { "idempotency-key": key };
      const first = await app.call("POST", `${at}/edits`, body, { headers });
      expect((await app.call("POST", `${at}/edits`, body, { headers })).json).toEqual(first.json);
      return first.json;
    };
    const wrong = { kind: "leave_out", within: { status: ["invalid"], search: "nope" } };
    expect(await send(wrong, "out-1")).toEqual({
      changed: 2,
      leftOut: 2,
      nowValid: 0,
      nowInvalid: 0,
      stillInvalid: 0,
    });
    expect(await send({ kind: "leave_out", rows: [2, 5] }, "out-2")).toMatchObject({ changed: 2, leftOut: 2 });
    expect((await app.call("GET", at)).json).toMatchObject({ validRows: 0, invalidRows: 0, skippedRows: 4 });
    const { json } = await app.call("GET", `${at}/rows?status=skipped&lang=fr&by=field&limit=1`);
    expect(json.items).toMatchObject([
      {
        row: 2,
        status: "skipped",
        issues: [{ code: "row_left_out", severity: "info", message: "Cette ligne a été laissée de côté à la main." }],
        values: { email: "anna@example.com", first_name: "Anna" },
      },
    ]);
    expect((await app.call("PATCH", `${at}/rows/3`, { field: "email", value: "x@example.com" })).status).toBe(409);
    expect(await send({ kind: "put_back", from: 2, to: 3 }, "back-1")).toMatchObject({ nowValid: 1, stillInvalid: 1 });
    expect((await app.call("GET", `${at}/edits?limit=1`)).json.items).toMatchObject([
      { kind: "put_back", row: null, field: null, changed: 2, leftOut: 0 },
    ]);
    for (const kind of ["leave_out", "put_back"])
      expect((await app.call("POST", `${at}/edits`, { kind })).status).toBe(422);
    expect((await app.call("POST", `${at}/edits`, { kind: "leave_out", rows: [0] })).status).toBe(422);
  });

  it.each([
    ["PATCH", "/rows/99", { field: "email", value: "x@example.com" }, 404],
    ["PATCH", "/rows/0", { field: "email", value: "x@example.com" }, 422],
    ["PATCH", "/rows/3", { field: "nix", value: "x" }, 422],
    ["PATCH", "/rows/3", { value: "x" }, 422],
    ["PATCH", "/rows/3", { field: "email", value: "\u0000" }, 422],
    ["GET", "/values", undefined, 422],
    ["GET", "/values?field=nix", undefined, 422],
    ["GET", "/values?field=email&after=nix", undefined, 422],
    ["POST", "/edits", { kind: "replace", field: "email", from: "nope", to: "nope" }, 422],
    ["POST", "/edits", { kind: "nix" }, 422],
    ["POST", "/edits", { kind: "repair", field: "email", issue: "email_invalid", repair: "row_above" }, 422],
    ["POST", "/edits", { kind: "repair", field: "email", issue: "nix", repair: "email" }, 422],
    ["GET", "/repairs?after=nix", undefined, 422],
    ["POST", "/edits", { kind: "cells", fields: ["email"], rows: [{ row: 3, values: [7] }] }, 422],
    ["POST", "/edits/undo", undefined, 409],
  ])("%s %s %j → %i, and nothing is changed", async (method, path, body, status) => {
    const app = await openApp();
    const at = await ready(app);
    const before = (await app.call("GET", `${at}/rows`)).json;
    expect((await app.call(method, `${at}${path}`, body)).status).toBe(status);
    expect((await app.call("GET", `${at}/rows`)).json).toEqual(before);
  });

  it("is over when the import is committed, and is nobody else's", async () => {
    const app = await openApp();
    const at = await ready(app, "anna");
    for (const [method, path, body] of [
      ["PATCH", "/rows/3", { field: "email", value: "x@example.com" }],
      ["GET", "/values?field=email", undefined],
      ["POST", "/edits", { kind: "revalidate" }],
      ["POST", "/edits", { kind: "repair", field: "email", issue: "email_invalid", repair: "email" }],
      ["GET", "/repairs", undefined],
      ["POST", "/edits", { kind: "cells", fields: ["email"], rows: [{ row: 3, values: ["x@example.com"] }] }],
      ["GET", "/edits", undefined],
      ["POST", "/edits/undo", undefined],
    ] as const) {
      expect((await app.call(method, `${at}${path}`, body, { as: "bo" })).status).toBe(404);
    }
    await app.call("POST", `${at}/commit`, undefined, { as: "anna" });
    const late = await app.call("PATCH", `${at}/rows/3`, { field: "email", value: "x@example.com" }, { as: "anna" });
    expect([late.status, late.json.code]).toEqual([409, "conflict"]);
  });
});
