/** The processes of a benchmark: a Postgres, `sluice serve` and `sluice work` as users run them, and who signs in there. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { type Client, createClient, type NewImport } from "../../src/client/index.ts";
import { startEmbeddedPostgres } from "../../src/embedded/embedded.ts";
import { generateLeads } from "../../src/importers/leads/generate.ts";
import { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { parentOf } from "./process-cpu.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Running {
  folder: string;
  /** The postmaster's process. */
  postgresPid: number;
  /** A database of its own: its url, and the environment of a command that uses it. */
  place(): Promise<Place>;
  close(): Promise<void>;
}

export interface Place {
  url: string;
  environment: Record<string, string>;
  /** `sluice serve`: its address, and a client of the admin's. */
  serve(environment?: Record<string, string>): Promise<Serving>;
  /** The API without a worker, where everybody is an admin. */
  api(): Promise<Omit<Serving, "token">>;
  /** `sluice work`. */
  work(environment?: Record<string, string>): Promise<ChildProcess>;
  /** Any command, to its end; the seconds that it took. */
  command(...args: string[]): Promise<number>;
}

export interface Serving {
  url: string;
  pid: number;
  client: Client;
  token: string;
  stop(): Promise<void>;
}

export async function startRunning(): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-bench-server-"));
  await chmod(folder, 0o755);
  const server = await startEmbeddedPostgres({ dataDir: join(folder, "data"), lingerMs: 0 });
  const admin = new Database(server.url, 1);
  const [{ pid }] = await admin.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
  const children = new Set<ChildProcess>();
  let places = 0;
  const start = (args: string[], environment: Record<string, string>, program = "bin/sluice.js"): ChildProcess => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "ignore", "pipe"],
    });
    children.add(child);
    child.once("exit", () => children.delete(child));
    return child;
  };
  return {
    folder,
    postgresPid: parentOf(pid),
    async place() {
      const name = `bench_${++places}`;
      await admin.query(sql`create database ${sql.id(name)}`);
      await admin.query(sql`checkpoint`);
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      const environment = {
        DATABASE_URL: url.href,
        SLUICE_DATA_DIR: join(folder, name),
        SLUICE_REQUESTS_PER_MINUTE: "0",
        SLUICE_USER_WAITING: "1000",
        SLUICE_USER_UNFINISHED: "1000",
        SLUICE_UPLOAD_QUOTA_FILES: "1000",
      };
      return {
        url: url.href,
        environment,
        async serve(more = {}) {
          const child = start(["serve", "--port", "0"], { ...environment, ...more });
          const said = await linesUntil(child, /Sign in as \w+.*?(http\S+)/);
          const address = /listens on (http\S+)/.exec(said)?.[1] as string;
          const link = /Sign in as \w+.*?(http\S+)/.exec(said)?.[1] as string;
          const token = await tokenOf(address, link);
          return {
            url: address,
            pid: child.pid as number,
            token,
            client: createClient({ baseUrl: address, token }),
            stop: () => stopChild(child),
          };
        },
        async api() {
          const child = start([], environment, "bench/server/api-only.ts");
          const address = (await linesUntil(child, /http\S+\n/)).trim();
          // It opens at the first request.
          await fetch(`${address}/api/v1/me`);
          return {
            url: address,
            pid: child.pid as number,
            client: createClient({ baseUrl: address }),
            stop: () => stopChild(child),
          };
        },
        async work(more = {}) {
          const child = start(["work"], { ...environment, ...more });
          await linesUntil(child, /\n/);
          return child;
        },
        async command(...args) {
          const startedAt = performance.now();
          const child = start(args, environment);
          child.stderr?.resume();
          const [code] = (await once(child, "exit")) as [number];
          if (code !== 0 && code !== 2) throw new Error(`sluice ${args.join(" ")} ended with ${code}.`);
          return (performance.now() - startedAt) / 1000;
        },
      };
    },
    async close() {
      const ended = [...children].map((child) => once(child, "exit"));
      for (const child of children) child.kill("SIGTERM");
      await Promise.all(ended);
      await admin.close();
      await server.release();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}

/** What a process says until it says what was waited for. @throws when it ends before. */
async function linesUntil(child: ChildProcess, wanted: RegExp): Promise<string> {
  let said = "";
  for await (const piece of (child.stderr as Readable).iterator({ destroyOnReturn: false })) {
    said += String(piece);
    if (wanted.test(said)) {
      child.stderr?.resume();
      return said;
    }
  }
  throw new Error(`sluice ended: ${said}`);
}

async function tokenOf(address: string, link: string): Promise<string> {
  const signedIn = await fetch(`${address}/sign-in`, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams({ code: new URL(link).searchParams.get("code") as string }),
  });
  const cookie = (signedIn.headers.get("set-cookie") as string).split(";")[0];
  const response = await fetch(`${address}/api/v1/tokens`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: address, cookie },
    body: JSON.stringify({ name: "bench", role: "admin" }),
  });
  return ((await response.json()) as { token: string }).token;
}

/** A file of leads in the folder. */
export async function leadsFile(folder: string, rows: number, seed = 42): Promise<string> {
  const path = join(folder, `leads-${rows}-${seed}.csv`);
  const file = createWriteStream(path);
  for (const piece of generateLeads({ rows, seed })) if (!file.write(piece)) await once(file, "drain");
  file.end();
  await once(file, "finish");
  return path;
}

/** Brings a file of leads; answers the import's id. */
export async function bring(
  client: Client,
  file: Blob | Uint8Array,
  name: string,
  options: Pick<NewImport, "options" | "start" | "acceptDoubts"> = {},
): Promise<number> {
  const upload = await client.upload(file, { name });
  const { id } = await client.imports.create({ uploadId: upload.id, importer: "leads", ...options });
  return id;
}

export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
export const median = (numbers: readonly number[]): number => quantile(numbers, 0.5);
