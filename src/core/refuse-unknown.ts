/** The refusal of an option that nobody reads, which says which one was likely meant. */
import { SluiceError } from "./errors.ts";
import { meantInstead } from "./shape/nearest-name.ts";

/**
 * Refuses a property that nobody reads: it is a misspelt one of those that somebody does.
 *
 * @throws SluiceError `invalid`
 * @example refuseUnknown("createApp", "option", options, ["databaseUrl", "importers"]);
 * // createApp: there is no option "databseUrl". Did you mean "databaseUrl"?
 */
export function refuseUnknown(where: string, what: string, given: object, known: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    throw new SluiceError("invalid", `${where}: there is no ${what} "${name}". ${meantInstead(name, known)}`);
  }
}
