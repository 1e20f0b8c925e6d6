/**
 * An import that is still pending: its mapping and options can be changed, until it is started. postgres/drafts.ts is the
 * adapter.
 */
import type { Actor } from "./events.ts";
import type { Assignment, DuplicateOptions, ImportJob, Mapping } from "./import.ts";
import type { Dialect } from "./row.ts";

export interface DraftChanges {
  dialect?: Dialect;
  mapping?: Mapping;
  assignment?: Assignment;
  duplicates?: DuplicateOptions;
  context?: Record<string, string>;
  language?: string;
  autoCommit?: boolean;
  fingerprint?: string;
}

export interface Drafts {
  /** What is known of a new import beside its job. */
  describe(jobId: number, origin: { fingerprint: string; parentId?: number }): Promise<void>;
  /**
   * Changes a pending import, with a line `import.edited` in its timeline that names what was changed.
   *
   * @throws SluiceError `conflict` when it is pending no more.
   */
  change(jobId: number, changes: DraftChanges, actor: Actor): Promise<ImportJob>;
}
