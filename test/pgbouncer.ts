/** A real pooler in transaction mode before a database: Debian's pgbouncer, which is installed now where root may. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { chmod, chown, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { expect, onTestFinished } from "vitest";
import { freePort } from "./free-port.ts";
import { freshFolder } from "./run-cli.ts";

const place = "/usr/sbin/pgbouncer";

/** @throws when there is none and none can be had: these tests never pass by not running. */
function findPgbouncer(): string {
  const isThere = (): boolean => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  if (isThere()) return place;
  if (process.platform === "linux" && process.getuid?.() === 0) {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    for (const args of [["update"], ["install", "-y", "--no-install-recommends", "pgbouncer"]])
      execFileSync("apt-get", args, { stdio: "ignore", env });
    if (isThere()) return place;
  }
  throw new Error("This test needs pgbouncer (on Debian: apt install pgbouncer).");
}

/** Of `target`, a database's URL. Few backends, so that transactions of one client land on several. */
export async function pgbouncer(target: string): Promise<string> {
  const program = findPgbouncer();
  const { hostname, port, username, password, pathname } = new URL(target);
  const folder = await freshFolder();
  const own = await freePort();
  const file = join(folder, "pgbouncer.ini");
  await writeFile(
    file,
    [
      "[databases]",
      `${pathname.slice(1)} = host=${hostname} port=${port} user=${username} password=${decodeURIComponent(password)}`,
      "[pgbouncer]",
      `listen_addr = 127.0.0.1\nlisten_port = ${own}\nunix_socket_dir =`,
      "auth_type = any\npool_mode = transaction\ndefault_pool_size = 5\nmax_client_conn = 100",
      // So the next transaction takes another backend than the last one.
      "server_round_robin = 1",
    ].join("\n"),
  );
  // It refuses to run as root.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    await chmod(folder, 0o755);
    await chown(file, 65534, 65534);
  }
  const child = spawn(program, [...(isRoot ? ["-u", "nobody"] : []), file], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
  });
  onTestFinished(async () => {
    if (child.exitCode !== null) return;
    child.kill("SIGINT");
    child.kill("SIGTERM");
    await once(child, "exit");
  });
  const url = new URL(target);
  url.hostname = "127.0.0.1";
  url.port = String(own);
  await expect
    .poll(async () => {
      if (child.exitCode !== null) throw new Error(`pgbouncer has ended: ${said}`);
      const client = new pg.Client({ connectionString: url.href });
      try {
        await client.connect();
        return (await client.query("select 1 as one")).rows;
      } catch (error) {
        return String(error);
      } finally {
        await client.end().catch(() => {});
      }
    })
    .toEqual([{ one: 1 }]);
  return url.href;
}
