/** A1 references (ECMA-376 part 1, section 18.18.7, ST_CellRef). */

/** What `readReference` found. */
export interface CellReference {
  /** From 0; -1: none. */
  column: number;
  /** From 1; 0: none. */
  row: number;
}

/** Reads `AB12` (also `ab12` and `$AB$12`) from bytes into `into`; anything else is column -1, row 0. */
export function readReference(bytes: Uint8Array, start: number, end: number, into: CellReference): void {
  into.column = -1;
  into.row = 0;
  let i = start;
  if (bytes[i] === 0x24) i++;
  let column = 0;
  for (; i < end; i++) {
    const letter = bytes[i] & 0xdf;
    if (letter < 0x41 || letter > 0x5a || bytes[i] < 0x41) break;
    column = Math.min(1e6, 26 * column + letter - 0x40);
  }
  if (i < end && bytes[i] === 0x24) i++;
  let row = 0;
  for (; i < end && bytes[i] >= 0x30 && bytes[i] <= 0x39; i++) row = Math.min(1e10, 10 * row + bytes[i] - 0x30);
  if (i !== end || column === 0) return;
  into.column = column - 1;
  into.row = row;
}

/** `AB` for 27. */
export function columnLetters(column: number): string {
  const rest = Math.floor(column / 26);
  return `${rest > 0 ? columnLetters(rest - 1) : ""}${String.fromCharCode(0x41 + (column % 26))}`;
}
