/**
 * `npm run advisors`: the lints of Supabase's dashboard (Splinter), by its own command line, on what `sluice supabase migration` and a
 * server leave in a project's database. Exit code 1 where one of them is a warning or worse. The command is fetched by npx, 141 MB.
 */
import { spawnSync } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateDatabase } from "../src/app.ts";
import { resolveOptions } from "../src/config.ts";
import { startEmbeddedPostgres } from "../src/embedded/embedded.ts";
import { shippedImporters } from "../src/importers/shipped.ts";
import { Database } from "../src/postgres/connection/connect.ts";
import { sql } from "../src/postgres/connection/session.ts";
import { makeProject, wholeFile } from "./supabase-project.ts";

const version = "3.1.0";

async function main(): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), "sluice-advisors-"));
  try {
    // The server runs under another account where this runs as root.
    await chmod(dataDir, 0o755);
    await using server = await startEmbeddedPostgres({ dataDir, settings: { fsync: "off" }, lingerMs: 0 });
    const url = new URL(server.url);
    const database = new Database(server.url, 1);
    try {
      await makeProject(database);
      await database.query(sql.raw("create publication supabase_realtime"));
      await database.query(
        sql.raw(`alter database ${url.pathname.slice(1)} set pgrst.db_schemas = 'public, graphql_public'`),
      );
      await database.session(async (session) => session.text(await wholeFile()));
    } finally {
      await database.close();
    }
    // What a server makes beside: the queue.
    await migrateDatabase(resolveOptions("advisors", {}, { databaseUrl: server.url, importers: shippedImporters }));
    url.searchParams.set("sslmode", "disable");
    const { status } = spawnSync(
      "npx",
      [
        "--yes",
        `supabase@${version}`,
        "db",
        "advisors",
        `--remote=${url.href}`,
        "--fail-on",
        "warn",
        "--output-format",
        "json",
      ],
      { stdio: "inherit", env: { ...process.env, SUPABASE_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" }, cwd: dataDir },
    );
    return status ?? 1;
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

process.exitCode = await main();
