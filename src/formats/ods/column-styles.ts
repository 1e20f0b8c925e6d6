/** What the columns of a table say of the numbers in them, where a cell has no style of its own (section 9.1.6). */
import type { NumberStyle } from "./cell-styles.ts";

/** Columns beyond have no table. */
const maxColumns = 16_384;

export class ColumnStyles {
  /** The column after those of each style. */
  readonly #ends: number[] = [];
  readonly #styles: (NumberStyle | null)[] = [];

  clear(): void {
    this.#ends.length = 0;
    this.#styles.length = 0;
  }

  add(count: number, style: NumberStyle | null): void {
    const before = this.#ends.at(-1) ?? 0;
    if (before >= maxColumns) return;
    if (this.#styles.length > 0 && this.#styles.at(-1) === style) this.#ends[this.#ends.length - 1] = before + count;
    else {
      this.#ends.push(before + count);
      this.#styles.push(style);
    }
  }

  of(column: number): NumberStyle | null {
    return this.#styles[this.#ends.findIndex((end) => column < end)] ?? null;
  }
}
