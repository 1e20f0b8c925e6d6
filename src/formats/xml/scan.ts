/**
 * A pull parser (XML 1.0) for small parts that are held whole: elements by their local names whatever the prefix, text
 * with its entities resolved. What could reach out of the part or grow without bound, a document type, is refused.
 */
import { SluiceError, type Telling, told } from "../../core/errors.ts";
import { xmlTextOf } from "./encoding.ts";
import { decodeEntities } from "./entities.ts";

/** What comes next in a part. */
export const xmlEnd = 0;
export const xmlStart = 1;
export const xmlText = 2;
/** An end tag; an empty element (`<a/>`) has one too. */
export const xmlClose = 3;

/** Office programs stay under 20; what goes deeper is made to fill memory. */
const maxDepth = 256;

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
const attributePattern = /\s+([^\s=<>"'/]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;

/**
 * @param what the part and its file, for messages: `people.xlsx (xl/workbook.xml)`.
 * @throws SluiceError `invalid` from here or from `next`: no XML, not well-formed, a document type, another encoding.
 *
 * @example
 * const xml = scanXml(bytes, "people.xlsx (xl/workbook.xml)");
 * for (let next = xml.next(); next !== xmlEnd; next = xml.next()) {
 *   if (next === xmlStart && xml.name === "sheet") names.push(xml.attribute("name"));
 * }
 */
export function scanXml(part: Uint8Array | string, what: string): XmlScanner {
  return new XmlScanner(typeof part === "string" ? part : xmlTextOf(part, what), what);
}

/** One pass over a part; see `scanXml`. */
export class XmlScanner {
  /** Local name of the element that starts or closes. */
  name = "";
  /** Of a text: entities resolved, line ends as `\n`. Text around a comment or CDATA comes in several runs. */
  text = "";
  readonly #xml: string;
  readonly #what: string;
  #at = 0;
  /** Names of the open elements, as written. */
  readonly #open: string[] = [];
  #rooted = false;
  /** The element that starts is empty: its close comes next. */
  #closing = false;
  /** Where the attributes of the starting element are. */
  #attributesStart = 0;
  #attributesEnd = 0;
  #attributes: Map<string, string> | null = null;

  constructor(xml: string, what: string) {
    this.#xml = xml;
    this.#what = what;
  }

  /** Elements that are open: a start counts itself, a close does no longer. */
  get depth(): number {
    return this.#open.length;
  }

  /** Moves on: `xmlStart`, `xmlText` or `xmlClose`, and `xmlEnd` after the last. */
  next(): number {
    if (this.#closing) return this.#close();
    const xml = this.#xml;
    while (this.#at < xml.length) {
      if (xml.charCodeAt(this.#at) !== 0x3c) {
        if (this.#readText()) return xmlText;
        continue;
      }
      switch (xml.charCodeAt(this.#at + 1)) {
        case 0x3f: // ?
          this.#pass("?>", 2);
          continue;
        case 0x21: // !
          if (this.#readDeclaration()) return xmlText;
          continue;
        case 0x2f: // /
          return this.#readEndTag();
        default:
          return this.#readStartTag();
      }
    }
    if (this.#open.length > 0 || !this.#rooted) throw this.#wrong(told`it ends too early`);
    return xmlEnd;
  }

  /** Value of an attribute of the element that starts, by local name (one without a prefix first); null: it has none. */
  attribute(localName: string): string | null {
    return this.attributes.get(localName) ?? null;
  }

  /** Attributes of the element that starts: by local name, and those with a prefix also by `prefix:name`. */
  get attributes(): ReadonlyMap<string, string> {
    this.#attributes ??= this.#readAttributes();
    return this.#attributes;
  }

  /** Passes over everything inside the element that has just started, its close included. */
  skip(): void {
    const depth = this.#open.length;
    while (this.next() !== xmlClose || this.#open.length >= depth);
  }

  /** All text inside the element that has just started; passes its close. */
  textInside(): string {
    const depth = this.#open.length;
    let text = "";
    for (let next = this.next(); next !== xmlClose || this.#open.length >= depth; next = this.next()) {
      if (next === xmlText) text += this.text;
    }
    return text;
  }

  #readText(): boolean {
    const xml = this.#xml;
    let end = xml.indexOf("<", this.#at);
    if (end < 0) end = xml.length;
    const raw = xml.slice(this.#at, end);
    if (this.#open.length === 0) {
      if (raw.trim() !== "" && raw.trim() !== "\ufeff") throw this.#wrong(told`there is text outside its root element`);
      this.#at = end;
      return false;
    }
    this.text = this.#decode(plainLineEnds(raw));
    this.#at = end;
    return true;
  }

  /** A comment or a CDATA section; true when there is text. */
  #readDeclaration(): boolean {
    const xml = this.#xml;
    if (xml.startsWith("<!--", this.#at)) {
      this.#pass("-->", 4);
      return false;
    }
    if (xml.startsWith("<![CDATA[", this.#at) && this.#open.length > 0) {
      const start = this.#at + 9;
      this.#pass("]]>", 9);
      this.text = plainLineEnds(xml.slice(start, this.#at - 3));
      return this.text !== "";
    }
    if (xml.startsWith("<!DOCTYPE", this.#at)) {
      throw new SluiceError(
        "invalid",
        told`${this.#what} has a document type, which could pull in other files or grow without limit, so it was not read. No spreadsheet program writes one: open the file in one and save it again.`,
      );
    }
    throw this.#wrong(told`a declaration is where none is allowed`);
  }

  #pass(ending: string, openingLength: number): void {
    const end = this.#xml.indexOf(ending, this.#at + openingLength);
    if (end < 0) throw this.#wrong(told`${ending} is missing`);
    this.#at = end + ending.length;
  }

  #readStartTag(): number {
    const xml = this.#xml;
    if (this.#open.length === 0 && this.#rooted) throw this.#wrong(told`it has a second root element`);
    const nameStart = this.#at + 1;
    let at = nameStart;
    for (let code = xml.charCodeAt(at); !isSpace(code) && code !== 0x3e && code !== 0x2f; code = xml.charCodeAt(++at)) {
      // NaN: the end.
      if (!(code > 0x20) || code === 0x3c || code === 0x22 || code === 0x27 || code === 0x3d) {
        throw this.#wrong(told`a tag is malformed`);
      }
    }
    if (at === nameStart) throw this.#wrong(told`a tag has no name`);
    const nameEnd = at;
    // The tag ends at the first > outside of quotes.
    for (;;) {
      const code = xml.charCodeAt(at);
      if (code === 0x3e) break;
      if (code === 0x22 || code === 0x27) {
        at = xml.indexOf(xml[at], at + 1);
        if (at < 0) throw this.#wrong(told`a quote is missing`);
      } else if (Number.isNaN(code) || code === 0x3c) {
        throw this.#wrong(told`a tag has no end`);
      }
      at++;
    }
    const isEmpty = xml.charCodeAt(at - 1) === 0x2f;
    const written = xml.slice(nameStart, nameEnd);
    this.#attributesStart = nameEnd;
    this.#attributesEnd = isEmpty ? at - 1 : at;
    this.#attributes = null;
    if (this.#open.push(written) > maxDepth)
      throw this.#wrong(told`elements are nested more than ${maxDepth} levels deep`);
    this.name = localName(written);
    this.#rooted = true;
    this.#closing = isEmpty;
    this.#at = at + 1;
    return xmlStart;
  }

  #readEndTag(): number {
    const end = this.#xml.indexOf(">", this.#at);
    const written = this.#xml.slice(this.#at + 2, end).trimEnd();
    if (end < 0 || written !== this.#open.at(-1)) throw this.#wrong(told`an element is not closed where it should be`);
    this.#at = end + 1;
    return this.#close();
  }

  #close(): number {
    this.name = localName(this.#open.pop() as string);
    this.#closing = false;
    this.#attributesEnd = this.#attributesStart;
    this.#attributes = null;
    return xmlClose;
  }

  #readAttributes(): Map<string, string> {
    const attributes = new Map<string, string>();
    const prefixed: [string, string][] = [];
    let at = this.#attributesStart;
    while (at < this.#attributesEnd) {
      attributePattern.lastIndex = at;
      const match = attributePattern.exec(this.#xml);
      if (match === null || attributePattern.lastIndex > this.#attributesEnd) {
        if (this.#xml.slice(at, this.#attributesEnd).trim() === "") break;
        throw this.#wrong(told`an attribute is malformed`);
      }
      at = attributePattern.lastIndex;
      const name = match[1];
      if (attributes.has(name)) throw this.#wrong(told`${name} appears twice`);
      // Line ends and tabs in a value are spaces (XML 1.0, 3.3.3).
      const value = this.#decode((match[2] ?? match[3]).replace(/\r\n|[\r\n\t]/g, " "));
      attributes.set(name, value);
      if (name.includes(":") && !name.startsWith("xmlns:")) prefixed.push([localName(name), value]);
    }
    for (const [name, value] of prefixed) if (!attributes.has(name)) attributes.set(name, value);
    return attributes;
  }

  #decode(raw: string): string {
    const text = decodeEntities(raw);
    if (text === null) throw this.#wrong(told`it refers to an entity or character that does not exist`);
    return text;
  }

  #wrong(what: Telling): SluiceError {
    return new SluiceError(
      "invalid",
      told`${this.#what} is damaged: ${what} (near character ${this.#at + 1}). Open the file in a spreadsheet program and save it again.`,
    );
  }
}

function localName(written: string): string {
  const colon = written.indexOf(":");
  return colon < 0 ? written : written.slice(colon + 1);
}

/** XML 1.0, section 2.11. */
function plainLineEnds(text: string): string {
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}
