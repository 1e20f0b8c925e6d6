/**
 * Which byte of the file a row of decoded text begins at. Rows begin after a line break, so it is enough to note where
 * each run of ASCII characters begins.
 */
export class Places {
  /** Bytes of the file that an ASCII character takes. */
  readonly #unitBytes: number;
  /** Where each run begins in the buffer, ascending. */
  #positions = new Int32Array(1024);
  /** Where it begins in the file, as bytes from `#base`. */
  #offsets = new Int32Array(1024);
  #count = 0;
  #base: number;
  /** Where the block begins that is being decoded, as bytes from `#base`. */
  #blockOffset = 0;
  /** The run that was asked for last: questions come in ascending order. */
  #cursor = 0;

  /** `offset`: the byte of the file that the buffer begins with. */
  constructor(unitBytes: number, offset: number) {
    this.#unitBytes = unitBytes;
    this.#base = offset;
  }

  /** The file's bytes from `offset` on are decoded to `position` on; at most `maxRuns` runs will be noted. */
  startBlock(position: number, offset: number, maxRuns: number): void {
    if (this.#count + maxRuns + 1 > this.#positions.length) this.#grow(this.#count + maxRuns + 1024);
    this.#blockOffset = offset - this.#base;
    this.note(position, 0);
  }

  /** ASCII characters begin at `position` of the buffer, which is byte `index` of the block. */
  note(position: number, index: number): void {
    this.#positions[this.#count] = position;
    this.#offsets[this.#count++] = this.#blockOffset + index;
  }

  /** The byte of the file that the ASCII character at `position` comes from, or the one after the last. */
  offsetAt(position: number): number {
    let k = this.#cursor;
    if (k >= this.#count || this.#positions[k] > position) k = 0;
    while (k + 1 < this.#count && this.#positions[k + 1] <= position) k++;
    this.#cursor = k;
    return this.#base + this.#offsets[k] + this.#unitBytes * (position - this.#positions[k]);
  }

  /** The buffer's content moved down by `bytes`. */
  shift(bytes: number): void {
    if (bytes === 0) return;
    // The run that the buffer now begins in stays, and the file's bytes are counted from it.
    let kept = 0;
    while (kept + 1 < this.#count && this.#positions[kept + 1] <= bytes) kept++;
    const moved = this.#offsets[kept];
    this.#count -= kept;
    for (let k = 0; k < this.#count; k++) {
      this.#positions[k] = this.#positions[k + kept] - bytes;
      this.#offsets[k] = this.#offsets[k + kept] - moved;
    }
    this.#base += moved;
    this.#cursor = 0;
  }

  #grow(size: number): void {
    const positions = new Int32Array(size);
    const offsets = new Int32Array(size);
    positions.set(this.#positions.subarray(0, this.#count));
    offsets.set(this.#offsets.subarray(0, this.#count));
    this.#positions = positions;
    this.#offsets = offsets;
  }
}
