/**
 * A regular expression taken apart (ECMA-262, section 22.2.1, with annex B.1.2), as far as a match of the whole text needs it:
 * which characters follow one another. What a single character may be is left to the engine's own RegExp.
 */

export type Node =
  /** One character, as `[a-z]`, `\d` or `.`, with the flags that apply. */
  | { kind: "character"; source: string; flags: string }
  /** `^`, `$`, `\b`, `\B`. */
  | { kind: "edge"; source: "^" | "$" | "\\b" | "\\B"; flags: string }
  | { kind: "look"; ahead: boolean; negative: boolean; of: Node }
  | { kind: "sequence"; of: Node[] }
  | { kind: "either"; of: Node[] }
  | { kind: "repeat"; of: Node; least: number; most: number };

/** Thrown for what has no place in the nodes; the message is the end of a sentence. */
export class PatternRefused extends Error {}

/** @throws PatternRefused for back references and for characters that are several. */
export function parsePattern(pattern: RegExp): Node {
  const parser = new Parser(pattern);
  return parser.whole();
}

class Parser {
  readonly #source: string;
  readonly #isUnicode: boolean;
  readonly #isSets: boolean;
  readonly #groups: number;
  readonly #hasNames: boolean;
  #at = 0;

  constructor({ source, flags }: RegExp) {
    this.#source = source;
    this.#isSets = flags.includes("v");
    this.#isUnicode = this.#isSets || flags.includes("u");
    const plain = source.replace(/\\./gsu, "").replace(/\[[^\]]*\]/g, "");
    this.#groups = plain.match(/\((?!\?)|\(\?<(?![=!])/g)?.length ?? 0;
    this.#hasNames = /\(\?<(?![=!])/.test(plain);
    this.#flags = flags.replace(/[^imsuv]/g, "");
  }
  #flags: string;

  whole(): Node {
    return this.#either();
  }

  #either(): Node {
    const ways = [this.#sequence()];
    while (this.#take("|")) ways.push(this.#sequence());
    return ways.length === 1 ? ways[0] : { kind: "either", of: ways };
  }

  #sequence(): Node {
    const of: Node[] = [];
    while (this.#at < this.#source.length && !"|)".includes(this.#source[this.#at]))
      of.push(this.#repeated(this.#term()));
    return of.length === 1 ? of[0] : { kind: "sequence", of };
  }

  #repeated(of: Node): Node {
    const quantifier = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/.exec(this.#rest());
    if (quantifier === null) return of;
    this.#at += quantifier[0].length;
    const [, sign, least, comma, most] = quantifier;
    if (sign !== undefined)
      return { kind: "repeat", of, least: sign === "+" ? 1 : 0, most: sign === "?" ? 1 : Number.POSITIVE_INFINITY };
    const upTo = comma === undefined ? least : most === "" ? Number.POSITIVE_INFINITY : most;
    return { kind: "repeat", of, least: Number(least), most: Number(upTo) };
  }

  #term(): Node {
    const source = this.#source;
    const flags = this.#flags;
    const first = source[this.#at];
    if (first === "^" || first === "$") {
      this.#at++;
      return { kind: "edge", source: first, flags };
    }
    if (first === "(") return this.#group();
    if (first === "[") return this.#character(this.#classLength());
    if (first !== "\\")
      return this.#character(this.#isUnicode ? String.fromCodePoint(source.codePointAt(this.#at) ?? 0).length : 1);
    const second = source[this.#at + 1];
    if (second === "b" || second === "B") {
      this.#at += 2;
      return { kind: "edge", source: `\\${second}`, flags };
    }
    return this.#character(this.#escapeLength());
  }

  #character(length: number): Node {
    const source = this.#source.slice(this.#at, this.#at + length);
    this.#at += length;
    return { kind: "character", source: source === "\\" ? "\\\\" : source, flags: this.#flags };
  }

  #group(): Node {
    const opening = /^\((?:\?(?:<?[=!]|:|<[^>]*>|[ims]*(?:-[ims]*)?:))?/.exec(this.#rest())?.[0] ?? "(";
    this.#at += opening.length;
    const outer = this.#flags;
    const [, on = "", off = ""] = /^\(\?([ims]*)(?:-([ims]*))?:$/.exec(opening) ?? [];
    this.#flags = [...new Set([...outer, ...on])].filter((flag) => !off.includes(flag)).join("");
    const of = this.#either();
    this.#take(")");
    this.#flags = outer;
    const look = /^\(\?(<?)([=!])$/.exec(opening);
    return look === null ? of : { kind: "look", ahead: look[1] === "", negative: look[2] === "!", of };
  }

  #classLength(): number {
    let depth = 0;
    for (let i = this.#at; i < this.#source.length; i++) {
      const each = this.#source[i];
      if (each === "\\") {
        if (this.#isSets) this.#refuseStrings(i);
        i++;
      } else if (each === "[" && (depth === 0 || this.#isSets)) depth++;
      else if (each === "]" && --depth === 0) return i + 1 - this.#at;
    }
    throw new PatternRefused("it is not understood");
  }

  #escapeLength(): number {
    const rest = this.#rest();
    const reference = /^\\(?:([1-9]\d*)|k)/.exec(rest);
    const refers =
      reference !== null &&
      (reference[1] === undefined
        ? this.#isUnicode || this.#hasNames
        : this.#isUnicode || Number(reference[1]) <= this.#groups);
    if (refers)
      throw new PatternRefused(
        "a back reference can take for ever on a long cell. Leave it out, or look at the text in `checks` or `validate`",
      );
    if (this.#isSets) this.#refuseStrings(this.#at);
    const long = this.#isUnicode
      ? /^\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[a-zA-Z])/
      : /^\\(?:u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[a-zA-Z]|[0-3][0-7]{0,2}|[4-7][0-7]?)/;
    const found = long.exec(rest)?.[0].length;
    if (found !== undefined) return found;
    // Annex B: a backslash of its own before a `c` that begins no control character.
    if (!this.#isUnicode && rest[1] === "c") return 1;
    return 1 + (this.#isUnicode ? String.fromCodePoint(rest.codePointAt(1) ?? 0).length : 1);
  }

  /** Under the flag v a class can hold several characters as one. */
  #refuseStrings(at: number): void {
    if (/^\\(?:q\{|p\{(?:RGI_|Basic_Emoji|Emoji_Keycap))/.test(this.#source.slice(at, at + 20)))
      throw new PatternRefused(
        "a class of several characters cannot be looked for in linear time. Write them as (?:a|b)",
      );
  }

  #take(sign: string): boolean {
    if (this.#source[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #rest(): string {
    return this.#source.slice(this.#at);
  }
}
