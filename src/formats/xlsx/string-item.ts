/**
 * The text of a string item (ECMA-376 part 1, section 18.4.8, CT_Rst: `si` of the shared strings, `is` of a cell): plain or in
 * runs, which are joined; phonetic hints are not text.
 */
import { CharacterData } from "../xml/character-data.ts";
import { tokenEnd, tokenStart, XmlToken } from "../xml/token.ts";

export class StringItem {
  readonly text = new CharacterData();
  readonly #token = new XmlToken();

  /** Appends the text of the item whose start tag ends at `i`; returns the place after its end tag, -1: it is beyond `end`. */
  read(bytes: Buffer, i: number, end: number): number {
    const token = this.#token;
    for (let depth = 0; ; ) {
      const at = bytes.indexOf(0x3c, i);
      if (at < 0 || at >= end || !token.read(bytes, at, end)) return -1;
      i = token.next;
      if (token.kind === tokenEnd) {
        if (depth-- === 0) return i;
      } else if (token.kind === tokenStart && !token.empty) {
        if (token.is("r")) {
          depth++;
        } else if (token.is("t")) {
          i = this.readText(bytes, i, end);
          if (i < 0) return -1;
        } else {
          i = token.skipElement(bytes, i, end);
          if (i < 0) return -1;
        }
      }
    }
  }

  /** Appends the text of the element (`t`, `v`) whose start tag ends at `i`; returns the place after its end tag, or -1. */
  readText(bytes: Buffer, i: number, end: number): number {
    const token = this.#token;
    const from = this.text.length;
    for (;;) {
      const at = this.text.append(bytes, i, end);
      if (at < 0 || !token.read(bytes, at, end)) return -1;
      i = token.next;
      if (token.kind === tokenEnd) break;
      if (token.kind === tokenStart && !token.empty) i = token.skipElement(bytes, i, end);
      if (i < 0) return -1;
    }
    this.text.unescape(from);
    return i;
  }
}
