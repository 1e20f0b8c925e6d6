/** The environment of the program that Sluice runs in: read where it is mounted or called, as cli.ts does for the command line. */
import type { Environment } from "../config.ts";
import { SluiceError } from "../core/errors.ts";

export const environment: Environment = process.env;

/** The package's `engines`. */
const needed = [22, 12];

/** @throws SluiceError `invalid` on a Node that lacks what Sluice is written with, before something of that fails. */
export function requireNode(where: string, version: string = process.versions.node): void {
  const [major, minor] = version.split(".").map(Number);
  if (major > needed[0] || (major === needed[0] && minor >= needed[1])) return;
  throw new SluiceError(
    "invalid",
    `${where} needs Node ${needed.join(".")} or newer; this is ${version}. Install a newer one from https://nodejs.org.`,
  );
}
