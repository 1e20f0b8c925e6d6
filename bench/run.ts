/**
 * The benchmark: Sluice beside COPY alone, a hand-written SQL script and the usual application code, on the same file and
 * the same embedded Postgres, alternating, medians; and its readers beside others, without a database. `npm run bench` or
 * `npm run bench -- --rows 210202,1000000 --runs 3 --growth 5000000`; `npm run bench:formats` for the readers alone; the match by
 * the size of the file with `npm run bench -- --only match --rows 1000000,10000000`; a workbook into five tables with
 * `npm run bench -- --only catalog`; the review's first page in other orders and of filters with `npm run bench -- --only review --rows 1000000`.
 */

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startEmbeddedPostgres } from "../src/embedded/embedded.ts";
import { generateLeads } from "../src/importers/leads/generate.ts";
import { Database } from "../src/postgres/connection/connect.ts";
import { sql } from "../src/postgres/connection/session.ts";
import { compareCatalogs } from "./catalog.ts";
import { compareFormats } from "./formats.ts";
import { compareMatches } from "./match.ts";
import { measureReviews } from "./review.ts";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "210202,1000000" },
    runs: { type: "string", default: "3" },
    growth: { type: "string", default: "5000000" },
    seed: { type: "string", default: "42" },
    /** Contestants left out, as in `app,papa`. */
    without: { type: "string", default: "" },
    /** `database`, `formats`, `match`, `review`, `catalog`, or several. */
    only: { type: "string", default: "database,formats" },
    /** Rows of the workbooks. */
    "workbook-rows": { type: "string", default: "700000" },
    /** Rows of the CSV file in two encodings. */
    "csv-rows": { type: "string", default: "1000000" },
  },
});
const parts = new Set(values.only.split(","));
const runs = Number(values.runs);
const without = new Set(values.without.split(","));
const root = fileURLToPath(new URL("..", import.meta.url));

interface Run {
  seconds: number;
  rows: number;
  peakRssBytes: number;
  created?: number;
  phases?: Record<string, { seconds: number }>;
}

const folder = await mkdtemp(join(tmpdir(), "sluice-bench-"));
await chmod(folder, 0o755);
const server = ["database", "match", "review", "catalog"].some((part) => parts.has(part))
  ? await startEmbeddedPostgres({ dataDir: join(folder, "data"), lingerMs: 0 })
  : { url: "", release: async () => {} };
