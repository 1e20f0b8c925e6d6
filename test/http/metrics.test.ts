import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { expect, it, onTestFinished } from "vitest";
import type { Measures, Standing } from "../../src/core/store/measures.ts";
import { Metrics } from "../../src/http/request/metrics.ts";
import { postgresMeasures } from "../../src/postgres/jobs/measures.ts";
import { openAuthApp, statusesUntilHeld } from "./auth-app.ts";

const csv = "Email,First name\nanna@example.com,Anna\nbo@example.com,Bo\nnot-an-address,Cy\n";

/** The lines of some metrics, without the process's own. */
const lines = (text: string, ...names: string[]): string[] =>
  text.split("\n").filter((line) => names.some((name) => line.startsWith(`${name}{`) || line.startsWith(`${name} `)));

it("tells what stands where, what waits and what has ended", async () => {
  const { database, importCsv, create, engine, importer, rows, store } = await openAuthApp();
  let nowMs = 0;
  const queue = { depth: async () => ({ waiting: 4, active: 2, dead: 1 }) };
  const metrics = new Metrics(postgresMeasures(database), queue, () => nowMs);
  await metrics.text();

  await importCsv(importer("leads"), csv);
  const waiting = await create(importer("leads"), csv.replaceAll("example", "example2"));
  await engine.start(waiting.id);
  await rows(`update sluice.import_jobs set updated_at = now() - interval '90 seconds' where id = ${waiting.id}`);
  const failed = await create(importer("leads"), csv.replaceAll("example", "example3"));
  await store.imports.move(failed.id, "failed", {
    errorMessage: "gone",
    errorDetails: { code: "not_found", name: "SluiceError", attempts: 1 },
  });
  const running = await create(importer("leads"), csv.replaceAll("example", "example4"));
  await rows(
    `update sluice.import_jobs set status = 'parsing', progress = '{"rowsPerSecond": 1500.5}', progress_at = now() where id = ${running.id}`,
  );

  expect(lines(await metrics.text(), "sluice_imports")).toContain('sluice_imports{status="completed"} 0');
  nowMs = 5000;
  const text = await metrics.text();
  expect(lines(text, "sluice_imports").filter((line) => !line.endsWith(" 0"))).toEqual([
    'sluice_imports{status="queued"} 1',
    'sluice_imports{status="parsing"} 1',
    'sluice_imports{status="completed"} 1',
    'sluice_imports{status="failed"} 1',
  ]);
  expect(lines(text, "sluice_imports_failed", "sluice_failures_total")).toEqual([
    'sluice_imports_failed{code="not_found"} 1',
    'sluice_failures_total{code="not_found"} 1',
  ]);
  expect(lines(text, "sluice_queue_waiting", "sluice_queue_deliveries")).toEqual([
    "sluice_queue_waiting 1",
    'sluice_queue_deliveries{state="waiting"} 4',
    'sluice_queue_deliveries{state="active"} 2',
    'sluice_queue_deliveries{state="dead"} 1',
  ]);
  expect(Number(lines(text, "sluice_queue_oldest_seconds")[0].split(" ")[1])).toBeGreaterThanOrEqual(90);
  expect(lines(text, "sluice_rows_per_second", "sluice_rows_total").filter((line) => !line.endsWith(" 0"))).toEqual([
    'sluice_rows_per_second{phase="parse"} 1500.5',
    'sluice_rows_total{phase="parse"} 3',
    'sluice_rows_total{phase="commit"} 2',
  ]);
  expect(lines(text, "sluice_imports_ended_total")).toEqual([
    'sluice_imports_ended_total{status="completed"} 1',
    'sluice_imports_ended_total{status="failed"} 1',
  ]);
  // What was counted is not counted again.
  nowMs = 10_000;
  expect(lines(await metrics.text(), "sluice_rows_total", "sluice_imports_ended_total")).toEqual(
    lines(text, "sluice_rows_total", "sluice_imports_ended_total"),
  );
});

it("asks the database at most every five seconds, however many scrape", async () => {
  let [asked, nowMs] = [0, 0];
  const standing = async (): Promise<Standing> => {
    asked++;
    return idle;
  };
  const metrics = new Metrics(measuresOf({ standing }), null, () => nowMs);
  await Promise.all([1, 2, 3].map(() => metrics.text()));
  nowMs = 4999;
  await metrics.text();
  expect(asked).toBe(1);
  nowMs = 5000;
  await metrics.text();
  expect(asked).toBe(2);
});

it("tells no old numbers while the database is away", async () => {
  let [away, nowMs] = [false, 0];
  const standing = async () => {
    if (away) throw new Error("away");
    return { ...idle, imports: { queued: 3 } };
  };
  const metrics = new Metrics(measuresOf({ standing }), null, () => nowMs);
  expect(lines(await metrics.text(), "sluice_database_up", "sluice_queue_waiting")).toEqual([
    "sluice_database_up 1",
    "sluice_queue_waiting 3",
  ]);
  [away, nowMs] = [true, 5000];
  const text = await metrics.text();
  expect(lines(text, "sluice_database_up", "sluice_queue_waiting", "sluice_imports")).toEqual(["sluice_database_up 0"]);
  expect(lines(text, "process_resident_memory_bytes", "nodejs_eventloop_lag_p99_seconds")).toHaveLength(2);
});

