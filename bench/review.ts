/**
 * How long the review of a large import takes to the first page of its rows in another order, of some values, with some kinds of
 * issue or with a text: by columns and filters that nobody asked for before, as the wizard asks. Beside the time, what Postgres and
 * Node had of the processor: other work on the machine does not count in it. `npm run bench -- --only review --rows 1000000`.
 */
import { chmod, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type { ReviewSession, RowsQuery } from "../src/engine/review-session.ts";
import { leads } from "../src/importers/leads/leads.ts";
import { Database } from "../src/postgres/connection/connect.ts";
import { sql } from "../src/postgres/connection/session.ts";
import { newImport } from "../src/program/new-import.ts";
import { openProgram } from "../src/program/options.ts";
import { cpuSeconds, parentOf, treeCpuSeconds } from "./server/process-cpu.ts";

interface Options {
  rows: readonly number[];
  /** Address of a server of the benchmark's own. */
  url: string;
  folder: string;
  /** Writes a file of leads and returns its path. */
  leadsFile: (rows: number) => Promise<string>;
  say: (text: string) => void;
  progress: (text: string) => void;
}

/** Rows of a page, as the grid asks for them. */
const pageRows = 200;

const views: readonly (readonly [name: string, view: RowsQuery])[] = [
  ["all rows", {}],
  ["sorted by city", { sort: { field: "city", order: "asc", language: "fr" } }],
  ["sorted by e-mail, descending", { sort: { field: "email", order: "desc", language: "fr" } }],
  ["sorted by phone", { sort: { field: "phone", order: "asc", language: "fr" } }],
  ["sorted by status, of choices with labels", { sort: { field: "status", order: "asc", language: "fr" } }],
  ["one city", { where: { city: ["Lyon"] } }],
  [
    "two cities, sorted by last name",
    { where: { city: ["Lyon", "Paris"] }, sort: { field: "last_name", order: "asc", language: "fr" } },
  ],
  [
    "two kinds of issue",
    {
      issues: [
        { issue: "email_invalid", field: "email" },
        { issue: "phone_invalid", field: "phone" },
      ],
    },
  ],
  [
    "two kinds of issue, sorted by city",
    {
      issues: [
        { issue: "email_invalid", field: "email" },
        { issue: "phone_invalid", field: "phone" },
      ],
      sort: { field: "city", order: "desc", language: "fr" },
    },
  ],
  ["errors, sorted by e-mail", { statuses: ["invalid"], sort: { field: "email", order: "asc", language: "fr" } }],
  ["a text that many rows have", { search: "martin" }],
  ["a text that no row has", { search: "nobody at all" }],
  ["a text, sorted by city", { search: "marchand", sort: { field: "city", order: "asc", language: "fr" } }],
];

export async function measureReviews({ rows, url, folder, leadsFile, say, progress }: Options): Promise<void> {
  const admin = new Database(url, 1);
  const [{ pid }] = await admin.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
  const postgres = parentOf(pid);
  const cpu = (): number => treeCpuSeconds(postgres) + cpuSeconds(process.pid);
  for (const size of rows) {
    const name = `bench_review_${size}`;
    await admin.query(sql`create database ${sql.id(name)}`);
    const own = new URL(url);
    own.pathname = `/${name}`;
    const dataDir = await mkdtemp(join(folder, "review-"));
    await chmod(dataDir, 0o755);
    const settings = { databaseUrl: own.href, dataDir, logLevel: "silent" } as const;
    const { app } = await openProgram("bench", settings, [leads], "command", { as: "bench", hear() {} });
    try {
      const { id } = await newImport(app, leads, await leadsFile(size), {
        language: "fr",
        dryRun: false,
        again: false,
      });
      await app.engine.start(id);
      while ((await app.engine.work(id)) !== "done");
      say(`\n## Review of ${size.toLocaleString("en")} rows, first page\n`);
      say("| view | first page, s | counted, s | processor, s | rows |");
      say("| --- | ---: | ---: | ---: | ---: |");
      for (const [what, view] of views) {
        const before = cpu();
        const { page, counted, total } = await measureView(app.engine.review, id, view);
        const taken = cpu() - before;
        progress(`${what}: ${page.toFixed(2)} s`);
        say(
          `| ${what} | ${page.toFixed(2)} | ${counted.toFixed(2)} | ${taken.toFixed(2)} | ${total.toLocaleString("en")} |`,
        );
      }
    } finally {
      await app.close();
    }
    await admin.query(sql`drop database ${sql.id(name)} with (force)`);
  }
  await admin.close();
}

/** Seconds until the first page is whole, and until it is known how many rows there are. */
async function measureView(
  review: ReviewSession,
  id: number,
  view: RowsQuery,
): Promise<{ page: number; counted: number; total: number }> {
  const begun = performance.now();
  let page: number | null = null;
  for (;;) {
    const found = await review.rows(id, view, { offset: 0, limit: pageRows, total: "later" });
    const seconds = (performance.now() - begun) / 1000;
    if (found.counting?.isPending !== true) page ??= seconds;
    if (page !== null && found.total !== undefined) return { page, counted: seconds, total: found.total };
  }
}
