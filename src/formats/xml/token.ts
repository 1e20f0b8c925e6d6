/**
 * One tag, comment, CDATA section or instruction of XML (XML 1.0, sections 2.5 to 3.1), as places in a byte buffer.
 */

export const tokenStart = 1;
export const tokenEnd = 2;
/** A comment, a CDATA section or a processing instruction. */
export const tokenOther = 3;
/** A document type declaration: workbooks have none (ECMA-376 part 2, section 9.1.1), and entities would come with it. */
export const tokenDoctype = 4;

const equals = 0x3d;
const slash = 0x2f;
const greater = 0x3e;
const colon = 0x3a;

export class XmlToken {
  kind = 0;
  /** Behind the token. */
  next = 0;
  /** An element without content (`<a/>`). */
  empty = false;
  /** The name without its prefix. */
  nameStart = 0;
  nameEnd = 0;
  /** The value that `attribute` found. */
  valueStart = 0;
  valueEnd = 0;
  /** What would end the token that `read` found to extend beyond `end`; empty: the end of a tag. */
  unclosed = "";
  #bytes: Buffer = Buffer.alloc(0);
  #tagEnd = 0;

  /** The token at the `<` at `at`; false: it extends beyond `end`. */
  read(bytes: Buffer, at: number, end: number): boolean {
    this.#bytes = bytes;
    this.unclosed = "";
    const second = at + 1 < end ? bytes[at + 1] : 0;
    if (second === 0x21) return this.#readDeclaration(bytes, at, end);
    if (second === 0x3f) return this.#readUntil("?>", at + 2, end);
    const closing = second === slash;
    let i = closing ? at + 2 : at + 1;
    this.nameStart = i;
    for (; i < end; i++) {
      const byte = bytes[i];
      if (byte === colon) this.nameStart = i + 1;
      else if (byte === greater || byte === slash || byte <= 0x20) break;
    }
    this.nameEnd = i;
    for (; i < end && bytes[i] !== greater; i++) {
      const byte = bytes[i];
      if (byte !== 0x22 && byte !== 0x27) continue;
      i = bytes.indexOf(byte, i + 1);
      if (i < 0 || i >= end) return false;
    }
    if (i >= end) return false;
    this.kind = closing ? tokenEnd : tokenStart;
    this.empty = !closing && bytes[i - 1] === slash;
    this.#tagEnd = i;
    this.next = i + 1;
    return true;
  }

  #readDeclaration(bytes: Buffer, at: number, end: number): boolean {
    const length = Math.min(9, end - at);
    const start = bytes.toString("latin1", at, at + length);
    if (start.startsWith("<!--")) return this.#readUntil("-->", at + 4, end);
    if (start === "<![CDATA[") return this.#readUntil("]]>", at + 9, end);
    if ("<!--".startsWith(start) || "<![CDATA[".startsWith(start)) return false;
    this.kind = tokenDoctype;
    this.next = at + 2;
    return true;
  }

  #readUntil(mark: string, from: number, end: number): boolean {
    const found = bytesIndexOf(this.#bytes, mark, from, end);
    if (found < 0) {
      this.unclosed = mark;
      return false;
    }
    this.kind = tokenOther;
    this.next = found + mark.length;
    return true;
  }

  /** Whether the tag has this name, whatever its prefix. */
  is(name: string): boolean {
    if (this.nameEnd - this.nameStart !== name.length) return false;
    for (let i = 0; i < name.length; i++) if (this.#bytes[this.nameStart + i] !== name.charCodeAt(i)) return false;
    return true;
  }

  /** Finds an attribute of the tag by its whole name; its value is then between `valueStart` and `valueEnd`. */
  attribute(name: string): boolean {
    const bytes = this.#bytes;
    const end = this.#tagEnd;
    let i = this.nameEnd;
    while (i < end) {
      while (i < end && (bytes[i] <= 0x20 || bytes[i] === slash)) i++;
      const nameStart = i;
      while (i < end && bytes[i] > 0x20 && bytes[i] !== equals) i++;
      const nameEnd = i;
      while (i < end && bytes[i] !== equals) i++;
      for (i++; i < end && bytes[i] <= 0x20; ) i++;
      const quote = bytes[i];
      if (i >= end || (quote !== 0x22 && quote !== 0x27)) return false;
      const valueStart = i + 1;
      const valueEnd = bytes.indexOf(quote, valueStart);
      if (valueEnd < 0 || valueEnd > end) return false;
      if (nameEnd - nameStart === name.length) {
        let k = 0;
        while (k < name.length && bytes[nameStart + k] === name.charCodeAt(k)) k++;
        if (k === name.length) {
          this.valueStart = valueStart;
          this.valueEnd = valueEnd;
          return true;
        }
      }
      i = valueEnd + 1;
    }
    return false;
  }

  /** An attribute's value as written; null: there is none. */
  attributeText(name: string): string | null {
    return this.attribute(name) ? this.#bytes.toString("latin1", this.valueStart, this.valueEnd) : null;
  }

  /** The whole number an attribute gives; -1: there is none, or it is not one. */
  attributeNumber(name: string): number {
    if (!this.attribute(name) || this.valueEnd === this.valueStart) return -1;
    let value = 0;
    for (let i = this.valueStart; i < this.valueEnd; i++) {
      const digit = this.#bytes[i] - 0x30;
      if (digit < 0 || digit > 9 || value > 1e14) return -1;
      value = 10 * value + digit;
    }
    return value;
  }

  /** Whether an attribute says yes (XML Schema part 2, section 3.2.2). */
  attributeIsTrue(name: string): boolean {
    const text = this.attributeText(name);
    return text === "1" || text === "true";
  }

  /** Skips the element whose start tag ends at `i`; returns the place after its end tag, -1: it is beyond `end`. */
  skipElement(bytes: Buffer, i: number, end: number): number {
    for (let depth = 1; depth > 0; ) {
      const at = bytes.indexOf(0x3c, i);
      if (at < 0 || at >= end || !this.read(bytes, at, end)) return -1;
      if (this.kind === tokenStart && !this.empty) depth++;
      else if (this.kind === tokenEnd) depth--;
      i = this.next;
    }
    return i;
  }
}

/** Where a complete mark is between `from` and `end`, else -1. */
export function bytesIndexOf(bytes: Buffer, mark: string, from: number, end: number): number {
  const found = bytes.indexOf(mark, from, "latin1");
  return found < 0 || found + mark.length > end ? -1 : found;
}
