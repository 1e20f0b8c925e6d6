/**
 * The Chromium of this machine. The headless shell is the same engine without a window's surroundings, at three quarters of the
 * processor's time.
 */
import { findBrowser } from "./installed-browser.ts";

export function findChromium(): string {
  return findBrowser({
    name: "Chromium or Chrome",
    variable: "CHROME_PATH",
    places: [
      "/usr/bin/chromium-headless-shell",
      "/usr/bin/chromium",
      "/usr/bin/chromium-browser",
      "/usr/bin/google-chrome-stable",
      "/usr/bin/google-chrome",
      "/snap/bin/chromium",
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
      "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ],
    packages: ["chromium-headless-shell", "chromium"],
  });
}
