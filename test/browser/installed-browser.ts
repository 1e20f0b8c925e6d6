/** A browser of this machine: the one that a variable names, one that is installed, or one that is installed now where root may. */
import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";

export interface BrowserKind {
  /** As in "The page's tests need …". */
  name: string;
  /** Names its program. */
  variable: "CHROME_PATH" | "FIREFOX_PATH";
  /** Where it may be; the first is the first package's, and preferred. */
  places: readonly string[];
  /** Debian's; the others only where there is none at all. */
  packages: readonly string[];
}

/** @throws when there is none and none can be had: the tests of the page never pass by not running. */
export function findBrowser(kind: BrowserKind): string {
  const { name, variable, places, packages } = kind;
  const mayInstall = process.platform === "linux" && process.getuid?.() === 0 && process.env[variable] === undefined;
  if (mayInstall && !isThere(places[0])) install(packages[0]);
  for (const other of packages.slice(1)) if (mayInstall && look(kind) === null) install(other);
  const found = look(kind);
  if (found !== null) return found;
  const how = `on Debian: apt install ${packages.at(-1)}`;
  throw new Error(`The page's tests need ${name}. Install it (${how}), or say where it is in ${variable}.`);
}

/** Where the system has no such package, what is there afterwards tells. */
function install(browser: string): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    for (const args of [["update"], ["install", "-y", "--no-install-recommends", browser, "fonts-dejavu-core"]]) {
      // Another test may be about to install another one.
      execFileSync("apt-get", ["-o", "DPkg::Lock::Timeout=300", ...args], { stdio: "ignore", env });
    }
  } catch {
    // Another browser may do.
  }
}

function look({ variable, places }: BrowserKind): string | null {
  const given = process.env[variable];
  return (given === undefined ? places : [given]).find(isThere) ?? null;
}

function isThere(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
