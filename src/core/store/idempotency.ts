/**
 * Requests that may come twice: the first with a key is done, a repetition gets its answer
 * (draft-ietf-httpapi-idempotency-key-header). postgres/jobs/idempotency.ts is the adapter.
 */

import type { Status } from "../import.ts";

export interface KeptAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface KeyedRequest {
  userId: string;
  key: string;
  /** SHA-256 in hex over what makes the request the same. */
  requestHash: string;
}

/** A key in this request's hands, as long as its process lives. */
export interface ClaimedKey {
  userId: string;
  key: string;
  /** Whose: another request that claims the key has another. */
  claim: string;
}

/** What a request with a key finds. */
export type KeyOutcome =
  /**
   * It is this request's: do it, then `keep` or `release`. Where an earlier one's process died, or lost the database, before it could
   * answer: `importId`, the import that it had made, and `since`, when it had begun.
   */
  | { kind: "claimed"; claim: ClaimedKey; importId: number | null; since: Date | null }
  | { kind: "answered"; answer: KeptAnswer }
  /** The same request is in progress. */
  | { kind: "under_way" }
  /** The key belongs to another request. */
  | { kind: "other_request" };

/** What a request leaves in an import's timeline. */
export interface Trace {
  jobId: number;
  event: string;
  actor: string;
  /** Of a change of status: from which. Default: from any. */
  from?: readonly Status[];
}

export interface IdempotencyKeys {
  claim(request: KeyedRequest): Promise<KeyOutcome>;
  keep(claim: ClaimedKey, answer: KeptAnswer): Promise<void>;
  /** It was refused, so nothing has changed: the key is free again, but for the import it has made. */
  release(claim: ClaimedKey): Promise<void>;
  /** Its outcome is unknown: a repetition finds out what it has done. */
  leave(claim: ClaimedKey): Promise<void>;
  /** The data of the newest event that an earlier attempt of the request has written when it was done; null: none. */
  done(claim: ClaimedKey, trace: Trace): Promise<Record<string, unknown> | null>;
}
