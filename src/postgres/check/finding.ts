/**
 * What a look at an importer and its tables finds. Each idea is a function of its own (check-*.ts) that is given the same
 * subject; check.ts has them in their order.
 */
import type { ErrorCode, Telling } from "../../core/errors.ts";
import type { Importer } from "../../core/importer.ts";
import type { Database } from "../connection/connect.ts";
import type { TargetTable } from "../tables/target.ts";
import type { Relation } from "./relation.ts";

export interface Finding {
  /** `error`: an import cannot go in. `warning`: it can, and something is worth knowing. */
  level: "error" | "warning";
  /** An error is told to whoever imports, so in their language; a warning only to who runs `sluice check`. */
  message: Telling | string;
  /** Of an error, when an import meets it. Default `invalid`. */
  code?: ErrorCode;
}

export interface Subject {
  database: Database;
  importer: Importer;
  target: Relation;
  /** Another table, read once for all that look at it; null: it is not there. */
  relationOf: (table: string) => Promise<Relation | null>;
  /** A table as an import reads it, with its rules and keys; once, too. */
  describedOf: (table: string) => Promise<TargetTable>;
}

/** Looks for one kind of trouble. */
export type Finder = (subject: Subject) => Finding[] | Promise<Finding[]>;

export function failure(message: Telling, code?: ErrorCode): Finding {
  return { level: "error", message, ...(code !== undefined && { code }) };
}

export function advice(message: string): Finding {
  return { level: "warning", message };
}
