/**
 * An import that is still pending: its mapping and options can be changed, until it is started. postgres/jobs/drafts.ts is the
 * adapter.
 */
import type { Actor } from "../events.ts";
import type { ImportJob, Mapping } from "../import.ts";
import type { KeptOptions, ReadyOptions } from "../import-options.ts";
import type { Dialect } from "../row.ts";

/** What is left out stays. */
export interface DraftChanges extends Partial<KeptOptions> {
  dialect?: Dialect;
  mapping?: Mapping;
  fingerprint?: string;
}

/** What can be changed of an import whose rows are staged already. */
export type ReadyChanges = Partial<ReadyOptions>;

export interface Drafts {
  /**
   * Changes a pending import, with a line `import.edited` in its timeline that names what was changed. `read`: the dialect that
   * the changes are meant for.
   *
   * @throws SluiceError `conflict` when it is pending no more, or the file is read by another dialect by now.
   */
  change(jobId: number, changes: DraftChanges, actor: Actor, read: Dialect): Promise<ImportJob>;
  /**
   * Changes a ready import; unchanged options are no change. Where the owners are in another column now, that column has to be
   * read: then it is queued to be staged again, with its edits.
   *
   * @returns `before`, where it is to be staged again: the stage that is no longer its own.
   * @throws SluiceError `conflict` when it is ready no more.
   */
  changeReady(
    jobId: number,
    changes: ReadyChanges,
    actor: Actor,
  ): Promise<{ job: ImportJob; before: ImportJob | null }>;
  /**
   * Puts a mapping in place of another. Null: it is another one by now, and what was meant is to be done to that.
   *
   * @throws SluiceError `conflict` when the import is pending no more.
   */
  remap(jobId: number, from: Mapping, to: Mapping, actor: Actor): Promise<ImportJob | null>;
}
