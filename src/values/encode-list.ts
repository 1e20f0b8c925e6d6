/**
 * Reads cells of several values: each part by the element's own encoder, from bytes to the bytes of an array of Postgres in COPY's
 * text. A JSON array, as JSON files and some exports have it, is a list as well.
 */
import type { Field } from "../core/field.ts";
import { arrayParts, arrayText } from "../core/fields/array-text.ts";
import { type ListField, separatorsOf } from "../core/fields/list.ts";
import type { Transform } from "../core/import.ts";
import { storableText } from "../core/storable.ts";
import { endArray, writeElement } from "./array-element.ts";
import { CopyText } from "./copy-text.ts";
import { decodeCell, type Encode, type Finding, isWarning } from "./encode.ts";
import { isNested, jsonCell, parseJson } from "./json-cell.ts";
import type { EncoderOptions, EncodersOf, FieldReader } from "./read-field.ts";
import { type Split, splitterOf } from "./split-cell.ts";

/** What separates a cell's values where neither the field nor the column's cells say: marks that hardly stand within a value. */
export const usualSeparators: readonly string[] = [";", "|", "\n"];

/** Characters of a bad part that its issue names. */
const maxNamed = 60;

/** The texts that separate the values in a column's cells. */
export function separatorsFor(field: ListField, { transform }: Pick<EncoderOptions, "transform">): readonly string[] {
  return transform.separator === undefined ? (separatorsOf(field) ?? usualSeparators) : [transform.separator];
}

export const listReader = (
  encodersOf: EncodersOf,
  writtenText: (field: Field, stored: string) => string,
  shownText: (field: Field, stored: string, transform: Transform) => string,
) =>
  ({
    encoder(field, options) {
      const { encode, encodeTyped } = encodersOf("element", field.element, options);
      return listEncoder(field, splitterOf(separatorsFor(field, options)), encode, encodeTyped);
    },
    // A cell that the file typed is one value.
    typed(field, _encode, options) {
      const { encodeTyped } = encodersOf("element", field.element, options);
      return listEncoder(
        field,
        (bytes, start, end, onPart) => void onPart(bytes, start, end),
        encodeTyped,
        encodeTyped,
      );
    },
    written: (field, stored) =>
      arrayText(storedParts(stored).map((part) => (part === null ? null : writtenText(field.element, part)))),
    shown: (field, stored, options) =>
      joined(
        storedParts(stored).map((part) => shownText(field.element, part ?? "", options.transform)),
        separatorsFor(field, options),
      ),
  }) as const satisfies FieldReader<ListField>;

const openBracket = 0x5b;
const closeBracket = 0x5d;

function listEncoder(field: ListField, split: Split, encode: Encode, encodeTyped: Encode): Encode {
  const tooLong: Finding = { code: "list_too_long", params: { max: field.max } };
  return (bytes, start, end, out) => {
    const elements = new ArrayWriter(out, field.max, tooLong);
    const json =
      bytes[start] === openBracket && bytes[end - 1] === closeBracket ? parsedArray(bytes, start, end) : null;
    if (json === null) split(bytes, start, end, (of, from, to) => elements.add(of, from, to, encode));
    else {
      for (const value of json) {
        const { text, isTyped } = jsonCell(value);
        const cell = isTyped ? Buffer.from(text, "latin1") : Buffer.from(text.trim());
        if (cell.length > 0 && !elements.add(cell, 0, cell.length, isTyped ? encodeTyped : encode)) break;
      }
    }
    return elements.end();
  };
}

/** The elements of a cell on their way into an array, each in quotes. */
class ArrayWriter {
  readonly #out: CopyText;
  readonly #max: number;
  readonly #tooLong: Finding;
  readonly #seen = new Set<string>();
  readonly #before: number;
  #finding: Finding | null = null;

  constructor(out: CopyText, max: number, tooLong: Finding) {
    this.#out = out;
    this.#max = max;
    this.#tooLong = tooLong;
    this.#before = out.length;
  }

  /** False: something is wrong, and no more parts are wanted. */
  add(bytes: Uint8Array, start: number, end: number, encode: Encode): boolean {
    scratch.length = 0;
    const finding = encode(bytes, start, end, scratch);
    if (finding !== null) {
      const named = withPart(finding, bytes, start, end);
      if (!isWarning(finding)) {
        this.#finding = named;
        return false;
      }
      this.#finding ??= named;
    }
    if (scratch.length === 0) return true;
    const value = scratch.bytes.toString("latin1", 0, scratch.length);
    if (this.#seen.has(value)) return true;
    this.#seen.add(value);
    if (this.#seen.size > this.#max) {
      this.#finding = this.#tooLong;
      return false;
    }
    writeElement(this.#out, scratch, this.#seen.size === 1);
    return true;
  }

  /** What is wrong with the cell. Without an element nothing was written: it is blank. */
  end(): Finding | null {
    const out = this.#out;
    if (this.#finding !== null && !isWarning(this.#finding)) {
      out.length = this.#before;
      return this.#finding;
    }
    if (this.#seen.size > 0) endArray(out);
    return this.#finding;
  }
}

/** An element's COPY text. No element is read while another is. */
const scratch = new CopyText(4096);

/** The same finding, which names the part that it is about. `before`: what the part is called. */
export function withPart(
  { code, params }: Finding,
  bytes: Uint8Array,
  start: number,
  end: number,
  before = "",
): Finding {
  // Of a long part the beginning; a character has four bytes at most.
  const text = decodeCell(bytes, start, Math.min(end, start + 4 * maxNamed));
  const chars = [...text];
  const part = storableText(before + (chars.length > maxNamed ? `${chars.slice(0, maxNamed).join("")}…` : text));
  return { code, params: { ...params, part } };
}

/** Null where the cell is no JSON array of plain values. */
function parsedArray(bytes: Uint8Array, start: number, end: number): unknown[] | null {
  let parsed: unknown;
  try {
    parsed = parseJson(decodeCell(bytes, start, end));
  } catch {
    return null;
  }
  return Array.isArray(parsed) && !parsed.some(isNested) ? parsed : null;
}

/** The elements of a list as the stage has it: in JSON, or as an array's text. */
export function storedParts(stored: string): (string | null)[] {
  if (stored.startsWith("{")) return arrayParts(stored);
  const parsed: unknown = stored.startsWith("[") ? parseJson(stored) : [];
  return Array.isArray(parsed) ? parsed.map((each) => (each === null ? null : jsonCell(each).text)) : [];
}

/** A list as a cell has it, which is read as the same list. */
function joined(parts: readonly string[], marks: readonly string[]): string {
  const [mark = ";"] = marks;
  const marked = (part: string): string =>
    marks.some((each) => part.includes(each.trim() || each)) || /^["[]/.test(part)
      ? `"${part.replaceAll('"', '""')}"`
      : part;
  const between = /\s$/.test(mark) ? mark : `${mark} `;
  return parts.map(marked).join(between);
}
