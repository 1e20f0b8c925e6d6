import { describe, expect, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { openApp } from "./open-app.ts";

const csv = "Email\nanna@example.com\n";

describe("who may do what", () => {
  it("lets nobody in who is nobody, except to ask for the document and the process's health", async () => {
    const { call } = await openApp();
    const refused = await call("GET", "/imports", undefined, { as: "" });
    expect([refused.status, refused.json.code]).toEqual([401, "unauthorized"]);
    expect(refused.headers.get("www-authenticate")).toContain("Bearer");
    for (const path of ["/healthz", "/readyz", "/openapi.json"]) {
      expect((await call("GET", path, undefined, { as: "" })).status).toBe(200);
    }
  });

  it("shows a user their own imports and an administrator all", async () => {
    const { call, upload } = await openApp();
    const made = await call(
      "POST",
      "/imports",
      { uploadId: await upload(csv, "a.csv", "anna"), importer: "leads" },
      { as: "anna" },
    );
    const at = `/imports/${made.json.id}`;
    const requests: [string, string, unknown?][] = [
      ["GET", at],
      ["GET", `${at}/mapping`],
      ["PUT", `${at}/mapping`, { columns: [] }],
      ["GET", `${at}/options`],
      ["PUT", `${at}/options`, {}],
      ["GET", `${at}/preview`],
      ["GET", `${at}/sheets`],
      ["GET", `${at}/entries`],
      ["GET", `${at}/choices`],
      ["GET", `${at}/reading?dialect={}`],
      ["GET", `${at}/rows`],
      ["GET", `${at}/report`],
      ["GET", `${at}/rejected.csv`],
      ["GET", `${at}/rejected.xlsx`],
      ["GET", `${at}/corrected.csv`],
      ["GET", `${at}/corrected.xlsx`],
      ["GET", `${at}/records.csv`],
      ["GET", `${at}/events`],
      ["GET", `${at}/undo`],
      ["GET", `${at}/undo/preview`],
      ["GET", `${at}/undo/kept`],
      ["PUT", "/templates", { importId: made.json.id }],
      ["POST", `${at}/start`, {}],
      ...["commit", "dry-run", "pause", "resume", "retry", "cancel", "undo"].map((action): [string, string] => [
        "POST",
        `${at}/${action}`,
      ]),
      ["DELETE", at],
    ];
    for (const [method, path, body] of requests) {
      const answer = await call(method, path, body, { as: "bo" });
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
    expect((await call("GET", at, undefined, { as: "anna" })).status).toBe(200);
    expect((await call("GET", at, undefined, { as: "admin" })).status).toBe(200);
  });

  it("takes an upload of another user for none", async () => {
    const { call, upload } = await openApp();
    const uploadId = await upload(csv, "a.csv", "anna");
    expect((await call("POST", "/imports", { uploadId, importer: "leads" }, { as: "bo" })).status).toBe(404);
  });

  it("asks the importer what a user may, and never an administrator", async () => {
    const guarded = defineImporter({
      name: "guarded",
      fields: { email: field.email({ required: true }) },
      target: { table: "guarded" },
      can: (user, action) => user.id === "anna" || (user.id === "bo" && action === "view"),
    });
    const { call, upload } = await openApp(
      [leads, guarded],
      "create table guarded (id bigserial primary key, email text)",
    );
    const names = async (as: string) =>
      (await call("GET", "/importers", undefined, { as })).json.items.map(({ name }: { name: string }) => name);
    expect(await names("anna")).toEqual(["leads", "guarded"]);
    expect(await names("bo")).toEqual(["leads"]);
    expect(await names("admin")).toEqual(["leads", "guarded"]);
    const asBo = await upload(csv, "a.csv", "bo");
    const refused = await call("POST", "/imports", { uploadId: asBo, importer: "guarded" }, { as: "bo" });
    expect([refused.status, refused.json.code]).toEqual([403, "forbidden"]);
    const asAnna = await upload(csv, "a.csv", "anna");
    expect((await call("POST", "/imports", { uploadId: asAnna, importer: "guarded" }, { as: "anna" })).status).toBe(
      201,
    );
    const nobodys = await call("GET", "/importers/nix", undefined, { as: "bo" });
    expect(nobodys.status).toBe(404);
  });

  it("lets nobody commit by an option who may not commit", async () => {
    const careful = defineImporter({
      name: "careful",
      fields: { email: field.email({ required: true }) },
      target: { table: "careful" },
      can: (user, action) => user.id === "anna" || action !== "commit",
    });
    const { call, upload } = await openApp([careful], "create table careful (id bigserial primary key, email text)");
    const options = { autoCommit: true };
    const bring = async (as: string, more = {}) => {
      const body = { uploadId: await upload(csv, "a.csv", as), importer: "careful", ...more };
      return call("POST", "/imports", body, { as });
    };
    expect((await bring("bo", { options })).status).toBe(403);
    const { status, json } = await bring("bo");
    expect(status).toBe(201);
    expect((await call("PUT", `/imports/${json.id}/options`, options, { as: "bo" })).status).toBe(403);
    expect((await call("PUT", `/imports/${json.id}/options`, {}, { as: "bo" })).status).toBe(200);
    expect((await bring("anna", { options })).status).toBe(202);
  });
});
