/**
 * Reads cells that are JSON (RFC 8259): objects and arrays that jsonb takes, their members by the field's shape. The text goes over as
 * it stands, so that no digit of a number is lost.
 */
import { kindOf } from "../core/field.ts";
import type { JsonField } from "../core/fields/json.ts";
import { CopyText } from "./copy-text.ts";
import { decodeStrictly, type Encode, type Finding, isDigit, isWarning } from "./encode.ts";
import { blankWord } from "./encode-bare.ts";
import { withPart } from "./encode-list.ts";
import { encodingInvalid, nulCharacter } from "./encode-text.ts";
import { isNested, jsonCell, parseJson } from "./json-cell.ts";
import type { EncoderOptions, EncodersOf, FieldReader } from "./read-field.ts";

const jsonInvalid: Finding = { code: "json_invalid" };
/** Nobody nests deeper by hand, and a reader of the database may recurse. */
const maxDepth = 100;
const tooDeep: Finding = { code: "json_too_deep", params: { max: maxDepth } };
/** Every other reader of numbers ends before. */
const maxExponent = 1000;
/** Digits before the point and behind it, at which Postgres's numeric ends (the manual, 8.1.2). */
const mostWhole = 131_072;
const mostFraction = 16_383;

export const jsonReader = (encodersOf: EncodersOf) =>
  ({ encoder: (field, options) => jsonEncoder(field, options, encodersOf) }) as const satisfies FieldReader<JsonField>;

function jsonEncoder(field: JsonField, options: EncoderOptions, encodersOf: EncodersOf): Encode {
  const plain = { ...options, transform: {}, column: {}, isKey: false };
  const members = Object.entries(field.shape).map(([name, member]) => {
    const { encode, encodeTyped } = encodersOf(name, member, plain);
    return { name, member, encode, encodeTyped };
  });
  return (bytes, start, end, out) => {
    const text = decodeStrictly(bytes, start, end);
    if (text === null) return encodingInvalid;
    const finding = unstorable(text);
    if (finding !== null) return finding;
    let parsed: unknown;
    try {
      parsed = members.length === 0 ? JSON.parse(text) : parseJson(text);
    } catch {
      return jsonInvalid;
    }
    if (!isNested(parsed)) return jsonInvalid;
    if (members.length === 0 || Array.isArray(parsed)) {
      out.text(text);
      return null;
    }
    let warning: Finding | null = null;
    const read: string[] = [];
    for (const { name, member, encode, encodeTyped } of members) {
      const value: unknown = Object.hasOwn(parsed, name) ? (parsed as Record<string, unknown>)[name] : null;
      const { text: written, isTyped } = jsonCell(value);
      const cell = Buffer.from(written.trim());
      if (cell.length === 0) continue;
      scratch.length = 0;
      const found = (isTyped ? encodeTyped : encode)(cell, 0, cell.length, scratch);
      if (found !== null) {
        // Over the word that stands for it.
        if (found === blankWord) read.push(`${JSON.stringify(name)}:null`);
        const named = withPart(found, cell, 0, cell.length, `${name}: `);
        if (!isWarning(found)) return named;
        warning ??= named;
      }
      if (scratch.length > 0)
        read.push(jsonMember(name, kindOf(member).json?.(scratch.read(0, scratch.length), member), scratch));
    }
    out.text(joinedObject(text, read));
    return warning;
  };
}

/** A member's COPY text. */
const scratch = new CopyText(4096);

/** `"name":value`; what a kind does not put otherwise is a string. */
export function jsonMember(name: string, value: string | undefined, text: CopyText): string {
  return `${JSON.stringify(name)}:${value ?? JSON.stringify(text.read(0, text.length))}`;
}

/** An object with members behind its own: of two that are called the same, jsonb keeps the later one. */
export function joinedObject(object: string, members: readonly string[]): string {
  if (members.length === 0) return object;
  const inner = object.slice(0, object.lastIndexOf("}")).trimEnd();
  return `${inner}${inner.endsWith("{") ? "" : ","}${members.join(",")}}`;
}

/** What jsonb does not take of a text that is JSON otherwise: depth, `\u0000`, half a surrogate pair, a number beyond numeric's end. */
function unstorable(text: string): Finding | null {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === "{" || char === "[") {
      if (++depth > maxDepth) return tooDeep;
    } else if (char === "}" || char === "]") depth--;
    else if (char === '"') {
      const end = stringEnd(text, i);
      if (typeof end !== "number") return end;
      i = end;
    } else if (isDigit(text.charCodeAt(i))) {
      const from = i;
      while (isDigit(text.charCodeAt(i + 1)) || text[i + 1] === ".") i++;
      if (i - from > mostFraction - maxExponent && isBeyondNumeric(text, from)) return jsonInvalid;
    } else if ((char === "e" || char === "E") && i > 0 && isDigit(text.charCodeAt(i - 1))) {
      let at = i + 1;
      if (text[at] === "+" || text[at] === "-") at++;
      const from = at;
      while (isDigit(text.charCodeAt(at))) at++;
      if (Number(text.slice(from, Math.min(at, from + 20))) > maxExponent || at - from > 20) return jsonInvalid;
      i = at - 1;
    }
  }
  return null;
}

const number = /(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?/y;

function isBeyondNumeric(text: string, at: number): boolean {
  number.lastIndex = at;
  const [, whole = "", fraction = "", exponent = "0"] = number.exec(text) ?? [];
  const power = Number(exponent);
  return whole.length + power > mostWhole || fraction.length - power > mostFraction;
}

/** Where a string ends, or what is wrong with it. One that does not end is no JSON. */
function stringEnd(text: string, start: number): number | Finding {
  let high = false;
  for (let i = start + 1; i < text.length; i++) {
    const char = text[i];
    if (char === "\\" && text[i + 1] === "u") {
      const code = Number.parseInt(text.slice(i + 2, i + 6), 16);
      if (code === 0) return nulCharacter;
      const isLow = code >= 0xdc00 && code <= 0xdfff;
      if (isLow !== high) return encodingInvalid;
      high = code >= 0xd800 && code <= 0xdbff;
      i += 5;
      continue;
    }
    if (high) return encodingInvalid;
    if (char === '"') return i;
    if (char === "\\") i++;
  }
  return jsonInvalid;
}
