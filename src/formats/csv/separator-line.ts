/**
 * Excel's own first line, `sep=;`: it names the delimiter and is not a row, though it counts as row 1.
 */

/** The longest such line, quoted, with its line ending. */
export const separatorLineBytes = 9;

const pattern = /^(?:sep=([^\r\n"])|"sep=([^\r\n"])")(\r\n|\r|\n|$)/i;

/** The separator line that a text begins with, of which `head` holds at least `separatorLineBytes` or all. */
export function separatorLine(head: Uint8Array): { delimiter: string; sizeBytes: number } | null {
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, separatorLineBytes)).toString("latin1");
  const match = pattern.exec(start);
  if (match === null) return null;
  const delimiter = match[1] ?? match[2];
  return delimiter >= "\x7f" ? null : { delimiter, sizeBytes: match[0].length };
}
