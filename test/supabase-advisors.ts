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
import { older } from "./supabase-older-tables.ts";
import { makeProject, wholeFile } from "./supabase-project.ts";

const version = "3.1.0";

/** An empty project, and one whose app had imports before Sluice. */
const projects = { fresh: "", older };

async function main(): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), "sluice-advisors-"));
  try {
    // The server runs under another account where this runs as root.
    await chmod(dataDir, 0o755);
    await using server = await startEmbeddedPostgres({ dataDir, settings: { fsync: "off" }, lingerMs: 0 });
    const admin = new Database(server.url, 1);
    let worst = 0;
    for (const [name, ddl] of Object.entries(projects)) {
      await admin.query(sql`create database ${sql.id(name)} template template0`);
      await admin.query(sql`alter database ${sql.id(name)} set pgrst.db_schemas = 'public, graphql_public'`);
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      const database = new Database(url.href, 1);
      await makeProject(database);
      for (const text of ["create publication supabase_realtime", ddl, await wholeFile()])
        await database.session((session) => session.text(text));
      await database.close();
      // What a server makes beside: the queue.
      await migrateDatabase(resolveOptions("advisors", {}, { databaseUrl: url.href, importers: shippedImporters }));
      url.search = "?sslmode=disable";
      const { status } = spawnSync(
        "npx",
        [
          ...["--yes", `supabase@${version}`, "db", "advisors", `--remote=${url.href}`],
          ...["--fail-on", "warn", "--output-format", "json"],
        ],
        {
          stdio: "inherit",
          env: { ...process.env, SUPABASE_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" },
          cwd: dataDir,
        },
      );
      worst = Math.max(worst, status ?? 1);
    }
    await admin.close();
    return worst;
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

process.exitCode = await main();
