/** The Chromium of this machine: the one that CHROME_PATH names, one that is installed, or one that is installed now where root may. */
import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";

const places = [
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
  const found = lookForChromium();
  if (found !== null) return found;
  if (process.platform === "linux" && process.getuid?.() === 0) {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    for (const args of [["update"], ["install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"]]) {
      execFileSync("apt-get", args, { stdio: "ignore", env });
    }
    const installed = lookForChromium();
    if (installed !== null) return installed;
  }
  throw new Error(
    "The page's tests need Chromium or Chrome. Install it (on Debian: apt install chromium), or say where it is in CHROME_PATH.",
  );
}

function lookForChromium(): string | null {
  const given = process.env.CHROME_PATH;
  for (const path of given === undefined ? places : [given]) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // The next one.
    }
  }
  return null;
}
