/** The flags of `sluice import`. */
import type { DialectFlags } from "./dialect-flags.ts";

export interface ImportFlags extends DialectFlags {
  rejectFailures?: boolean;
  confirmRemovals?: number;
  dryRun?: boolean;
  yes?: boolean;
  json?: boolean;
  onDuplicate?: string;
  match?: string;
  assign?: string;
  map?: string[];
  context?: string[];
  again?: boolean;
  all?: boolean;
  lang?: string;
  databaseUrl?: string;
  dataDir?: string;
}