let databases = 0;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A file of leads that COPY takes too: no row with a cell too many or too few. */
async function leadsFile(rows: number): Promise<string> {
  const path = join(folder, `leads-${rows}.csv`);
  const file = createWriteStream(path);
  for (const piece of generateLeads({ rows, seed: Number(values.seed), ragged: false })) {
    if (!file.write(piece)) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
  return path;
}

/** Each run has a database of its own, and begins after a checkpoint: nobody pays for another's dirty pages. */
async function measure(contestant: string, path: string): Promise<Run> {
  const admin = new Database(server.url, 1);
  const name = `bench_${++databases}`;
  await admin.query(sql`create database ${sql.id(name)}`);
  await admin.query(sql`checkpoint`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const args =
    contestant === "sluice"
      ? [
          "bench/sluice.mjs",
          "import",
          "leads",
          path,
          "--json",
          "--yes",
          "--database-url",
          url.href,
          "--data-dir",
          join(folder, "sluice"),
        ]
      : ["bench/measure.ts", contestant, path, url.href];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  const startedAt = performance.now();
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error(`${contestant} ended with ${code}: ${out}`);
  await admin.query(sql`drop database ${sql.id(name)} with (force)`);
  await admin.close();
  const run = JSON.parse(out) as Run;
  // For Sluice the whole process counts, its start included.
  return contestant === "sluice" ? { ...run, seconds: (performance.now() - startedAt) / 1000 } : run;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const contestants = ["copy", "sluice", "sql", "app", "encode", "papa"].filter((name) => !without.has(name));

async function compare(rows: number): Promise<void> {
  const path = await leadsFile(rows);
  const measured = new Map<string, Run[]>(contestants.map((name) => [name, []]));
  for (let k = 0; k < runs; k++) {
    for (const name of contestants) {
      const run = await measure(name, path);
      measured.get(name)?.push(run);
      process.stderr.write(`  ${rows} rows, run ${k + 1}, ${name}: ${run.seconds.toFixed(2)} s\n`);
    }
  }
  const seconds = (name: string): number => median((measured.get(name) ?? []).map((run) => run.seconds));
  const phase = (name: string): number =>
    median((measured.get("sluice") ?? []).map((run) => run.phases?.[name]?.seconds ?? Number.NaN));
  const mib = (name: string): number => median((measured.get(name) ?? []).map((run) => run.peakRssBytes)) / 2 ** 20;
  say(`\n## ${rows.toLocaleString("en")} rows, medians of ${runs}\n`);
  say("| what | seconds | ratio | peak RSS of Node |");
  say("| --- | ---: | ---: | ---: |");
  const line = (what: string, time: number, ratio: string, rss: number | null): void =>
    say(`| ${what} | ${time.toFixed(2)} | ${ratio} | ${rss === null ? "" : `${rss.toFixed(0)} MiB`} |`);
  line("(b) COPY of the file, nothing else", seconds("copy"), "", null);
  line(
    "(a) Sluice: read, validate, stage",
    phase("parse"),
    `${(phase("parse") / seconds("copy")).toFixed(2)} × (b)`,
    null,
  );
  line("(a) Sluice: match", phase("match"), "", null);
  line("(a) Sluice: commit", phase("commit"), "", null);
  line("(a) Sluice, whole process", seconds("sluice"), "", mib("sluice"));
  if (!without.has("sql"))
    line(
      "(c) hand-written SQL script",
      seconds("sql"),
      `Sluice ${(seconds("sluice") / seconds("sql")).toFixed(2)} × (c)`,
      null,
    );
  if (!without.has("app"))
    line(
      "(d) usual application code",
      seconds("app"),
      `Sluice ${(seconds("app") / seconds("sluice")).toFixed(1)} × faster`,
      mib("app"),
    );
  if (!without.has("encode")) line("Sluice: CSV to COPY text, no database", seconds("encode"), "", mib("encode"));
  if (!without.has("papa"))
    line(
      "Papa Parse doing the same",
      seconds("papa"),
      `Sluice ${(seconds("papa") / seconds("encode")).toFixed(1)} × faster`,
      mib("papa"),
    );
  await rm(path);
}

try {
  const modules = join(root, "bench");
  execFileSync("npm", ["run", "build", "--silent"], { cwd: root, stdio: "inherit" });
  execFileSync("npm", ["install", "--silent"], { cwd: modules, stdio: "inherit" });
  const [cpu] = cpus();
  say(
    `# Sluice benchmark\n\n${cpus().length} × ${cpu.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, embedded Postgres 18`,
  );
  if (parts.has("formats")) {
    await compareFormats({
      workbookRows: Number(values["workbook-rows"]),
      csvRows: Number(values["csv-rows"]),
      runs,
      seed: Number(values.seed),
      folder,
      say,
      progress: (text) => void process.stderr.write(`  ${text}\n`),
    });
  }
  if (parts.has("match")) {
    await compareMatches({
      rows: values.rows.split(",").map(Number),
      runs,
      url: server.url,
      folder,
      leadsFile,
      say,
      progress: (text) => void process.stderr.write(`  ${text}\n`),
    });
  }
  if (parts.has("review")) {
    await measureReviews({
      rows: values.rows.split(",").map(Number),
      url: server.url,
      folder,
      leadsFile,
      say,
      progress: (text) => void process.stderr.write(`  ${text}\n`),
    });
  }
  if (parts.has("catalog")) {
    await compareCatalogs({
      rows: Number(values["workbook-rows"]),
      runs,
      seed: Number(values.seed),
      url: server.url,
      folder,
      say,
      progress: (text) => void process.stderr.write(`  ${text}\n`),
    });
  }
  for (const rows of parts.has("database") ? values.rows.split(",").map(Number) : []) await compare(rows);
  const growth = parts.has("database") ? Number(values.growth) : 0;
  if (growth > 0) {
    const small = await measure("sluice", await leadsFile(1_000_000));
    const large = await measure("sluice", await leadsFile(growth));
    const [before, after] = [small.peakRssBytes / 2 ** 20, large.peakRssBytes / 2 ** 20];
    say(
      `\n## Memory\n\nPeak RSS of Node at 1,000,000 rows: ${before.toFixed(0)} MiB; at ${growth.toLocaleString("en")}: ${after.toFixed(0)} MiB (${((after / before - 1) * 100).toFixed(0)} % more), ${large.seconds.toFixed(0)} s.`,
    );
  }
} finally {
  await server.release();
  await rm(folder, { recursive: true, force: true });
}
