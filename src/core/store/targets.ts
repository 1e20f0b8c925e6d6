/** The tables that importers write to. postgres/check/targets.ts is the adapter. */
import type { Importer } from "../importer.ts";

export interface Targets {
  /** Makes sure the importer's tables are there, and that the target has what the importer fills. Returns its full name. */
  prepare(importer: Importer): Promise<string>;
}
