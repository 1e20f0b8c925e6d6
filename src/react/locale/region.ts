/** The reader's region: English writes 5 Jul 2026 in Britain and Jul 5, 2026 in the United States. */
import type { ApiLanguage } from "../../client/index.ts";

const found = new Map<ApiLanguage, string>();

/**
 * The language as the reader's region writes it, by the browser's own list of languages; the language alone where the list does
 * not say, as on a server.
 *
 * @example inRegion("en") // "en-GB"
 */
export function inRegion(language: ApiLanguage): string {
  let region = found.get(language);
  if (region === undefined) {
    const wanted: readonly string[] = typeof navigator === "undefined" ? [] : (navigator.languages ?? []);
    region = wanted.find((each) => each.toLowerCase().startsWith(`${language}-`) && isKnown(each)) ?? language;
    found.set(language, region);
  }
  return region;
}

/** Some browsers hand on names of the system's that are no language tags, as `en-US@posix`. */
function isKnown(tag: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}
