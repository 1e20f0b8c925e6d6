/** A file's bytes from its beginning to its end, piece by piece. */
import type { Source } from "./ports.ts";

/** Each piece is a new buffer: whoever gets it may still hold it when the next is read. */
export async function* piecesOf(source: Pick<Source, "read">, pieceBytes: number): AsyncGenerator<Uint8Array> {
  for (let offset = 0; ; ) {
    const piece = new Uint8Array(pieceBytes);
    const length = await source.read(piece, offset);
    if (length === 0) return;
    offset += length;
    yield piece.subarray(0, length);
  }
}
