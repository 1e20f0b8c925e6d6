/** What imports leave that is no longer needed: stages, files, old jobs. postgres/jobs/leftovers.ts is the adapter. */

/** What is kept for how long, in milliseconds. */
export interface Retention {
  /** Stages of imports that wait for a person. */
  stagingMs: number;
  /** Stored files and reports. */
  filesMs: number;
  /** Finished imports; null: for good. */
  jobsMs: number | null;
}

export interface Leftovers {
  /** Drops stages of jobs that are finished, and dry runs whose worker is gone. Returns the storage paths they leave. */
  sweep(): Promise<string[]>;
  /** Drops what is older than it is to be kept. Returns the files that go with it. Null: another worker is doing it. */
  expire(retention: Retention): Promise<string[] | null>;
  /** The stored files that unfinished jobs need, that are kept of finished ones, or that wait for an import; and the reports. */
  neededFiles(): Promise<Set<string>>;
}
