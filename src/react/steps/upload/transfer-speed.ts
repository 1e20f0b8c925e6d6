/** How fast bytes go, over the last seconds, so that a number on the screen is calm and still true. */

const windowMs = 8_000;
/** Before that, a speed would be a guess. */
const leastMs = 400;

export class TransferSpeed {
  #samples: { atMs: number; bytes: number }[] = [];

  /** So many bytes were there at this moment. Fewer than before: it begins anew. */
  add(bytes: number, atMs: number): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && bytes < last.bytes) this.#samples = [];
    this.#samples.push({ atMs, bytes });
    while (this.#samples.length > 2 && atMs - this.#samples[0].atMs > windowMs) this.#samples.shift();
  }

  /** Nothing has gone for a while: what was measured does not count any more. */
  reset(): void {
    this.#samples = [];
  }

  /** Null: not known yet. */
  bytesPerSecond(): number | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.atMs - first.atMs < leastMs) return null;
    return ((last.bytes - first.bytes) / (last.atMs - first.atMs)) * 1000;
  }
}
