/** The embedded server's life without mishaps: start, sharing, end. */

import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { startEmbeddedPostgres } from "../../src/embedded/embedded.ts";
import { Database } from "../../src/postgres/connection/connect.ts";
import { Listener } from "../../src/postgres/connection/listener.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import {
  ask,
  forTests,
  freshFolder,
  isAlive,
  patience,
  portOf,
  postmasterOf,
  processesNaming,
  start,
  startCommand,
  supervisorsOf,
} from "./fixture.ts";

describe("embedded Postgres", () => {
  it("starts in an empty folder and answers", async () => {
    const folder = await freshFolder();
    const postgres = await start(join(folder, "made", "on the way"));
    expect(postgres.url).toMatch(/^postgres:\/\/sluice:[0-9a-f]{64}@127\.0\.0\.1:\d+\/sluice\?sslmode=disable&/);
    expect(postgres.directory).toBe(join(folder, "made", "on the way", "postgres"));
    expect(await ask(postgres.url, "select current_user || ' in ' || current_database()")).toBe("sluice in sluice");
  });

  it("knows the case of all letters, and compares text byte by byte", async () => {
    const { url } = await start(await freshFolder());
    expect(await ask(url, "select upper('åß') || lower('ÅÉ')")).toBe("Åßåé");
    expect(await ask(url, "select 'Z' < 'a' and 'z' < 'å'")).toBe(true);
  });

  it("is reached whatever the environment says of other servers", async () => {
    const elsewhere = {
      PGSSLMODE: "require",
      PGSSLNEGOTIATION: "direct",
      PGHOST: "db.example.com",
      PGPORT: "1",
      PGUSER: "somebody",
      PGPASSWORD: "wrong",
      PGDATABASE: "theirs",
      PGOPTIONS: "-c no_such_setting=1",
      PGCLIENT_ENCODING: "LATIN1",
      PGSERVICE: "theirs",
    };
    for (const [name, value] of Object.entries(elsewhere)) vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { url } = await start(await freshFolder());
    const database = new Database(url, 1);
    const listener = new Listener(database, null);
    const heard = new Promise<void>((resolve) =>
      listener.subscribe(
        "x",
        () => {},
        (is) => is && resolve(),
      ),
    );
    expect(
      await database.query(sql`select 'Åß' as text, current_schemas(false)::text[] as path, current_user::text as who`),
    ).toEqual([{ text: "Åß", path: ["public"], who: "sluice" }]);
    await heard;
    await listener.close();
    await database.close();
  });

  it("is durable, reachable from this machine only, and the same on every machine", async () => {
    const { url } = await start(await freshFolder(), { settings: {} });
    const expected = {
      fsync: "on",
      synchronous_commit: "on",
      full_page_writes: "on",
      data_checksums: "on",
      listen_addresses: "127.0.0.1",
      unix_socket_directories: "",
      password_encryption: "scram-sha-256",
      server_encoding: "UTF8",
      TimeZone: "UTC",
      wal_level: "minimal",
    };
    const settings = await ask(url, "select json_object_agg(name, setting) from pg_settings");
    expect(settings).toMatchObject(expected);
  });

  it("lets settings stand above the tuning", async () => {
    const { url } = await start(await freshFolder(), { settings: { fsync: "off", work_mem: "7MB" } });
    expect(await ask(url, "select current_setting('work_mem') || current_setting('fsync')")).toBe("7MBoff");
  });

  it("says what the server's log says when a setting is wrong", async () => {
    const starting = start(await freshFolder(), { settings: { fsync: "off", shared_buffers: "lots" } });
    await expect(starting).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/did not start.*shared_buffers/s),
    });
  });

  it("is shared by commands that start at the same time in an empty folder", async () => {
    const folder = await freshFolder();
    const [one, two, three] = await Promise.all([start(folder), startCommand(folder), startCommand(folder)]);
    expect([two.url, three.url]).toEqual([one.url, one.url]);
    expect(await ask(one.url, "select 1")).toBe(1);
    await expect.poll(() => supervisorsOf(folder), patience).toHaveLength(1);
    const log = await readFile(join(folder, "postgres", "server.log"), "utf8");
    expect(log.match(/starting PostgreSQL/g)).toHaveLength(1);
  });

  it("stops after the last of its users has gone, and not before", async () => {
    const folder = await freshFolder();
    const [one, two] = [await start(folder), await start(folder)];
    const postmaster = await postmasterOf(folder);
    await one.release();
    expect(await ask(two.url, "select 1")).toBe(1);
    await two.release();
    expect(isAlive(postmaster)).toBe(false);
    await expect.poll(() => processesNaming(folder), patience).toEqual([]);
    expect(await readFile(join(folder, "postgres", "server.log"), "utf8")).toMatch(/database system is shut down\n$/);
  });

  it("outlives its last user for as long as told, and takes a new one in meanwhile", async () => {
    const folder = await freshFolder();
    const one = await start(folder, { lingerMs: 60_000 });
    const postmaster = await postmasterOf(folder);
    await one.release();
    const two = await start(folder);
    expect(await postmasterOf(folder)).toBe(postmaster);
    await two.release();
    expect(isAlive(postmaster)).toBe(false);
  });

  it("counts a command that was killed as gone", async () => {
    const folder = await freshFolder();
    const command = await startCommand(folder);
    const postmaster = await postmasterOf(folder);
    expect(await ask(command.url, "select 1")).toBe(1);
    command.child.kill("SIGKILL");
    await expect.poll(() => isAlive(postmaster), patience).toBe(false);
    await expect.poll(() => processesNaming(folder), patience).toEqual([]);
  });

  it("keeps its data, its secret and nothing else of a former start", async () => {
    const folder = await freshFolder();
    const first = await start(folder);
    await ask(first.url, "create table kept as select 42 as answer");
    await first.release();
    const second = await start(folder);
    expect(await ask(second.url, "select answer from kept")).toBe(42);
    expect(new URL(second.url).password).toBe(new URL(first.url).password);
  });

  it("runs apart from the command's terminal", async () => {
    const folder = await freshFolder();
    await start(folder);
    for (const { pid } of await processesNaming(folder)) {
      const { stdout } = await promisify(execFile)("ps", ["-o", "sid=,tty=", "-p", String(pid)]);
      expect(stdout.trim().split(/\s+/)).toEqual([String(pid), "?"]);
    }
  });

  it("does not keep a command alive that has nothing else to do", async () => {
    const folder = await freshFolder();
    const face = new URL("../../src/embedded/embedded.ts", import.meta.url).href;
    const script = `const { startEmbeddedPostgres } = await import(${JSON.stringify(face)});
      await startEmbeddedPostgres(${JSON.stringify({ dataDir: folder, ...forTests })});`;
    const { stderr } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
    expect(stderr).toBe("");
    await expect.poll(() => processesNaming(folder), patience).toEqual([]);
  });

  it("turns away a wrong password and keeps the right one to its owner", async () => {
    const postgres = await start(await freshFolder());
    const guess = new URL(postgres.url);
    guess.password = "0".repeat(64);
    await expect(ask(guess.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
    expect((await stat(join(postgres.directory, "secret"))).mode & 0o777).toBe(0o600);
  });

  it("is not disturbed by what the user has set for other programs", async () => {
    const folder = await freshFolder();
    const command = await startCommand(folder, {
      PGPORT: "1",
      PGHOST: "nowhere.invalid",
      PGDATA: "/nowhere",
      PGOPTIONS: "-c nonsense=1",
      PGSSLMODE: "require",
      LC_ALL: "nonsense",
      LANG: "sv_SE.nonsense",
      TZ: "Asia/Kathmandu",
      LD_LIBRARY_PATH: "/nowhere",
      NODE_OPTIONS: "--no-warnings",
    });
    expect(await ask(command.url, "select current_setting('TimeZone') || current_setting('lc_messages')")).toBe("UTCC");
  });

  it("ends the wait for the server when told", async () => {
    const folder = await freshFolder();
    const abort = new AbortController();
    const starting = startEmbeddedPostgres({ dataDir: folder, ...forTests, signal: abort.signal });
    abort.abort(new Error("changed my mind"));
    await expect(starting).rejects.toThrow("changed my mind");
    await expect.poll(() => processesNaming(folder), patience).toEqual([]);
  });

  it("can be had by two folders at the same time", async () => {
    const [one, two] = await Promise.all([start(await freshFolder()), start(await freshFolder())]);
    expect(portOf(one)).not.toBe(portOf(two));
  });
});
