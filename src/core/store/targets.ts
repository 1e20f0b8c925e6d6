/** The tables that importers write to. postgres/check/targets.ts is the adapter. */
import type { Importer } from "../importer.ts";

export interface Targets {
  /**
   * Makes sure the importer's tables are there, and that the target has what the importer fills. Returns its full name. `withinMs`: what
   * this process has found so recently still counts; what has changed since, the import meets later. Default 0.
   */
  prepare(importer: Importer, withinMs?: number): Promise<string>;
}
