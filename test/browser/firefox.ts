/** The Firefox of this machine, as its users have it; driven by WebDriver BiDi. */
import { findBrowser } from "./installed-browser.ts";

export function findFirefox(): string {
  return findBrowser({
    name: "Firefox",
    variable: "FIREFOX_PATH",
    places: [
      "/usr/bin/firefox-esr",
      "/usr/bin/firefox",
      "/snap/bin/firefox",
      "/Applications/Firefox.app/Contents/MacOS/firefox",
    ],
    packages: ["firefox-esr"],
  });
}
