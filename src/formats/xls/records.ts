/**
 * Whether an XLS workbook is all there. Its stream is records ([MS-XLS] 2.1.4: two bytes of type, two of length, the data) in
 * substreams that begin with BOF and end with EOF; a reader that takes what it finds would lose the rest silently.
 */
import { type Telling, told } from "../../core/errors.ts";

const bofTypes = new Set([0x0009, 0x0209, 0x0409, 0x0809]);
const eof = 0x000a;
const boundSheet = 0x0085;
const filePass = 0x002f;

/** What is wrong with the stream, as the end of a sentence; null: nothing. `encrypted`: a password is asked for. */
export function problemIn(stream: Uint8Array): Telling | "encrypted" | null {
  const bytes = Buffer.from(stream.buffer, stream.byteOffset, stream.length);
  const begun = new Set<number>();
  const sheets: number[] = [];
  let depth = 0;
  let ended = false;
  let at = 0;
  while (at + 4 <= bytes.length) {
    const type = bytes.readUInt16LE(at);
    const length = bytes.readUInt16LE(at + 2);
    if (bofTypes.has(type)) {
      if (depth === 0) begun.add(at);
      depth++;
    } else if (depth === 0) {
      // What fills the last sector, or a stream that a macro's remains follow.
      if (ended) break;
      return told`does not start the way a workbook does`;
    }
    if (at + 4 + length > bytes.length) return told`ends abruptly at byte ${at} of its workbook`;
    // The place of a sheet's substream (2.4.28), which is never encrypted (2.2.10).
    if (type === boundSheet && length >= 4) sheets.push(bytes.readUInt32LE(at + 4));
    if (type === filePass) return "encrypted";
    if (type === eof) {
      depth--;
      ended = depth === 0;
    }
    at += 4 + length;
  }
  if (depth > 0 || !ended) return told`ends abruptly`;
  return sheets.some((place) => !begun.has(place)) ? told`is missing one of its sheets` : null;
}
