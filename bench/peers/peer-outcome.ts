/** What a peer's import of the leads file came to; seconds are wall time without the creation of its tables. */
export interface PeerOutcome {
  /** Data rows read: created + duplicates + invalid. */
  rows: number;
  created: number;
  /** Skipped, because an earlier row of the file or a record in the table has one of the row's keys. */
  duplicates: number;
  invalid: number;
  seconds: number;
}

/** Seconds since `startedAt`, a value of `performance.now()`. */
export function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1000;
}
