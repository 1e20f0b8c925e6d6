/** Files on the disk: what is kept, and what is said when the disk does not do what it should. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { diskFiles } from "../../src/files/disk.ts";
import { openFile } from "../../src/files/source.ts";
import { freshFolder, runCli } from "../run-cli.ts";

const run = promisify(execFile);
const isRoot = process.geteuid?.() === 0;

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

/** Mounts a small file system for the time of the test; false where this is not allowed. */
async function mountTmpfs(folder: string, options: string): Promise<boolean> {
  const mounted = await run("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]).then(
    () => true,
    () => false,
  );
  if (mounted) onTestFinished(async () => void (await run("umount", [folder])));
  return mounted;
}

it("keeps a copy of its own of each file, hashed, private, and takes it away once", async () => {
  const folder = await freshFolder();
  const files = diskFiles(folder);
  const path = join(folder, "a.csv");
  await writeFile(path, "a,b\n1,2\n");
  const first = await files.keep(path, { name: "a.csv" });
  const second = await files.keep(pieces("a,b\n", "1,2\n"), { name: "stdin" });
  const hash = createHash("sha256").update("a,b\n1,2\n").digest("hex");
  expect([first.hash, second.hash, first.sizeBytes, second.sizeBytes]).toEqual([hash, hash, 8, 8]);
  expect(first.storagePath).not.toBe(second.storagePath);
  expect((await stat(first.storagePath)).mode & 0o777).toBe(0o600);
  const source = await files.open(first.storagePath);
  const into = Buffer.alloc(100);
  expect([source.sizeBytes, await source.read(into, 4), into.toString("utf8", 0, 4)]).toEqual([8, 4, "1,2\n"]);
  await source.close();
  await files.remove(first.storagePath);
  await files.remove(first.storagePath);
  expect(await readdir(join(folder, "files"))).toHaveLength(1);
  await expect(files.open(first.storagePath)).rejects.toMatchObject({
    message: expect.stringContaining("copy of the file is gone"),
    next: { code: "upload_again" },
  });
});

it("keeps a file again under a path of its own, young as a new one, and says when it is gone", async () => {
  const files = diskFiles(await freshFolder());
  const { storagePath } = await files.keep(pieces("a,b\n1,2\n"), { name: "x.csv" });
  await utimes(storagePath, 0, 0);
  const again = await files.keepAgain(storagePath);
  await files.removeUnneeded({ olderThanMs: 60_000, needed: new Set() });
  await files.remove(storagePath);
  expect(await readFile(again, "utf8")).toBe("a,b\n1,2\n");
  await expect(files.keepAgain(storagePath)).rejects.toMatchObject({ code: "not_found" });
});

it("does not take a file for nobody's that is named by another path to the data folder", async () => {
  const folder = await freshFolder();
  const files = diskFiles(folder);
  const kept = await Promise.all(["a", "b"].map((name) => files.keep(pieces(name), { name })));
  for (const { storagePath } of kept) await utimes(storagePath, 0, 0);
  const mounted = join(await freshFolder(), "data");
  await symlink(folder, mounted);
  await diskFiles(mounted).removeUnneeded({ olderThanMs: 60_000, needed: new Set([kept[0].storagePath]) });
  expect(await readdir(join(folder, "files"))).toEqual([basename(kept[0].storagePath)]);
});

it("leaves nothing behind of a file that cannot be kept", async () => {
  const folder = await freshFolder();
  const files = diskFiles(folder);
  const stop = new AbortController();
  async function* stopped(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("a");
    stop.abort(new Error("stopped"));
    yield Buffer.from("b");
  }
  await expect(files.keep(pieces(), { name: "stdin" })).rejects.toThrow(
    "stdin is empty: it has no header and no rows.",
  );
  await expect(files.keep(stopped(), { name: "stdin", signal: stop.signal })).rejects.toThrow("stopped");
  await expect(files.keep(folder, { name: "folder" })).rejects.toThrow(`${folder} is a directory`);
  await expect(files.keep(join(folder, "none.csv"), { name: "none.csv" })).rejects.toThrow("There is no file");
  expect(await readdir(join(folder, "files"))).toEqual([]);
});

