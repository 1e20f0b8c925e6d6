/** The environment of the program that Sluice runs in: read where it is mounted or called, as cli.ts does for the command line. */
import type { Environment } from "../config.ts";

export const environment: Environment = process.env;
