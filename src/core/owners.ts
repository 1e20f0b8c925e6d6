/**
 * The people who may own what an import creates: found by their names, searched by a part of it, and those of a file whom
 * nobody knows. postgres/match/owners.ts is the adapter.
 */
import type { ImportJob } from "./import.ts";
import type { Importer } from "./importer.ts";

export interface Owner {
  id: string;
  /** By the first of the importer's `assign.by` that is not an e-mail address; without one the e-mail, without that the id. */
  name: string;
  email: string | null;
}

export interface OwnerQuery {
  /** A part of anything they are called by, in any case. Default: everyone. */
  search?: string;
  /** These alone. */
  ids?: readonly string[];
  limit: number;
}

/** A cell of the owners' column that nobody is called by, as it is written first, whatever its case. */
export interface UnknownOwner {
  value: string;
  /** Valid rows with it. */
  rows: number;
}

export interface UnknownOwners {
  /** The most frequent first. */
  items: UnknownOwner[];
  /** How many different ones there are. */
  total: number;
  /** Valid rows without a value in the owners' column. */
  blank: number;
}

/** For which import owners are looked up: only people who share the context values that the importer's `assign.context` names are there. */
export interface OwnersFor {
  context: Readonly<Record<string, string>>;
  /** Null where there is none yet. */
  jobId: number | null;
  /** Who made the import, or is about to. */
  createdBy: string | null;
}

export interface Owners {
  /** The ids of people named by id, e-mail or name, in their order; null where nobody is called so. */
  find(importer: Importer, names: readonly string[], whose: OwnersFor): Promise<(string | null)[]>;
  /** By name. */
  search(importer: Importer, query: OwnerQuery, whose: OwnersFor): Promise<Owner[]>;
  /** Of a ready import that assigns by column. Those that the assignment maps to a person are among them. */
  unknown(job: ImportJob, importer: Importer, limit: number, signal?: AbortSignal): Promise<UnknownOwners>;
}

/** An import's own. */
export function ownersFor({ id, context, createdBy }: Pick<ImportJob, "id" | "context" | "createdBy">): OwnersFor {
  return { context, jobId: id, createdBy };
}
