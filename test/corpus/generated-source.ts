/** Files that are made while they are read, as large as they like, without memory. */
import type { Source } from "../../src/ports.ts";

/** `parts`, one after another, each a piece of text that is repeated. */
export function generatedSource(name: string, parts: readonly (readonly [text: string, times: number])[]): Source {
  const pieces = parts.map(([text, times]) => {
    const period = Buffer.byteLength(text);
    return { period, bytes: Buffer.from(text.repeat(Math.ceil(65_536 / period))), length: period * times };
  });
  return {
    name,
    sizeBytes: pieces.reduce((sum, { length }) => sum + length, 0),
    async read(into, offset) {
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
    },
    close: async () => {},
  };
}
