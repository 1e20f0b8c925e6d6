/** Servers of Debian's that tests run as their own: installed where that is possible and they are missing. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** The program's path. @throws Error that says what to install */
export function debianServer(path: string, debianPackage: string): string {
  if (existsSync(path)) return path;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    for (const args of [["update"], ["install", "-y", "--no-install-recommends", debianPackage]])
      execFileSync("apt-get", args, { stdio: "ignore", env });
  }
  if (existsSync(path)) return path;
  throw new Error(`The tests of sources need ${path}. Install it (on Debian: apt install ${debianPackage}).`);
}
