/** How alike two folded names are: Dice's coefficient over pairs of letters. */

/** A name, taken apart once to be compared with many. */
export interface ComparedName {
  name: string;
  /** Its pairs of letters as numbers, in order. */
  pairs: Uint32Array;
}

export function comparedName(name: string): ComparedName {
  const pairs = new Uint32Array(Math.max(0, name.length - 1));
  for (let i = 0; i < pairs.length; i++) pairs[i] = name.charCodeAt(i) * 0x10000 + name.charCodeAt(i + 1);
  return { name, pairs: pairs.sort() };
}

/** 0 to 1; 0 too for what cannot reach `least`. Names of less than three letters are like themselves alone. */
export function similarity(a: ComparedName, b: ComparedName, least = 0): number {
  if (a.name === b.name) return 1;
  const [p, q] = [a.pairs, b.pairs];
  const all = p.length + q.length;
  if (p.length < 2 || q.length < 2 || 2 * Math.min(p.length, q.length) < least * all) return 0;
  let shared = 0;
  for (let i = 0, k = 0; i < p.length && k < q.length; ) {
    if (p[i] === q[k]) {
      shared++;
      i++;
      k++;
    } else if (p[i] < q[k]) i++;
    else k++;
  }
  return (2 * shared) / all;
}
