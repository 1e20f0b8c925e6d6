/**
 * The command and its threads, compiled once for each state of the source: a process of them starts in a quarter of the time that a
 * thousand modules take, and the tests start more than a thousand. What is published is built and tried by `test/package`.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const cache = join(root, "node_modules/.cache/sluice-compiled");
/** Longer than any run of the tests. */
const keptMs = 86_400_000;

let found: string | undefined;

/** The path of `test/command.ts` or `test/chaos/command.ts`, compiled; the first test that asks waits for it. */
export function compiled(name: "command" | "chaos/command"): string {
  return join(compiledFolder(), "test", `${name}.js`);
}

/** Where all of it is, by the places of the source. */
export function compiledFolder(): string {
  return (found ??= compiledState());
}

function compiledState(): string {
  const at = join(cache, state());
  if (existsSync(at)) return at;
  mkdirSync(cache, { recursive: true });
  const turn = `${at}.turn`;
  // Tests run in several processes: one compiles, the others wait.
  while (!existsSync(at) && !taken(turn)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  if (existsSync(at)) return at;
  try {
    forgetOld();
    const folder = `${at}.${process.pid}`;
    execFileSync(process.execPath, [join(root, "test/compile.ts"), folder, at], {
      env: { ...process.env, NODE_ENV: "production" },
      stdio: "inherit",
    });
    renameSync(folder, at);
  } finally {
    rmSync(turn, { recursive: true });
  }
  return at;
}

/** Whether it is this process's turn. A turn that is older than any compilation is one that was interrupted. */
function taken(turn: string): boolean {
  try {
    mkdirSync(turn);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const since = statSync(turn, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && since < Date.now() - 120_000) rmSync(turn, { recursive: true, force: true });
    return false;
  }
}

/** Changes whenever anything does that is compiled. */
function state(): string {
  const hash = createHash("sha256");
  const names = ["src", "test/chaos"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  );
  for (const name of [...names.sort(), "package-lock.json", "test/command.ts", "test/compile.ts"]) {
    const { size, mtimeMs } = statSync(join(root, name));
    hash.update(`${name}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest("hex").slice(0, 20);
}

function forgetOld(): void {
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name);
    if (statSync(folder).mtimeMs < Date.now() - keptMs) rmSync(folder, { recursive: true, force: true });
  }
}
