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
