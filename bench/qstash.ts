/**
 * What it costs to be called slice by slice: an import through QStash's protocol, by a deliverer on this machine over HTTP with signatures,
 * ledger and continuations, against the same slices in this process without a queue. `node bench/qstash.ts [--rows 210202] [--runs 3]`:
 * slices of 60 s and of 0.5 s, by turns with the direct ones, in databases of their own. `--deliveries 10000`: instead, that many
 * deliveries doubled, disordered, late and replayed, each of which must have one effect.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createAdaptorServer } from "@hono/node-server";
import { type App, openApp } from "../src/app.ts";
import { type Config, resolveConfig } from "../src/config.ts";
import type { EngineEvent } from "../src/core/ports.ts";
import { startEmbeddedPostgres } from "../src/embedded/embedded.ts";
import { leads } from "../src/importers/leads/leads.ts";
import { Database } from "../src/postgres/connection/connect.ts";
import { sql } from "../src/postgres/connection/session.ts";
import { newImport } from "../src/program/new-import.ts";
import { directQueue } from "../src/queue/direct.ts";
import { runWorker } from "../src/worker/worker.ts";
import { Deliverer, keys, type Message } from "../test/qstash-deliverer.ts";
import { leadsFile, median } from "./server/running.ts";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "210202" },
    runs: { type: "string", default: "3" },
    deliveries: { type: "string" },
  },
});
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const folder = await mkdtemp(join(tmpdir(), "sluice-bench-qstash-"));
await chmod(folder, 0o755);
const server = await startEmbeddedPostgres({ dataDir: join(folder, "data"), lingerMs: 0 });
let places = 0;

async function configOf(settings: Partial<Config>): Promise<Config> {
  const name = `run_${++places}`;
  const admin = new Database(server.url, 1);
  await admin.query(sql`create database ${sql.id(name)}`);
  await admin.query(sql`checkpoint`);
  await admin.close();
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const environment = { DATABASE_URL: url.href, SLUICE_DATA_DIR: join(folder, name) };
  return { ...resolveConfig(environment, {}, {}), importers: [leads], ...settings };
}

/** An import that commits by itself, as a person may ask for. */
async function bring(app: App, file: string): Promise<{ id: number }> {
  const { id } = await newImport(app, leads, file, {
    ...{ language: "en", dryRun: false, again: true, acceptDoubts: true, assign: { mode: "none" } },
  });
  await app.database.query(sql`update sluice.import_jobs set auto_commit = true where id = ${id}`);
  return { id };
}

async function outcomeOf(app: App, id: number): Promise<{ status: string; rows: number; leads: number }> {
  const { status, totalRows } = await app.engine.imports.get(id);
  const counts = await app.engine.imports.counts(id);
  const sum = counts.created + counts.updated + counts.unchanged + counts.skipped + counts.invalid + counts.failed;
  const [{ n }] = await app.database.query<{ n: number }>(sql`select count(*)::int as n from leads`);
  if (status === "completed" && (sum !== totalRows || n !== counts.created))
    throw new Error(`Of ${totalRows} rows ${sum} are accounted for, and ${n} of ${counts.created} are there.`);
  return { status, rows: totalRows, leads: n };
}

interface Run {
  seconds: number;
  leads: number;
  slices: number;
}

/** In this process, without a queue between. */
async function direct(file: string): Promise<Run> {
  const queue = directQueue();
  const app = await openApp(await configOf({ queue: () => queue }), () => {}, undefined, "worker");
  try {
    const { id } = await bring(app, file);
    const begun = performance.now();
    await app.engine.start(id);
    await runWorker(app.engine, queue, new AbortController().signal);
    const seconds = (performance.now() - begun) / 1000;
    const { status, leads: n } = await outcomeOf(app, id);
    if (status !== "completed") throw new Error(`The import is ${status}.`);
    return { seconds, leads: n, slices: 1 };
  } finally {
    await app.close();
  }
}

interface Called {
  app: App;
  deliverer: Deliverer;
  close(): Promise<void>;
}

/** An app that is called over HTTP. */
async function openCalled(settings: Partial<Config>, options: ConstructorParameters<typeof Deliverer>[0] = {}) {
  const deliverer = await new Deliverer(options).listen();
  let app: App | undefined;
  const http = createAdaptorServer({ fetch: (request) => (app as App).receive(request) }) as Server;
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const tasksUrl = `http://127.0.0.1:${(http.address() as AddressInfo).port}/api/v1/tasks`;
  const config = await configOf({
    ...{ qstashUrl: deliverer.url, qstashToken: "token-of-this-test" },
    ...{ qstashCurrentSigningKey: keys.current, qstashNextSigningKey: keys.next },
    ...settings,
  });
  const told: EngineEvent[] = [];
  const listen = (event: EngineEvent): void => {
    if (/failed|dead/.test(event.name)) told.push(event);
  };
  app = await openApp(config, listen, undefined, "worker", { tasksUrl });
  const opened: Called = {
    app,
    deliverer,
    async close() {
      await deliverer.close();
      http.closeAllConnections();
      http.close();
      await app?.close();
      if (told.length > 0) throw new Error(`Not all went well: ${JSON.stringify(told[0])}`);
    },
  };
  return opened;
}

