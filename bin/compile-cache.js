// Keeps what V8 has compiled (https://nodejs.org/docs/latest-v24.x/api/module.html#module-compile-cache): half of a short command's
// time. What lies there is run, so it lies in a folder that nobody else can write; where there is none, there is no cache.
import { mkdirSync, statSync } from "node:fs";
import module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

/** For this process, and by the environment for its threads and children. NODE_COMPILE_CACHE and NODE_DISABLE_COMPILE_CACHE=1 decide first. */
export function enableCompileCache() {
  if (process.env.NODE_COMPILE_CACHE !== undefined) return;
  let folder;
  try {
    folder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "sluice", "compiled");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    if (process.getuid !== undefined && (uid !== process.getuid() || (mode & 0o022) !== 0)) return;
  } catch {
    return;
  }
  module.enableCompileCache(folder);
  process.env.NODE_COMPILE_CACHE = folder;
}
