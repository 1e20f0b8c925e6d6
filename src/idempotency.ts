/**
 * Requests that may come twice: the first with a key is done, a repetition gets its answer
 * (draft-ietf-httpapi-idempotency-key-header). postgres/idempotency.ts is the adapter.
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

/** What a request with a key finds. */
export type KeyOutcome =
  /** Nobody has used the key: do it, then `keep` or `release`. */
  | { kind: "new" }
  | { kind: "answered"; answer: KeptAnswer }
  /** The same request is under way. */
  | { kind: "under_way" }
  /** The key belongs to another request. */
  | { kind: "other_request" };

export interface IdempotencyKeys {
  claim(request: KeyedRequest): Promise<KeyOutcome>;
  keep(request: KeyedRequest, answer: KeptAnswer): Promise<void>;
  /** It did not come to an answer worth keeping: the key is free again. */
  release(request: KeyedRequest): Promise<void>;
}
