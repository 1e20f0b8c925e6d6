/**
 * The objects at the beginning of a JSON file, member by member, as far as that much of the file shows them: what kind of
 * value each member has, and how many there are in it.
 */
import {
  closeBrace,
  closeBracket,
  closingQuote,
  colon,
  comma,
  openBrace,
  openBracket,
  quote,
  skipSpace,
} from "./token.ts";
import { ValueEnd } from "./value-end.ts";

export interface Member {
  key: string;
  /** Where its value begins, and where it ends; -1: further on than what was looked at. */
  at: number;
  end: number;
  kind: "object" | "array" | "value" | "null";
}

/** Members that are examined: those of a table keyed by id are all alike. */
const maxMembers = 1000;
/** Elements of an array that are compared. */
const probed = 20;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The text of a value; of JSON that only other programs write (`NaN`), undefined. */
export function valueAt(text: Uint8Array, start: number, end: number): unknown {
  try {
    return JSON.parse(decoder.decode(text.subarray(start, end)));
  } catch {
    return undefined;
  }
}

/** The members of the object at `at`, the first of them unless `most` says otherwise; `last`: nothing comes after the text. */
export function membersOf(text: Uint8Array, at: number, last: boolean, most = maxMembers): Member[] {
  const ends = new ValueEnd();
  const members: Member[] = [];
  let i = skipSpace(text, at + 1, text.length);
  while (text[i] === quote && members.length < most) {
    const closing = closingQuote(text, i, text.length);
    if (closing < 0) break;
    const key = valueAt(text, i, closing + 1);
    i = skipSpace(text, closing + 1, text.length);
    if (text[i] !== colon) break;
    i = skipSpace(text, i + 1, text.length);
    if (i >= text.length) break;
    const end = Math.max(-1, ends.find(text, i, text.length, last));
    members.push({ key: typeof key === "string" ? key : "", at: i, end, kind: kindAt(text, i) });
    if (end < 0) break;
    i = skipSpace(text, end, text.length);
    if (text[i] !== comma) break;
    i = skipSpace(text, i + 1, text.length);
  }
  return members;
}

function kindAt(text: Uint8Array, at: number): Member["kind"] {
  if (text[at] === openBrace) return "object";
  if (text[at] === openBracket) return "array";
  return text[at] === 0x6e ? "null" : "value";
}

/** Where the elements of the array at `at` begin and end; `most`: no more of them. */
export function* elementsOf(
  text: Uint8Array,
  at: number,
  last: boolean,
  most = Number.POSITIVE_INFINITY,
): Generator<{ start: number; end: number }> {
  const ends = new ValueEnd();
  let i = skipSpace(text, at + 1, text.length);
  for (let count = 0; i < text.length && text[i] !== closeBracket && text[i] !== closeBrace && count < most; count++) {
    const end = ends.find(text, i, text.length, last);
    if (end < 0) return;
    yield { start: i, end };
    i = skipSpace(text, end, text.length);
    if (text[i] !== comma) return;
    i = skipSpace(text, i + 1, text.length);
  }
}

/** The values of the array at `at` that is a list of names: texts, or objects that have a name (`{"name": "city"}`). */
export function namesAt(text: Uint8Array, { at, end }: Member): string[] | null {
  const list = end < 0 ? undefined : valueAt(text, at, end);
  if (!Array.isArray(list) || list.length === 0) return null;
  const names = list.map(nameOf);
  return names.every((name) => name !== undefined) ? (names as string[]) : null;
}

/** What describes a column has its name in one of these. */
const nameMembers = ["name", "label", "title", "displayName", "fieldName", "field", "header", "key", "id"];

function nameOf(value: unknown): string | undefined {
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const has = nameMembers.find((each) => Object.hasOwn(value, each) && typeof Object(value)[each] === "string");
  return has === undefined ? undefined : Object(value)[has];
}

/** What the elements of an array are: the kinds of the first ones, and how many each of those that are arrays has. */
export function probeArray(
  text: Uint8Array,
  at: number,
  last: boolean,
): { kinds: Set<Member["kind"]>; widths: Set<number> } {
  const kinds = new Set<Member["kind"]>();
  const widths = new Set<number>();
  for (const { start } of elementsOf(text, at, last, probed)) {
    const kind = kindAt(text, start);
    kinds.add(kind);
    if (kind === "array") widths.add([...elementsOf(text, start, last)].length);
  }
  return { kinds, widths };
}
