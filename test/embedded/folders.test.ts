/** Data folders of every kind: odd paths, closed parents, other owners, other versions. */

import { execFile } from "node:child_process";
import { chmod, chown, cp, mkdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { openCluster } from "../../src/embedded/cluster.ts";
import { openHome, readSecret } from "../../src/embedded/home.ts";
import { systemStateFolder } from "../../src/embedded/place.ts";
import { ensureServer, stopServer } from "../../src/embedded/server.ts";
import { ask, forTests, freshFolder, postmasterOf, start, startCommand } from "./fixture.ts";

const isRoot = process.getuid?.() === 0;

describe("data folder of the embedded Postgres", () => {
  it.for([
    ["spaces and accents", "Mína skjöl/år 2026 – «données»"],
    ["quotes and signs of the shell", `it's "$HOME" & \`so\` on; \\ %20 #1`],
    ["more bytes than a socket's path may have", "long/".repeat(40)],
  ])("may have %s in its path", async ([, path]) => {
    const { url } = await start(join(await freshFolder(), path));
    expect(await ask(url, "select 1")).toBe(1);
  });

  it("has one server, by whatever link it is reached", async () => {
    const folder = await freshFolder();
    await mkdir(join(folder, "real"));
    await symlink(join(folder, "real"), join(folder, "link"));
    const [one, two] = [await start(join(folder, "real")), await start(join(folder, "link"))];
    expect(two.url).toBe(one.url);
  });

  it("is refused when another version of Postgres wrote it, with what to do", async () => {
    const folder = await freshFolder();
    await (await start(folder)).release();
    await writeFile(join(folder, "postgres", "cluster", "PG_VERSION"), "16\n");
    await expect(start(folder)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/written by Postgres 16; this Sluice brings Postgres 18.*dump.*SLUICE_DATA_DIR/s),
    });
  });

  it("is refused when its cluster is something else", async () => {
    const folder = await freshFolder();
    await (await start(folder)).release();
    await rm(join(folder, "postgres", "cluster", "PG_VERSION"));
    await expect(start(folder)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("not a Postgres database"),
    });
  });

  it("may lie behind a parent that is closed to other accounts", async () => {
    const folder = await freshFolder();
    await chmod(folder, 0o700);
    const dataDir = join(folder, "data");
    const first = await start(dataDir);
    const rests = String(await ask(first.url, "select current_setting('data_directory')"));
    if (isRoot) onTestFinished(() => rm(dirname(rests), { recursive: true }));
    expect(dirname(dirname(rests))).toBe(isRoot ? join(systemStateFolder(), "clusters") : dataDir);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    await ask(first.url, "create table kept as select 42 as answer");
    await first.release();
    const second = await start(dataDir);
    expect(await ask(second.url, "select answer from kept")).toBe(42);
    await second.release();

    await cp(dataDir, join(folder, "copy"), { recursive: true });
    const copied = start(join(folder, "copy")).then(({ url }) => ask(url, "select answer from kept"));
    if (isRoot)
      await expect(copied).rejects.toMatchObject({ code: "conflict", message: expect.stringMatching(/is a copy of/) });
    else expect(await copied).toBe(42);

    await rename(dataDir, join(folder, "moved"));
    await rm(join(folder, "copy"), { recursive: true, force: true });
    expect(await ask((await start(join(folder, "moved"))).url, "select answer from kept")).toBe(42);
  });

  it("does not get an empty database in place of one that is gone", async () => {
    const folder = await freshFolder();
    await mkdir(join(folder, "postgres"));
    await writeFile(join(folder, "postgres", "location"), join(systemStateFolder(), "clusters", "gone"));
    await expect(start(folder)).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringMatching(/Restore that folder/),
    });
  });

  it("does not lead to folders outside of those that Sluice makes", async () => {
    const folder = await freshFolder();
    await mkdir(join(folder, "postgres"));
    await writeFile(join(folder, "postgres", "location"), folder);
    await expect(start(folder)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/points outside/),
    });
  });

  it("stays its owner's when root uses it too", async () => {
    const folder = await freshFolder();
    const owner = await ownerFor(folder);
    const command = await startCommand(folder, {}, owner);
    await ask(command.url, "create table kept as select 42 as answer");
    command.child.kill();
    await command.ended;
    const own = await start(folder);
    expect(await ask(own.url, "select answer from kept")).toBe(42);
    expect(await ownerOfProcess(await postmasterOf(folder))).toBe(owner.uid);
    await own.release();
    const again = await startCommand(folder, {}, owner);
    expect(await ask(again.url, "select answer from kept")).toBe(42);
  });

  it("becomes its owner's when root is the first to use it", async () => {
    const folder = await freshFolder();
    const owner = await ownerFor(folder);
    await (await start(folder)).release();
    for (const name of ["", "secret", "cluster", "server.log"]) {
      expect((await stat(join(folder, "postgres", name))).uid).toBe(owner.uid);
    }
    expect(await ask((await startCommand(folder, {}, owner)).url, "select 1")).toBe(1);
  });

  it("is refused to an account that may not read its secret", async () => {
    const folder = await freshFolder();
    const stranger = await ownerFor(folder, false);
    await (await start(folder)).release();
    if (!isRoot) await chmod(join(folder, "postgres", "secret"), 0o000);
    const face = new URL("../../src/embedded/embedded.ts", import.meta.url).href;
    const script = `const { startEmbeddedPostgres } = await import(${JSON.stringify(face)});
      await startEmbeddedPostgres(${JSON.stringify({ dataDir: folder, ...forTests })}).catch((error) => {
        process.stdout.write(error.code + ": " + error.message);
      });`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], stranger);
    expect(stdout).toMatch(/^forbidden: .*another account.*SLUICE_DATA_DIR/);
  });

  it("that can't be made is reported with its path", async () => {
    const folder = await freshFolder();
    await writeFile(join(folder, "file"), "");
    await expect(start(join(folder, "file", "data"))).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringContaining(join(folder, "file", "data")),
    });
  });

  it("gets another port when the one it had is taken", async () => {
    const home = await openHome(await freshFolder());
    const cluster = await openCluster(home, false);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    const plan = { home, cluster, secret: await readSecret(home), settings: forTests.settings };
    const server = await ensureServer(plan, port);
    expect(server.port).not.toBe(port);
    await stopServer(server);
    expect(await readFile(home.serverLog, "utf8")).toMatch(/Address already in use/);
  });
});

/** The account nobody when root runs the tests, and the data folder given to it; else this account. */
async function ownerFor(folder: string, give = true): Promise<{ uid: number; gid: number }> {
  if (!isRoot) return { uid: process.getuid?.() as number, gid: process.getgid?.() as number };
  const [uid, gid] = await Promise.all(
    ["-u", "-g"].map(async (flag) => Number((await promisify(execFile)("id", [flag, "nobody"])).stdout)),
  );
  if (give) await chown(folder, uid, gid);
  return { uid, gid };
}

async function ownerOfProcess(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)("ps", ["-o", "uid=", "-p", String(pid)]);
  return Number(stdout);
}
