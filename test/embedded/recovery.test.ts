/** The embedded server after something was killed, lost or left behind. */

import { spawn } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { openHome, readSecret } from "../../src/embedded/home.ts";
import { joinSupervisor } from "../../src/embedded/membership.ts";
import { urlOf } from "../database-server.ts";
import {
  ask,
  forTests,
  freshFolder,
  patience,
  portOf,
  postmasterOf,
  processesNaming,
  signal,
  start,
  startCommand,
  supervisorsOf,
} from "./fixture.ts";

describe("embedded Postgres after a mishap", () => {
  it("goes on when its supervisor is killed, and is stopped by the next one", async () => {
    const folder = await freshFolder();
    const postgres = await start(folder);
    const postmaster = await postmasterOf(folder);
    const [killed] = await supervisorsOf(folder);
    signal(killed, "SIGKILL");
    await expect
      .poll(async () => (await supervisorsOf(folder)).filter((pid) => pid !== killed), patience)
      .toHaveLength(1);
    const second = await start(folder);
    expect(await postmasterOf(folder)).toBe(postmaster);
    expect(await ask(second.url, "select 1")).toBe(1);
    await Promise.all([postgres.release(), second.release()]);
    await expect.poll(() => processesNaming(folder), patience).toEqual([]);
  });

  it("is adopted when all that used it was killed", async () => {
    const folder = await freshFolder();
    const command = await startCommand(folder);
    const postmaster = await postmasterOf(folder);
    command.child.kill("SIGSTOP");
    for (const pid of await supervisorsOf(folder)) signal(pid, "SIGKILL");
    command.child.kill("SIGKILL");
    await command.ended;
    const next = await start(folder);
    expect(next.url).toBe(command.url);
    expect(await postmasterOf(folder)).toBe(postmaster);
    await next.release();
    await expect.poll(() => processesNaming(folder), patience).toEqual([]);
  });

  it("comes back on the same port when its postmaster is killed", async () => {
    const folder = await freshFolder();
    const postgres = await start(folder);
    await ask(postgres.url, "create table kept as select 42 as answer");
    const port = portOf(postgres);
    const killed = await postmasterOf(folder);
    signal(killed, "SIGKILL");
    await expect.poll(() => ask(postgres.url, "select answer from kept").catch(() => undefined), patience).toBe(42);
    expect(portOf(postgres)).toBe(port);
    expect(await postmasterOf(folder)).not.toBe(killed);
  });

  it("comes back while a statement of the killed postmaster still runs", async () => {
    const folder = await freshFolder();
    const postgres = await start(folder);
    const busy = new pg.Client({ connectionString: postgres.url });
    busy.on("error", () => {});
    await busy.connect();
    onTestFinished(() => busy.end().catch(() => {}));
    const endless = busy.query("do $$ begin loop null; end loop; end $$").catch((error) => error);
    await expect
      .poll(
        () =>
          ask(postgres.url, "select count(*)::int from pg_stat_activity where query like 'do %' and state = 'active'"),
        patience,
      )
      .toBe(1);
    signal(await postmasterOf(folder), "SIGKILL");
    await expect.poll(() => ask(postgres.url, "select 1").catch(() => undefined), patience).toBe(1);
    expect(await endless).toBeInstanceOf(Error);
  });

  it("comes back five times within a minute, and then as its users ask for it", async () => {
    const folder = await freshFolder();
    const postgres = await start(folder);
    const home = await openHome(folder);
    let answers = 0;
    const onPort = () => {
      answers++;
    };
    const socket = await joinSupervisor({ home, secret: await readSecret(home), ...forTests, onPort, ref: true });
    onTestFinished(() => void socket.destroy());
    for (let falls = 1; falls <= 5; falls++) {
      signal(await postmasterOf(folder), "SIGKILL");
      await expect.poll(() => answers, patience).toBe(1 + falls);
    }
    signal(await postmasterOf(folder), "SIGKILL");
    await expect.poll(() => socket.closed, patience).toBe(true);
    expect(answers).toBe(6);
    await expect.poll(() => ask(postgres.url, "select 1").catch(() => undefined), patience).toBe(1);
  });

  it("starts when everything was killed at once", async () => {
    const folder = await freshFolder();
    const command = await startCommand(folder);
    await ask(command.url, "create table kept as select 42 as answer");
    command.child.kill("SIGSTOP");
    for (const { pid } of await processesNaming(folder)) signal(pid, "SIGKILL");
    command.child.kill("SIGKILL");
    await command.ended;
    const next = await start(folder);
    expect(await ask(next.url, "select answer from kept")).toBe(42);
  });

  it("says that its files cannot recover, though its postmaster would live on without a word", async () => {
    const folder = await freshFolder();
    const postgres = await start(folder);
    await ask(postgres.url, "create table kept as select 42 as answer");
    const home = await openHome(folder);
    const socket = await joinSupervisor({ home, secret: await readSecret(home), ...forTests, onPort() {}, ref: true });
    onTestFinished(() => void socket.destroy());
    await spoilLog(folder);
    // Its backends end with this one, and it recovers without being started anew.
    const client = new pg.Client({ connectionString: postgres.url });
    client.on("error", () => {});
    await client.connect();
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    signal(rows[0].pid, "SIGKILL");
    await expect.poll(() => socket.closed, { ...patience, timeout: 120_000 }).toBe(true);
    await expect(start(folder)).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/cannot recover from a crash.*put a backup in its place, or move the folder away/),
    });
    await expect.poll(() => postgresOf(folder), patience).toEqual([]);
  });

  it("ends one that lives on after a failed recovery when another supervisor finds it", async () => {
    const folder = await freshFolder();
    const postgres = await start(folder);
    const [supervisor] = await supervisorsOf(folder);
    signal(supervisor, "SIGSTOP");
    const stopped = await postmasterOf(folder);
    await spoilLog(folder);
    const client = new pg.Client({ connectionString: postgres.url });
    client.on("error", () => {});
    await client.connect();
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    signal(rows[0].pid, "SIGKILL");
    await expect.poll(() => readFile(serverLog(folder), "utf8"), patience).toMatch(/PANIC/);
    signal(supervisor, "SIGKILL");
    await expect(start(folder)).rejects.toThrow(/cannot recover from a crash/);
    expect((await postgresOf(folder)).filter(({ pid }) => pid === stopped)).toEqual([]);
  });

  it("is not fooled by a stale postmaster.pid with the number of another program", async () => {
    const folder = await freshFolder();
    await (await start(folder)).release();
    const stranger = spawn("sleep", ["600"]);
    onTestFinished(() => void stranger.kill());
    const cluster = join(folder, "postgres", "cluster");
    await writeFile(
      join(cluster, "postmaster.pid"),
      `${stranger.pid}\n${cluster}\n1\n5432\n\n127.0.0.1\n1 1\nready   \n`,
    );
    const postgres = await start(folder);
    expect(await ask(postgres.url, "select 1")).toBe(1);
    expect(stranger.exitCode).toBe(null);
    expect(stranger.signalCode).toBe(null);
  });

  it("clears away what a killed initdb left", async () => {
    const folder = await freshFolder();
    const half = join(folder, "postgres", "cluster.new-0123");
    await mkdir(join(half, "data", "base"), { recursive: true });
    await writeFile(join(half, "data", "PG_VERSION"), "18\n");
    const postgres = await start(folder);
    expect(await ask(postgres.url, "select 1")).toBe(1);
    expect((await readdir(join(folder, "postgres"))).filter((name) => name.startsWith("cluster"))).toEqual(["cluster"]);
  });

  it("starts anew when its supervisor is killed while it makes the cluster", async () => {
    const folder = await freshFolder();
    const starting = start(folder);
    await expect
      .poll(() => processesNaming(`${folder}/postgres/cluster.new-`), { ...patience, interval: 5 })
      .not.toEqual([]);
    for (const pid of await supervisorsOf(folder)) signal(pid, "SIGKILL");
    const postgres = await starting;
    expect(await ask(postgres.url, "select 1")).toBe(1);
    expect((await readdir(join(folder, "postgres"))).filter((name) => name.startsWith("cluster"))).toEqual(["cluster"]);
  });

  it("takes a new secret when the old one was lost", async () => {
    const folder = await freshFolder();
    const first = await start(folder);
    await ask(first.url, "create table kept as select 42 as answer");
    await first.release();
    await rm(join(folder, "postgres", "secret"));
    const second = await start(folder);
    expect(new URL(second.url).password).not.toBe(new URL(first.url).password);
    expect(await ask(second.url, "select answer from kept")).toBe(42);
  });

  it("makes its database again when that was dropped", async () => {
    const folder = await freshFolder();
    const first = await start(folder);
    await ask(urlOf(first.url, "postgres"), "drop database sluice with (force)");
    await first.release();
    expect(await ask((await start(folder)).url, "select current_database()")).toBe("sluice");
  });

  it("turns away a command that does not know the secret, and serves on", async () => {
    const folder = await freshFolder();
    const postgres = await start(folder);
    const secret = join(folder, "postgres", "secret");
    const right = await readFile(secret, "utf8");
    await writeFile(secret, "0".repeat(64));
    await expect(start(folder)).rejects.toMatchObject({ code: "unauthorized" });
    await writeFile(secret, right);
    expect((await start(folder)).url).toBe(postgres.url);
  });

  it("refuses a secret that is damaged", async () => {
    const folder = await freshFolder();
    await mkdir(join(folder, "postgres"));
    await writeFile(join(folder, "postgres", "secret"), "");
    await expect(start(folder)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("Delete it"),
    });
  });

  it("ends by itself when its folder is deleted", async () => {
    const folder = await freshFolder();
    const postgres = await start(folder);
    await rm(join(folder, "postgres"), { recursive: true, maxRetries: 10 });
    await postgres.release();
    await expect.poll(() => processesNaming(folder), patience).toEqual([]);
  });
});

/** Makes the write-ahead log unreadable. */
async function spoilLog(folder: string): Promise<void> {
  const log = join(folder, "postgres", "cluster", "pg_wal");
  for (const name of await readdir(log)) {
    if (!/^[0-9A-F]{24}$/.test(name)) continue;
    const { length } = await readFile(join(log, name));
    await writeFile(join(log, name), Buffer.alloc(length, 7));
  }
}

function serverLog(folder: string): string {
  return join(folder, "postgres", "server.log");
}

async function postgresOf(folder: string): Promise<{ pid: number; command: string }[]> {
  return (await processesNaming(folder)).filter(({ command }) => !command.includes("embedded/supervisor"));
}
