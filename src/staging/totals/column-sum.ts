/** What a column's rows add up to so far, exactly, by either decimal mark; and what they added up to at earlier places. */
import { type Amount, amountsOf, unitsAt } from "./cell-amount.ts";

/** A sum of whole numbers of one scale. */
interface Sum {
  /** False: a cell of the column is no number by this mark. */
  holds: boolean;
  scale: number;
  units: bigint;
  /** Cells that are not zero. */
  summands: number;
}

/** As plain data. */
export interface StoredColumn {
  filled: number;
  texts: number;
  last: string;
  sums: { holds: boolean; scale: number; units: string; summands: number }[];
  marks: { units: string[]; summands: number[] }[];
}

const freshSum = (): Sum => ({ holds: true, scale: 0, units: 0n, summands: 0 });

/** How many of the last cell's characters are compared. */
const lastChars = 100;

export class ColumnSum {
  filled: number;
  /** Filled cells that are no number. */
  texts: number;
  /** The cell of the row before. */
  last: string;
  readonly #sums: Sum[];
  readonly #marks: { units: bigint[]; summands: number[] }[];

  constructor(stored?: StoredColumn) {
    this.filled = stored?.filled ?? 0;
    this.texts = stored?.texts ?? 0;
    this.last = stored?.last ?? "";
    this.#sums = stored?.sums.map((sum) => ({ ...sum, units: BigInt(sum.units) })) ?? [freshSum(), freshSum()];
    this.#marks = stored?.marks.map((mark) => ({ ...mark, units: mark.units.map(BigInt) })) ?? [
      { units: [0n, 0n], summands: [0, 0] },
    ];
  }

  get isText(): boolean {
    return 2 * this.texts > this.filled;
  }

  /** A cell of a row that is a record. */
  add(text: string, isTyped: boolean): void {
    this.last = text.length > lastChars ? text.slice(0, lastChars) : text;
    if (text === "") return;
    this.filled++;
    const { point, comma } = amountsOf(text, isTyped);
    if (point === null && comma === null) {
      this.texts++;
      return;
    }
    this.#addTo(0, point);
    // What is typed has a point whatever the others have.
    this.#addTo(1, isTyped ? point : comma);
  }

  #addTo(by: 0 | 1, amount: Amount | null): void {
    const sum = this.#sums[by];
    if (!sum.holds) return;
    if (amount === null) {
      sum.holds = false;
      return;
    }
    if (amount.scale > sum.scale) {
      const factor = 10n ** BigInt(amount.scale - sum.scale);
      sum.units *= factor;
      for (const mark of this.#marks) mark.units[by] *= factor;
      sum.scale = amount.scale;
    }
    sum.units += amount.scale === sum.scale ? amount.units : unitsAt(amount, sum.scale);
    if (amount.units !== 0n) sum.summands++;
  }

  /** Remembers the sum so far; `kept`: how many of the places are kept, the first and the latest. */
  mark(kept: number): void {
    this.#marks.push({
      units: this.#sums.map(({ units }) => units),
      summands: this.#sums.map(({ summands }) => summands),
    });
    if (this.#marks.length > kept) this.#marks.splice(1, 1);
  }

  /**
   * How many cells, none of them zero, add up to the cell since the place; 0: they do not. `per`: to the cell times so many, which is
   * their average.
   */
  addsUp(text: string, isTyped: boolean, place: number, per = 1): number {
    const { point, comma } = amountsOf(text, isTyped);
    for (const [by, amount] of [point, isTyped ? point : comma].entries()) {
      const sum = this.#sums[by];
      if (amount === null || !sum.holds) continue;
      const mark = this.#marks[place];
      const summands = sum.summands - mark.summands[by];
      if (summands === 0) continue;
      const scale = Math.max(sum.scale, amount.scale) + 2;
      const expected = unitsAt({ units: sum.units - mark.units[by], scale: sum.scale }, scale);
      const found = unitsAt(amount, scale) * BigInt(per);
      const off = found > expected ? found - expected : expected - found;
      // Each rounded cell may be off by half of its last digit, and the sum by half of its own; whole numbers are exact.
      const half = (digits: number): bigint => 10n ** BigInt(scale - digits) / 2n;
      const cells = sum.scale === 0 ? 0n : half(sum.scale) * BigInt(Math.min(summands, 100));
      const own = per > 1 || amount.scale < sum.scale ? half(amount.scale) * BigInt(per) : 0n;
      const most = cells + own;
      if (off <= most) return summands;
    }
    return 0;
  }

  /** Whether the cell is what they add up to, digit by digit. */
  isExactly(text: string, isTyped: boolean, place: number): boolean {
    const { point, comma } = amountsOf(text, isTyped);
    return [point, isTyped ? point : comma].some((amount, by) => {
      const sum = this.#sums[by];
      if (amount === null || !sum.holds) return false;
      const scale = Math.max(sum.scale, amount.scale);
      return (
        unitsAt(amount, scale) === unitsAt({ units: sum.units - this.#marks[place].units[by], scale: sum.scale }, scale)
      );
    });
  }

  toJSON(): StoredColumn {
    return {
      filled: this.filled,
      texts: this.texts,
      last: this.last,
      sums: this.#sums.map((sum) => ({ ...sum, units: String(sum.units) })),
      marks: this.#marks.map((mark) => ({ ...mark, units: mark.units.map(String) })),
    };
  }
}
