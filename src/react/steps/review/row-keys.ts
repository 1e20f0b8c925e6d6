/**
 * React's keys for the rows in view. A jump to a place where none of them stands takes over the rows that are drawn, with new words in
 * them: nothing is made and nothing thrown away, so a drag of the scroll bar leaves no garbage.
 */
export class RowKeys {
  #keys = new Map<number, number>();
  #next = 0;

  /**
   * A key for each place, in the order that they are drawn in. `away`: the place, first of them, whose row has the focus while it is
   * out of view; its element stays what it is, and where it is, since one that is moved loses the focus.
   */
  keysOf(places: readonly number[], away: number | null): ReadonlyMap<number, number> {
    const before = this.#keys;
    const isJump = !places.some((place) => place !== away && before.has(place));
    const free = isJump ? [...before].filter(([place]) => place !== away).map(([, key]) => key) : [];
    this.#keys = new Map(places.map((place) => [place, before.get(place) ?? free.shift() ?? this.#next++]));
    return this.#keys;
  }
}
