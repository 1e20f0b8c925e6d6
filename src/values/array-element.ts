/** An element on its way into an array of Postgres, within COPY's text (the manual, 8.15.2, and "COPY", Text Format). */
import type { CopyText } from "./copy-text.ts";

const quote = 0x22;
const backslash = 0x5c;

/** Appends a value that stands in COPY text, in quotes: its own escapes stay, but quotes and backslashes are also the array's to escape. */
export function writeElement(out: CopyText, { bytes: value, length }: CopyText, isFirst: boolean): void {
  out.reserve(3 * length + 4);
  const target = out.bytes;
  let at = out.length;
  target[at++] = isFirst ? 0x7b : 0x2c;
  target[at++] = quote;
  for (let i = 0; i < length; i++) {
    const byte = value[i];
    if (byte === quote) {
      target[at++] = backslash;
      target[at++] = backslash;
    } else if (byte === backslash) {
      const next = value[++i];
      target[at++] = backslash;
      if (next === backslash) {
        target[at++] = backslash;
        target[at++] = backslash;
      }
      target[at++] = next;
      continue;
    }
    target[at++] = byte;
  }
  target[at++] = quote;
  out.length = at;
}

/** Ends an array that has elements. */
export function endArray(out: CopyText): void {
  out.reserve(1);
  out.bytes[out.length++] = 0x7d;
}
