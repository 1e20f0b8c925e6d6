/**
 * Limits how many commit lanes in this process use the database at once. Small imports go first. Of those that write to the
 * same target one import at a time: they would wait for one another inside, and keep places from the others.
 */

/** Who wants in: an import. */
export interface Visitor {
  id: number;
  target: string;
  fileSizeBytes: number;
}

/** A visitor that has waited this long is next, however large. */
const patienceMs = 5000;

interface Waiting {
  visitor: Visitor;
  since: number;
  admit(): void;
}

export class LaneLimiter {
  readonly #places: number;
  readonly #inside = new Set<Visitor>();
  #waiting: Waiting[] = [];

  constructor(places: number) {
    this.#places = places;
  }

  /** Resolves with how to leave again. Throws the signal's reason when it aborts first. */
  async enter({ id, target, fileSizeBytes }: Visitor, signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    const visitor = { id, target, fileSizeBytes };
    await new Promise<void>((resolve, reject) => {
      const waiting: Waiting = {
        visitor,
        since: performance.now(),
        admit: () => {
          signal?.removeEventListener("abort", onAbort);
          this.#inside.add(visitor);
          resolve();
        },
      };
      const onAbort = (): void => {
        this.#waiting = this.#waiting.filter((each) => each !== waiting);
        reject(signal?.reason);
        // Others may have waited for this one.
        this.#admit();
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.push(waiting);
      this.#admit();
    });
    return () => {
      if (this.#inside.delete(visitor)) this.#admit();
    };
  }

  #admit(): void {
    while (this.#inside.size < this.#places) {
      const next = this.#next();
      if (next === undefined) return;
      this.#waiting = this.#waiting.filter((each) => each !== next);
      next.admit();
    }
  }

  #next(): Waiting | undefined {
    // They are in order of arrival.
    const [first] = this.#waiting;
    if (first === undefined) return undefined;
    const isPatient = performance.now() - first.since < patienceMs;
    const ordered = this.#waiting.toSorted((a, b) => a.visitor.fileSizeBytes - b.visitor.fileSizeBytes);
    const order = isPatient ? ordered : [first, ...ordered];
    for (const [k, waiting] of order.entries()) {
      const { id, target } = waiting.visitor;
      const isOther = (other: Visitor): boolean => other.target === target && other.id !== id;
      // Behind one who goes first to the same target, nobody slips in.
      const isPassed = order.slice(0, k).some(({ visitor }) => isOther(visitor));
      if (!isPassed && ![...this.#inside].some(isOther)) return waiting;
    }
    return undefined;
  }
}
