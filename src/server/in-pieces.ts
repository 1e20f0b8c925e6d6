/**
 * What a thread has found, in pieces: a message is read in one go, and that of a file of 16,384 columns would keep everybody waiting for
 * a tenth of a second.
 */

/** Items of a list in one message: some milliseconds of reading. */
const most = 512;

/** The items that come next in the list at this place of what was found. */
export interface Piece {
  path: readonly (string | number)[];
  items: unknown[];
}

/** A value with its long lists empty, and what these have, in order. */
export function takeApart<T>(found: T): { shell: T; pieces: Piece[] } {
  const pieces: Piece[] = [];
  const emptied = (value: unknown, path: readonly (string | number)[]): unknown => {
    if (Array.isArray(value)) {
      if (value.length <= most) return value.map((item, k) => emptied(item, [...path, k]));
      for (let from = 0; from < value.length; from += most)
        pieces.push({ path, items: value.slice(from, from + most) });
      return [];
    }
    if (!isPlain(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, emptied(each, [...path, name])]));
  };
  return { shell: emptied(found, []) as T, pieces };
}

/** Adds a piece to the value that it is of. */
export function addPiece(found: unknown, { path, items }: Piece): void {
  let list = found as Record<string | number, unknown>;
  for (const step of path) list = list[step] as typeof list;
  for (const item of items) (list as unknown as unknown[]).push(item);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