it("counts what was committed late, once", async () => {
  const end = (eventId: number) =>
    ({ eventId, at: new Date(), status: "completed", phase: "commit", rows: 10, code: null }) as const;
  const looks = [[end(7)], [end(6), end(7)], [end(6), end(7), end(8)]];
  let nowMs = 0;
  const metrics = new Metrics(
    measuresOf({ newestEvent: async () => 5, ended: async () => looks.shift() ?? [] }),
    null,
    () => nowMs,
  );
  const totals = [];
  for (; nowMs < 20_000; nowMs += 5000)
    totals.push(lines(await metrics.text(), "sluice_imports_ended_total")[0]?.split(" ")[1]);
  expect(totals).toEqual([undefined, "1", "2", "3"]);
});

const idle = { imports: {}, failed: {}, oldestWaitingSeconds: 0, rowsPerSecond: {} };
function measuresOf(parts: Partial<Measures>): Measures {
  return {
    standing: async () => idle,
    workers: async () => [],
    newestEvent: async () => 0,
    ended: async () => [],
    checkReady: async () => {},
    ...parts,
  };
}

it("times answers by route, never by path", async () => {
  const { ask, person } = await openAuthApp();
  const { session } = await person("Boss", "admin");
  for (const path of ["/imports/41", "/imports/42", "/nothing/here"]) await ask("GET", `/api/v1${path}`, { session });
  await ask("GET", "/healthz");
  const { text } = await ask("GET", "/metrics", { session });
  const counts = lines(text, "sluice_http_request_duration_seconds_count");
  // The test's own look at the document is not of interest.
  expect(counts.filter((line) => !line.includes("openapi.json")).sort()).toEqual([
    'sluice_http_request_duration_seconds_count{method="GET",route="(none)",status="404"} 1',
    'sluice_http_request_duration_seconds_count{method="GET",route="/api/v1/imports/:id",status="404"} 2',
    'sluice_http_request_duration_seconds_count{method="GET",route="/healthz",status="200"} 1',
  ]);
});

it("shows them to this machine, to the metrics' token and to an admin, and to nobody else", async () => {
  const { ask, person, program } = await openAuthApp({
    access: { metricsToken: "a token for the scraper", metricsOnLoopback: true },
  });
  const [boss, anna, robot] = [await person("Boss", "admin"), await person("Anna"), await program("robot", "admin")];
  const local = { origin: "http://localhost:3000", address: "127.0.0.1" };
  for (const [who, asked, status] of [
    ["this machine", local, 200],
    ["this machine by IPv6", { origin: "http://[::1]:3000", address: "::1" }, 200],
    ["the token", { bearer: "a token for the scraper" }, 200],
    ["an admin", { session: boss.session }, 200],
    ["an admin's program", { bearer: robot.bearer }, 200],
    ["a user", { session: anna.session }, 403],
    ["a stranger", {}, 401],
    ["a stranger with another token", { bearer: "another token" }, 401],
    ["a stranger by a proxy on this machine", { ...local, headers: { "x-forwarded-for": "203.0.113.9" } }, 401],
    ["a page whose name leads to this machine", { ...local, origin: "http://evil.test:3000" }, 401],
    ["a stranger who calls this machine localhost", { ...local, address: "203.0.113.9" }, 401],
  ] as const) {
    const answer = await ask("GET", "/metrics", asked);
    expect([who, answer.status]).toEqual([who, status]);
    expect(answer.text.includes("sluice_imports")).toBe(status === 200);
  }
  // A proxy on this machine may add no header: what comes by it looks the same.
  const closed = await openAuthApp();
  expect((await closed.ask("GET", "/metrics", local)).status).toBe(401);
});

it("limits who asks for them without being known, as everywhere else", async () => {
  const { ask } = await openAuthApp({ access: { metricsToken: "a token for the scraper" } });
  const guess = (k: number) => ask("GET", "/metrics", { bearer: `guess ${k}`, address: "203.0.113.9" });
  expect(await statusesUntilHeld(guess)).toEqual([401, 429]);
  expect((await ask("GET", "/metrics", { bearer: "a token for the scraper", address: "203.0.113.9" })).status).toBe(
    200,
  );
  const anybody = await ask("GET", "/metrics", { address: "203.0.113.10" });
  expect(anybody.status).toBe(401);
});

it("knows by the socket that a scraper is on this machine", async () => {
  const { app } = await openAuthApp({ access: { metricsOnLoopback: true } });
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  const headers = { connection: "close" };
  const answer = await fetch(url, { headers });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([
    200,
    "text/plain; version=0.0.4; charset=utf-8",
  ]);
  expect(await answer.text()).toContain("sluice_database_up 1");
  const forwarded = await fetch(url, { headers: { ...headers, "x-forwarded-for": "203.0.113.9" } });
  expect(forwarded.status).toBe(401);
});
