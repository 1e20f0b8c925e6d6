/**
 * A file read by ranges, each of which is a request: in blocks that grow while it is read in sequence, the next one asked for while
 * the last is worked on. Memory is bounded by the blocks that are kept.
 */
import type { Source } from "../core/ports.ts";

/** Of a look here and there: a zip's directory, a sample. */
const firstBytes = 256 * 1024;
/** At 40 ms per request, 100 MB/s. */
const mostBytes = 4 * 1024 * 1024;
/** Blocks kept, as readers go back a little. */
const keptBlocks = 4;

interface Block {
  from: number;
  /** Exclusive. */
  to: number;
  bytes: Promise<Uint8Array>;
}

/** @param get exactly the bytes from one place to before another. */
export function rangedSource(
  { name, sizeBytes }: { name: string; sizeBytes: number },
  get: (from: number, to: number, signal: AbortSignal) => Promise<Uint8Array>,
): Source {
  const closing = new AbortController();
  /** The last one used is the last. */
  let blocks: Block[] = [];
  /** Where the block that was asked for last ends, and how many came in sequence before it. */
  let endsAt = 0;
  let inSequence = 0;
  let blockBytes = firstBytes;

  const drop = (block: Block): void => {
    blocks = blocks.filter((each) => each !== block);
  };
  const ask = (from: number, atLeastBytes: number): Block => {
    const goesOn = from === endsAt && from > 0;
    inSequence = goesOn ? inSequence + 1 : 0;
    blockBytes = goesOn ? Math.min(2 * blockBytes, mostBytes) : firstBytes;
    const to = Math.min(from + Math.max(blockBytes, Math.min(atLeastBytes, mostBytes)), sizeBytes);
    endsAt = to;
    const block = { from, to, bytes: get(from, to, closing.signal) };
    // Its reader is told; the next one asks again.
    block.bytes.catch(() => drop(block));
    blocks.push(block);
    if (blocks.length > keptBlocks) blocks.shift();
    return block;
  };
  const blockAt = (place: number, atLeastBytes: number): Block => {
    const found = blocks.find(({ from, to }) => from <= place && place < to);
    if (found === undefined) return ask(place, atLeastBytes);
    drop(found);
    blocks.push(found);
    return found;
  };

  return {
    name,
    sizeBytes,
    async read(into, offset) {
      let done = 0;
      while (done < into.length && offset + done < sizeBytes) {
        const place = offset + done;
        const block = blockAt(place, into.length - done);
        if (inSequence > 0 && block.to === endsAt && endsAt < sizeBytes) ask(endsAt, 0);
        const bytes = await block.bytes;
        const piece = bytes.subarray(place - block.from, place - block.from + into.length - done);
        into.set(piece, done);
        done += piece.length;
      }
      return done;
    },
    async close() {
      closing.abort();
      blocks = [];
    },
  };
}