it("puts a report in its place only when it is whole", async () => {
  const folder = await freshFolder();
  const report = await diskFiles(folder).createReport("r.csv");
  await report.write("half");
  expect((await readdir(join(folder, "reports"))).filter((name) => name === "r.csv")).toEqual([]);
  await report.write(" and half");
  await report.close();
  expect([report.path, await readFile(report.path, "utf8")]).toEqual([join(folder, "reports/r.csv"), "half and half"]);
});

it("opens what this user may read, and says so of what it may not", async () => {
  const folder = await freshFolder();
  const path = join(folder, "closed.csv");
  await writeFile(path, "a\n1\n");
  await chmod(path, 0o000);
  const opened = await openFile(path).then(
    async (source) => {
      await source.close();
      return "opened";
    },
    (error: Error) => error.message,
  );
  // Permissions do not bind root.
  expect(opened).toBe(isRoot ? "opened" : `${path} may not be read by this user. Check its permissions.`);
});

it("says that a folder cannot be made where a file stands, and that one cannot be written", async () => {
  const folder = await freshFolder();
  await writeFile(join(folder, "taken"), "");
  await expect(diskFiles(join(folder, "taken")).keep(pieces("a"), { name: "a" })).rejects.toThrow(
    /taken\/files cannot be created: a file is in the way.*SLUICE_DATA_DIR/,
  );
  const closed = join(folder, "closed");
  await mkdir(closed, { mode: 0o500 });
  // Permissions do not bind root: a file system that is read-only does.
  const place = isRoot && !(await mountTmpfs(closed, "ro")) ? "/dev/null" : closed;
  await expect(diskFiles(place).keep(pieces("a"), { name: "a" })).rejects.toThrow(
    /(?:cannot write to .*\/files\.|\/files cannot be created).*SLUICE_DATA_DIR/,
  );
  await expect(diskFiles(place).createReport("r.csv")).rejects.toThrow(
    /cannot write to .*\/reports\.|\/reports cannot be created/,
  );
});

it("says that the disk is full, and leaves no half of a file", async () => {
  const folder = await freshFolder();
  const data = join(folder, "small");
  await mkdir(data);
  if (isRoot && (await mountTmpfs(data, "size=256k"))) {
    const files = diskFiles(data);
    await expect(files.keep(pieces("x".repeat(1024 * 1024)), { name: "big.csv" })).rejects.toThrow(
      /The disk that holds .*small\/files is full\. Free some space.*nothing was imported/,
    );
    expect(await readdir(join(data, "files"))).toEqual([]);
    const report = await files.createReport("r.csv");
    await expect(report.write("x".repeat(1024 * 1024))).rejects.toThrow(
      /The disk that holds .*small\/reports is full\. The rows are imported/,
    );
    await report.discard();
    expect(await readdir(join(data, "reports"))).toEqual([]);
  } else {
    // Without the right to mount, /dev/full takes the part of the disk: the write itself fails with ENOSPC.
    async function* full(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("x");
      const { open } = await import("node:fs/promises");
      const handle = await open("/dev/full", "w");
      await handle.write("x").finally(() => handle.close());
    }
    await expect(diskFiles(data).keep(full(), { name: "big.csv" })).rejects.toThrow(
      /The disk that holds .*small\/files is full\. Free some space/,
    );
    expect(await readdir(join(data, "files"))).toEqual([]);
  }
});

it("tells a full disk at the command line in one line", async () => {
  const cwd = await freshFolder();
  await writeFile(join(cwd, "taken"), "");
  const { exitCode, stdout, stderr } = await runCli(["read", "-", "--data-dir", "taken"], { cwd, input: "a\n1\n" });
  expect({ exitCode, stdout, lines: stderr.trim().split("\n").length }).toEqual({ exitCode: 1, stdout: "", lines: 1 });
});