const until = async (isSo: () => Promise<boolean> | boolean): Promise<void> => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10));
};

async function called(file: string, sliceSeconds: number): Promise<Run> {
  const { app, deliverer, close } = await openCalled({ sliceSeconds });
  try {
    const { id } = await bring(app, file);
    const begun = performance.now();
    await app.engine.start(id);
    await until(async () => ["completed", "failed", "paused"].includes((await app.engine.imports.get(id)).status));
    const seconds = (performance.now() - begun) / 1000;
    await until(() => deliverer.isIdle);
    const { status, leads: n } = await outcomeOf(app, id);
    if (status !== "completed") throw new Error(`The import is ${status}.`);
    return { seconds, leads: n, slices: deliverer.deliveries.length };
  } finally {
    await close();
  }
}

async function measure(): Promise<void> {
  const file = await leadsFile(folder, Number(values.rows));
  const ways = {
    direct: () => direct(file),
    "qstash, 60 s": () => called(file, 60),
    "qstash, 0.5 s": () => called(file, 0.5),
  };
  const seconds: Record<string, number[]> = {};
  const slices: Record<string, number> = {};
  // The first round warms up.
  for (let run = -1; run < Number(values.runs); run++) {
    const leadsOf: number[] = [];
    for (const [name, work] of Object.entries(ways)) {
      const result = await work();
      leadsOf.push(result.leads);
      slices[name] = result.slices;
      if (run >= 0) (seconds[name] ??= []).push(result.seconds);
    }
    if (new Set(leadsOf).size !== 1) throw new Error(`Not the same leads: ${leadsOf.join(", ")}.`);
  }
  for (const [name, each] of Object.entries(seconds)) {
    const ratio = median(each.map((one, k) => one / seconds.direct[k]));
    const all = each.map((one) => one.toFixed(2)).join(", ");
    say(`| ${name} | ${median(each).toFixed(2)} s (${all}) | ${slices[name]} slices | ${ratio.toFixed(2)} × |`);
  }
}

/** Numbers that look random, the same each time. */
function drawing(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** So many deliveries, of which most are none of QStash's business. */
async function confuse(most: number): Promise<void> {
  const random = drawing(7);
  const past: Message[] = [];
  const { app, deliverer, close } = await openCalled(
    { sliceSeconds: 0, chunkRows: 100, batchBytes: 65_536, userWaiting: 100_000, userUnfinished: 100_000 },
    {
      speed: 1000,
      async mischief(message, deliver) {
        past.push(message);
        // Late: others overtake it.
        if (random() < 0.3) await new Promise((resolve) => setTimeout(resolve, 100 * random()));
        // Doubled at the same moment, beside one of long ago.
        const several = [message, ...(random() < 0.6 ? [message] : []), past[Math.floor(random() * past.length)]];
        await Promise.all(several.sort(() => random() - 0.5).map(deliver));
        // Replayed.
        if (random() < 0.6) await deliver(message);
      },
    },
  );
  try {
    const ids: number[] = [];
    let rows = 0;
    const path = join(folder, "some.csv");
    for (let k = 0; deliverer.deliveries.length < most; k++) {
      const size = 20 + Math.floor(random() * 700);
      rows += size;
      await writeFile(path, `email\n${Array.from({ length: size }, (_, n) => `f${k}-${n}@x.fr\n`).join("")}`);
      const { id } = await bring(app, path);
      ids.push(id);
      await app.engine.start(id);
      await until(() => deliverer.backlog < 20);
    }
    await until(() => deliverer.isIdle);
    for (const id of ids) {
      const { status } = await app.engine.imports.get(id);
      if (status !== "completed") throw new Error(`Import ${id} is ${status}.`);
    }
    const [{ n }] = await app.database.query<{ n: number }>(sql`select count(*)::int as n from leads`);
    if (n !== rows) throw new Error(`${n} leads of ${rows} rows.`);
    const effects = new Map<string, number>();
    const answers: Record<string, number> = {};
    for (const { messageId, status, answer } of deliverer.deliveries) {
      const { outcome } = JSON.parse(answer) as { outcome: unknown };
      const kind = typeof outcome === "string" ? outcome : "later";
      answers[`${status} ${kind}`] = (answers[`${status} ${kind}`] ?? 0) + 1;
      if (kind !== "replayed" && kind !== "under_way") effects.set(messageId, (effects.get(messageId) ?? 0) + 1);
    }
    const several = [...effects.values()].filter((each) => each > 1).length;
    say(
      `${deliverer.deliveries.length} deliveries of ${past.length} messages, ${ids.length} imports, ${n} rows, each once; ` +
        `${effects.size} messages with one effect, ${several} with several; ${JSON.stringify(answers)}`,
    );
    if (several > 0) process.exitCode = 1;
  } finally {
    await close();
  }
}

try {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  say(`Sluice ${version}, ${cpus().length} × ${cpus()[0].model}, Node ${process.version}`);
  await (values.deliveries === undefined ? measure() : confuse(Number(values.deliveries)));
} finally {
  await server.release();
  await rm(folder, { recursive: true, force: true });
}
