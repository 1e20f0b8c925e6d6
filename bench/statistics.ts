/**
 * Undo right after its import, against the import, where nothing has analysed the target: `node bench/statistics.ts --rows 200000`.
 * The bar is 1.5.
 */
import { execFileSync } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startEmbeddedPostgres } from "../src/embedded/embedded.ts";
import { leadsFile } from "./server/running.ts";

const { values } = parseArgs({ options: { rows: { type: "string", default: "200000" } } });
const root = fileURLToPath(new URL("..", import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "sluice-bench-statistics-"));
await chmod(folder, 0o755);
const server = await startEmbeddedPostgres({
  dataDir: join(folder, "data"),
  lingerMs: 0,
  settings: { autovacuum: "off" },
});

/** Seconds that a command takes, its start included. */
function seconds(...args: string[]): number {
  const startedAt = performance.now();
  execFileSync(process.execPath, ["bin/sluice.js", ...args, "--yes"], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: server.url, SLUICE_DATA_DIR: join(folder, "sluice") },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return (performance.now() - startedAt) / 1000;
}

try {
  const file = await leadsFile(folder, Number(values.rows));
  const imported = seconds("import", "leads", file);
  const undone = seconds("undo", "1");
  process.stdout.write(
    `${values.rows} rows: import ${imported.toFixed(1)} s, undo ${undone.toFixed(1)} s, ${(undone / imported).toFixed(2)} ×\n`,
  );
} finally {
  await server.release();
  await rm(folder, { recursive: true, force: true });
}
