// For a sluice.config.ts on Node 22.12 to 22.17, which read TypeScript only when told to at their start: Sluice then runs
// in a second Node process that is. There is no other way without a compiler of our own; newer versions need none of it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";

/** Whether a config in TypeScript lies in the folder or above it, and this Node does not read TypeScript by itself. */
export function needsTypeStripping(from) {
  if (process.features.typescript) return false;
  for (let folder = from; ; folder = dirname(folder)) {
    if (["sluice.config.ts", "sluice.config.mts"].some((name) => existsSync(join(folder, name)))) return true;
    if (dirname(folder) === folder) return false;
  }
}

/** Runs this command again with type stripping; returns its exit code. */
export async function runWithTypeStripping() {
  const flags = ["--experimental-strip-types", "--disable-warning=ExperimentalWarning"];
  const child = spawn(process.execPath, [...flags, ...process.execArgv, ...process.argv.slice(1)], {
    stdio: "inherit",
  });
  // Ctrl-C reaches both processes; sluice takes the same signal twice within a moment for one.
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  const pass = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, pass);
  return await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}
