/** Files that rest in memory, or are made up while they are read, as Sources. */
import type { Source } from "../src/core/ports.ts";

export interface CountingSource extends Source {
  /** Bytes handed out so far. */
  bytesRead: number;
  /** The longest read that was asked for. */
  longestRead: number;
}

/** `cut`: no read goes past a multiple of it, and `splitAt`: none goes past this offset. */
export function memorySource(
  name: string,
  content: string | Uint8Array,
  { cut, splitAt }: { cut?: number; splitAt?: number } = {},
): CountingSource {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return countingSource(name, bytes.length, (into, offset) => {
    let length = Math.max(0, Math.min(into.length, bytes.length - offset));
    if (cut !== undefined) length = Math.min(length, cut - (offset % cut));
    if (splitAt !== undefined && offset < splitAt) length = Math.min(length, splitAt - offset);
    into.set(bytes.subarray(offset, offset + length));
    return length;
  });
}

/** A file made of `parts`, each a piece of text repeated: as large as it likes, without memory. */
export function generatedSource(
  name: string,
  parts: readonly (readonly [text: string, times: number])[],
): CountingSource {
  const pieces = parts.map(([text, times]) => {
    const period = Buffer.byteLength(text);
    return { period, bytes: Buffer.from(text.repeat(Math.ceil(65_536 / period))), length: period * times };
  });
  const sizeBytes = pieces.reduce((sum, { length }) => sum + length, 0);
  return countingSource(name, sizeBytes, (into, offset) => {
    let done = 0;
    let start = 0;
    for (const { bytes, period, length } of pieces) {
      const from = offset + done - start;
      if (from >= 0 && from < length && done < into.length) {
        const count = Math.min(into.length - done, length - from);
        for (let k = 0; k < count; ) {
          const at = (from + k) % period;
          k += bytes.copy(into, done + k, at, Math.min(bytes.length, at + count - k));
        }
        done += count;
      }
      start += length;
    }
    return done;
  });
}

function countingSource(
  name: string,
  sizeBytes: number,
  read: (into: Uint8Array, offset: number) => number,
): CountingSource {
  return {
    name,
    sizeBytes,
    bytesRead: 0,
    longestRead: 0,
    async read(into, offset) {
      const length = read(into, offset);
      this.bytesRead += length;
      this.longestRead = Math.max(this.longestRead, into.length);
      return length;
    },
    close: async () => {},
  };
}
