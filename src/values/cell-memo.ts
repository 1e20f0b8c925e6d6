/**
 * Remembers what a slow encoder made of the cells it saw last, by their bytes: columns of choices, dates and the like
 * repeat themselves. Direct-mapped, so its memory is bounded whatever the file holds.
 */
import { type Encode, type Finding, isWarning } from "./encode.ts";

const slots = 1024;
/** Longer cells hardly repeat. */
const maxBytes = 32;

interface Remembered {
  cell: Uint8Array;
  value: Uint8Array;
  finding: Finding | null;
}

/** The same encoder with a memory. Only for encoders that depend on nothing but the cell. */
export function withMemo(encode: Encode): Encode {
  const memory: (Remembered | undefined)[] = new Array(slots).fill(undefined);
  return (bytes, start, end, out) => {
    const length = end - start;
    if (length > maxBytes) return encode(bytes, start, end, out);
    // FNV-1a
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
    const slot = (hash ^ (hash >>> 15)) & (slots - 1);
    const known = memory[slot];
    if (known !== undefined && sameBytes(known.cell, bytes, start, length)) {
      if (known.finding === null || isWarning(known.finding)) out.plain(known.value);
      return known.finding;
    }
    const before = out.length;
    const finding = encode(bytes, start, end, out);
    memory[slot] = {
      cell: Uint8Array.prototype.slice.call(bytes, start, end),
      value: Uint8Array.prototype.slice.call(out.bytes, before, out.length),
      finding,
    };
    return finding;
  };
}

function sameBytes(known: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  if (known.length !== length) return false;
  for (let i = 0; i < length; i++) if (known[i] !== bytes[start + i]) return false;
  return true;
}
