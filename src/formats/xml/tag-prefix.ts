/** The namespace prefix of a part's tags (`x:`): with it, inner loops find names at fixed places. Most parts have none. */
export class TagPrefix {
  /** In bytes, its colon included; -1: no tag has been seen. */
  length = -1;
  #bytes: Buffer = Buffer.alloc(0);

  /** Takes the prefix of the tag at `at` whose local name begins at `nameStart`. */
  learn(bytes: Buffer, at: number, nameStart: number): void {
    this.#bytes = Buffer.from(bytes.subarray(at + 1, nameStart));
    this.length = this.#bytes.length;
  }

  /** Whether all tags between `from` and `to` have it: a loop that only examined their names asks at its end. */
  holds(bytes: Buffer, from: number, to: number): boolean {
    return this.length === 0 || this.#isOfAll(bytes, from, to);
  }

  #isOfAll(bytes: Buffer, from: number, to: number): boolean {
    const prefix = this.#bytes;
    for (let i = from; i < to; i++) {
      if (bytes[i] !== 0x3c) continue;
      const start = bytes[i + 1] === 0x2f ? i + 2 : i + 1;
      for (let k = 0; k < prefix.length; k++) if (bytes[start + k] !== prefix[k]) return false;
    }
    return true;
  }
}
