/** Pieces of COPY text on their way from the reader, which pushes them, to the database, which takes them one by one. */

export class PieceQueue implements AsyncIterableIterator<Uint8Array> {
  #pieces: Uint8Array[] = [];
  #ended = false;
  #failure: unknown;
  #failed = false;
  #wake: (() => void) | null = null;

  push(piece: Uint8Array): void {
    if (this.#ended) return;
    this.#pieces.push(piece);
    this.#wake?.();
  }

  /** No more pieces come. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** Whoever takes the pieces fails with `reason`, so that what it began is undone. */
  fail(reason: unknown): void {
    if (this.#ended) return;
    this.#failed = true;
    this.#failure = reason;
    this.end();
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      if (this.#failed) throw this.#failure;
      const piece = this.#pieces.shift();
      if (piece !== undefined) return { done: false, value: piece };
      if (this.#ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
  }

  /** The taker is gone: what is pushed from now on is dropped. */
  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#ended = true;
    this.#pieces = [];
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
