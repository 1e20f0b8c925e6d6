import { Hono } from "hono";
import { expect, it } from "vitest";
import { healthRoutes } from "../../src/http/operations/health.ts";
import { openAuthApp } from "./auth-app.ts";

it("answers without a sign-in that it is alive and ready", async () => {
  const { ask } = await openAuthApp();
  for (const path of ["/healthz", "/readyz"]) {
    const { status, json } = await ask("GET", path);
    expect([path, status, json]).toEqual([path, 200, { status: "ok" }]);
  }
});

it("is not ready, but alive, while it stops", async () => {
  const stopping = new AbortController();
  const { ask } = await openAuthApp({ stopping: stopping.signal });
  expect((await ask("GET", "/readyz")).status).toBe(200);
  stopping.abort();
  expect([(await ask("GET", "/readyz")).status, (await ask("GET", "/healthz")).status]).toEqual([503, 200]);
});

it("is not ready before the migrations have run", async () => {
  const { ask, rows } = await openAuthApp();
  await rows("delete from sluice.migrations where number = 8");
  const { status, json } = await ask("GET", "/readyz");
  expect([status, json.detail]).toEqual([503, "Migrations have not run yet: 8."]);
  expect(json.next).toMatchObject({ code: "migrate" });
});

it("is not ready, but alive, without its database", async () => {
  // The app's own pool cannot be cut off in a test: the database is asked through a port that nobody listens at.
  const { Database } = await import("../../src/postgres/connection/connect.ts");
  const { postgresMeasures } = await import("../../src/postgres/jobs/measures.ts");
  const measures = postgresMeasures(new Database("postgres://nobody@127.0.0.1:1/none", 1));
  const engine = { store: { measures } };
  const app = new Hono().route("/", healthRoutes({ engine } as never));
  app.onError((error, c) => c.text((error as Error & { code: string }).code, 503));
  const answer = await app.request("/readyz");
  expect([answer.status, await answer.text()]).toEqual([503, "unavailable"]);
  expect((await app.request("/healthz")).status).toBe(200);
});
