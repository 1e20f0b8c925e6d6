import { describe, expect, it, onTestFinished } from "vitest";
import { leads } from "../../src/importers/leads/leads.ts";
import { createApp } from "../../src/mount.ts";
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

function formOf(text: string, more: Record<string, unknown>): FormData {
  const form = new FormData();
  form.set("import", JSON.stringify(more));
  form.set("file", new File([text], "a.csv"));
  return form;
}
