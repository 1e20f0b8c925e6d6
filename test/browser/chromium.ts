/**
 * The Chromium of this machine: the one that CHROME_PATH names, one that is installed, or one that is installed now where root may. The
 * headless shell is the same engine without a window's surroundings, at three quarters of the processor's time.
 */
import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";

const shell = "/usr/bin/chromium-headless-shell";
const places = [
  shell,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** @throws when there is none and none can be had: the tests of the page never pass by not running. */
export function findChromium(): string {
  const mayInstall = process.platform === "linux" && process.getuid?.() === 0 && process.env.CHROME_PATH === undefined;
  if (mayInstall && !isThere(shell)) install("chromium-headless-shell");
  if (mayInstall && lookForChromium() === null) install("chromium");
  const found = lookForChromium();
  if (found !== null) return found;
  throw new Error(
    "The page's tests need Chromium or Chrome. Install it (on Debian: apt install chromium), or say where it is in CHROME_PATH.",
  );
}

/** Where the system has no such package, what is there afterwards tells. */
function install(browser: string): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    for (const args of [["update"], ["install", "-y", "--no-install-recommends", browser, "fonts-dejavu-core"]]) {
      execFileSync("apt-get", args, { stdio: "ignore", env });
    }
  } catch {
    // Another browser may do.
  }
}

function lookForChromium(): string | null {
  const given = process.env.CHROME_PATH;
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
