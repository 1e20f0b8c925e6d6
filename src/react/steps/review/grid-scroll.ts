/**
 * How far a grid is scrolled. Browsers cannot scroll as far as a million rows are high (Firefox ends at 17.9 million pixels,
 * Chromium at 33 million), so beyond `maxScrollHeight` the bar's way stands for the rows' way in proportion: a drag of the bar
 * goes anywhere, a turn of the wheel still moves by its own pixels.
 */
export const rowHeight = 34;
export const maxScrollHeight = 8_000_000;

/** `bar`: the scroller's own position; `way`: pixels of rows above the view. */
export interface Scrolled {
  bar: number;
  way: number;
}

export class GridScroll {
  readonly rows: number;
  readonly view: number;

  /** `view`: the height that rows are seen in. */
  constructor(rows: number, view: number) {
    this.rows = rows;
    this.view = view;
  }

  /** The height that the browser is told. */
  get height(): number {
    return Math.min(this.rows * rowHeight, maxScrollHeight);
  }
  get isScaled(): boolean {
    return this.rows * rowHeight > maxScrollHeight;
  }
  get #lastBar(): number {
    return Math.max(0, this.height - this.view);
  }
  get #lastWay(): number {
    return Math.max(0, this.rows * rowHeight - this.view);
  }

  /** Where the rows are when the browser has scrolled to `bar`. */
  follow(before: Scrolled, bar: number): Scrolled {
    if (!this.isScaled) return { bar, way: bar };
    const moved = bar - before.bar;
    if (Math.abs(moved) > this.view) return { bar, way: this.#clamp((bar / this.#lastBar) * this.#lastWay) };
    return { bar, way: this.#clamp(before.way + moved) };
  }

  /** The bar's position for rows that were moved without it, or at its ends. */
  settled({ way }: Scrolled): Scrolled {
    const there = this.#clamp(way);
    return { bar: this.isScaled ? (there / this.#lastWay) * this.#lastBar : there, way: there };
  }

  /** Whether the bar is at an end and the rows are not. */
  isStuck({ bar, way }: Scrolled): boolean {
    if (!this.isScaled) return false;
    return (bar <= 0 && way > 0) || (bar >= this.#lastBar - 1 && way < this.#lastWay - 1);
  }

  /** The least that must be scrolled for a row to be in view as a whole. */
  toShow({ way }: Scrolled, row: number): number {
    const top = row * rowHeight;
    if (top < way) return top;
    return top + rowHeight > way + this.view ? this.#clamp(top + rowHeight - this.view) : way;
  }

  /** The rows in view and some around, whose number changes in steps, so that few scrolls draw anew. */
  range({ way }: Scrolled, around = 6): { first: number; last: number } {
    const step = 4;
    const first = Math.floor((Math.floor(way / rowHeight) - around) / step) * step;
    const last = Math.ceil((Math.ceil((way + this.view) / rowHeight) + around) / step) * step;
    return { first: Math.max(0, first), last: Math.min(this.rows, last) };
  }

  #clamp(way: number): number {
    return Math.min(Math.max(0, way), this.#lastWay);
  }
}

/**
 * React's keys for the rows in view. A jump to a place where none of them stands takes over the rows that are drawn, with new words in
 * them: nothing is made and nothing thrown away, so a drag of the scroll bar leaves no garbage.
 */
export class RowKeys {
  #keys = new Map<number, number>();
  #away: number | null = null;
  #next = 0;

  /**
   * A key for each place, in the order that they are drawn in. `away`: the place, first of them, whose row has the focus while it is
   * out of view. React moves an element that comes behind others than before, and one that is moved loses the focus: so whatever comes
   * before that row when it is back in view is made anew.
   */
  keysOf(places: readonly number[], away: number | null): ReadonlyMap<number, number> {
    const before = this.#keys;
    const isJump = !places.some((place) => place !== away && before.has(place));
    const free = isJump ? [...before].filter(([place]) => place !== away).map(([, key]) => key) : [];
    const back = away === null && this.#away !== null ? places.indexOf(this.#away) : -1;
    const keyOf = (place: number, k: number): number =>
      (k < back ? undefined : (before.get(place) ?? free.shift())) ?? this.#next++;
    this.#keys = new Map(places.map((place, k) => [place, keyOf(place, k)]));
    this.#away = away;
    return this.#keys;
  }
}
