/** Imports that nobody finishes keep files and staged rows: a person has so many at most, copies of files among them. */
import { expect, it } from "vitest";
import { openApp } from "./open-app.ts";

it("refuses one more of a person who has so many, however they are made, and nobody else's", async () => {
  const { call, upload } = await openApp(undefined, undefined, { unfinishedLimit: 2 });
  const create = async (as: string) =>
    call(
      "POST",
      "/imports",
      { uploadId: await upload("Email\na@example.com\n", "a.csv", as), importer: "leads", again: true },
      { as },
    );
  const first = await create("anna");
  const second = await call("POST", "/imports", { fileOf: first.json.id }, { as: "anna" });
  expect([first.status, second.status]).toEqual([201, 201]);
  const third = await create("anna");
  expect([third.status, third.json.code, third.headers.get("retry-after")]).toEqual([
    429,
    "too_many",
    expect.any(String),
  ]);
  expect(third.json.detail).toMatch(/^2 of your imports are neither running nor finished/);
  expect((await call("POST", "/imports", { fileOf: first.json.id }, { as: "anna" })).status).toBe(429);
  expect((await create("bo")).status).toBe(201);
  expect((await call("DELETE", `/imports/${second.json.id}`, undefined, { as: "anna" })).status).toBe(204);
  const both = await Promise.all([create("anna"), create("anna"), create("anna")]);
  expect(both.map(({ status }) => status).sort()).toEqual([201, 429, 429]);
});
