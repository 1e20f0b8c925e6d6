/**
 * Requests that may come twice: the first with a key is done, a repetition gets its answer
 * (draft-ietf-httpapi-idempotency-key-header). postgres/jobs/idempotency.ts is the adapter.
 */

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
   * It is this request's: do it, then `keep` or `release`. `importId`: the import that an earlier one had made, whose process died, or
   * lost the database, before it could answer.
   */
  | { kind: "claimed"; claim: ClaimedKey; importId: number | null }
  | { kind: "answered"; answer: KeptAnswer }
  /** The same request is under way. */
  | { kind: "under_way" }
  /** The key belongs to another request. */
  | { kind: "other_request" };

export interface IdempotencyKeys {
  claim(request: KeyedRequest): Promise<KeyOutcome>;
  keep(claim: ClaimedKey, answer: KeptAnswer): Promise<void>;
  /** It did not come to an answer worth keeping: the key is free again, but for the import it has made. */
  release(claim: ClaimedKey): Promise<void>;
}
