/**
 * The match of files of several sizes: how long it takes per row, and what it needs of memory and disk. Each file goes through a dry run
 * into an empty table, so nothing but reading and matching is paid for. `npm run bench -- --only match --rows 1000000,10000000`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Database } from "../src/postgres/connection/connect.ts";
import { sql } from "../src/postgres/connection/session.ts";

interface MatchRun {
  seconds: number;
  /** Written to temporary files. */
  tempBytes: number;
  /** The most that the import's backends had at a time, shared buffers left out. */
  peakBytes: number;
}

interface Options {
  rows: readonly number[];
  runs: number;
  /** Address of a server of the benchmark's own. */
  url: string;
  folder: string;
  /** Writes a file of leads and returns its path. */
  leadsFile: (rows: number) => Promise<string>;
  say: (text: string) => void;
  progress: (text: string) => void;
}

export async function compareMatches({ rows, runs, url, folder, leadsFile, say, progress }: Options): Promise<void> {
  say(`\n## Match, medians of ${runs}\n`);
  say("| rows | seconds | µs per row | ratio | temporary files | peak memory of the backends |");
  say("| ---: | ---: | ---: | ---: | ---: | ---: |");
  let first: number | undefined;
  for (const size of rows) {
    const path = await leadsFile(size);
    const measured: MatchRun[] = [];
    for (let k = 0; k < runs; k++) {
      const run = await measureMatch(url, path, folder);
      measured.push(run);
      progress(`${size} rows, run ${k + 1}: match ${run.seconds.toFixed(2)} s`);
    }
    measured.sort((a, b) => a.seconds - b.seconds);
    const { seconds, tempBytes, peakBytes } = measured[Math.floor(runs / 2)];
    const perRow = seconds / size;
    first ??= perRow;
    say(
      `| ${size.toLocaleString("en")} | ${seconds.toFixed(2)} | ${(perRow * 1e6).toFixed(2)} | ${(perRow / first).toFixed(2)} | ${mib(tempBytes)} | ${mib(peakBytes)} |`,
    );
  }
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}

async function measureMatch(url: string, path: string, folder: string): Promise<MatchRun> {
  const admin = new Database(url, 1);
  await admin.query(sql`drop database if exists bench_match with (force)`);
  await admin.query(sql`create database bench_match`);
  await admin.query(sql`checkpoint`);
  const own = new URL(url);
  own.pathname = "/bench_match";
  const args = ["bench/sluice.mjs", "import", "leads", path, "--dry-run", "--json", "--yes"];
  const child = spawn(process.execPath, [...args, "--database-url", own.href, "--data-dir", join(folder, "match")], {
    cwd: join(import.meta.dirname, ".."),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  const ended = once(child, "close") as Promise<[number]>;
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  let peakBytes = 0;
  while (!isOver) {
    peakBytes = Math.max(peakBytes, await backendBytes(admin));
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 100))]);
  }
  const [code] = await ended;
  if (code !== 0) throw new Error(`The import ended with ${code}: ${out}`);
  const [{ tempBytes }] = await admin.query<{ tempBytes: number }>(
    sql`select temp_bytes as "tempBytes" from pg_stat_database where datname = 'bench_match'`,
  );
  await admin.query(sql`drop database bench_match with (force)`);
  await admin.close();
  const { phases } = JSON.parse(out) as { phases: { match: { seconds: number } } };
  return { seconds: phases.match.seconds, tempBytes, peakBytes };
}

/** Memory of their own of all backends at work for the import; 0 where the system does not tell. */
async function backendBytes(admin: Database): Promise<number> {
  const backends = await admin.query<{ pid: number }>(
    sql`select pid from pg_stat_activity where datname = 'bench_match'`,
  );
  let kib = 0;
  for (const { pid } of backends) {
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    kib += Number(/^RssAnon:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }
  return kib * 1024;
}
