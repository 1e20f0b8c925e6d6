/** Token buckets in the memory of the process: a burst and a rate of requests for each key. */

export interface RateLimit {
  /** Requests at once. */
  burst: number;
  /** In the long run. */
  perSecond: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Keys that are kept; an attacker with as many addresses is not limited by this. */
const maxKeys = 20_000;

export class RateLimiter {
  readonly #limit: RateLimit;
  readonly #now: () => number;
  /** The key that was asked for longest ago comes first. */
  readonly #buckets = new Map<string, Bucket>();

  /** `now`: milliseconds of a clock that never goes back. */
  constructor(limit: RateLimit, now: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#now = now;
  }

  /** Takes one request's worth. 0: it may proceed; else the seconds to wait, and nothing is taken. */
  take(key: string): number {
    const bucket = this.#filled(key);
    if (bucket.tokens < 1) return this.#secondsFor(bucket);
    bucket.tokens -= 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > maxKeys) this.#buckets.delete(this.#buckets.keys().next().value as string);
    return 0;
  }

  /** As `take`, but takes nothing. */
  waitFor(key: string): number {
    const bucket = this.#filled(key);
    return bucket.tokens < 1 ? this.#secondsFor(bucket) : 0;
  }

  #filled(key: string): Bucket {
    const nowMs = this.#now();
    const { burst, perSecond } = this.#limit;
    const bucket = this.#buckets.get(key) ?? { tokens: burst, atMs: nowMs };
    bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.atMs) / 1000) * perSecond);
    bucket.atMs = nowMs;
    return bucket;
  }

  #secondsFor(bucket: Bucket): number {
    return Math.max(1, Math.ceil((1 - bucket.tokens) / this.#limit.perSecond));
  }
}
