/** Passes over an element (or a comment) of any length, piece by piece. */
import { SluiceError, type Telling, told } from "../../core/errors.ts";
import { bytesIndexOf, tokenEnd, tokenStart, XmlToken } from "./token.ts";

/** No tag of a workbook comes near it. */
export const maxTagBytes = 1024 * 1024;

export class ElementSkip {
  /** Elements that are open. */
  depth = 0;
  /** What ends the comment, section or instruction that is passed over. */
  #mark = "";
  readonly #what: string;
  readonly #token = new XmlToken();

  constructor(what: string) {
    this.#what = what;
  }

  get active(): boolean {
    return this.depth > 0 || this.#mark !== "";
  }

  /** Starts skipping what `token.read` found to be unclosed at `at`; returns where to continue. */
  beginAt(at: number, mark: string): number {
    this.#mark = mark;
    return at + (mark === "?>" ? 2 : mark === "-->" ? 4 : 9);
  }

  /** Continues from `i`; returns how far it got: when no longer `active`, after the element. */
  run(bytes: Buffer, i: number, end: number): number {
    const token = this.#token;
    while (this.active) {
      if (this.#mark !== "") {
        const found = bytesIndexOf(bytes, this.#mark, i, end);
        if (found < 0) return Math.max(i, end - this.#mark.length + 1);
        i = found + this.#mark.length;
        this.#mark = "";
        continue;
      }
      const at = bytes.indexOf(0x3c, i);
      if (at < 0 || at >= end) return Math.max(i, end);
      if (!token.read(bytes, at, end)) {
        if (token.unclosed === "") {
          refuseLongTag(end - at, this.#what);
          return at;
        }
        i = this.beginAt(at, token.unclosed);
        continue;
      }
      if (token.kind === tokenStart && !token.empty) this.depth++;
      else if (token.kind === tokenEnd) this.depth--;
      i = token.next;
    }
    return i;
  }
}

/** @throws SluiceError `invalid` for a tag that has gone on for more bytes than any has. */
export function refuseLongTag(bytesSoFar: number, what: string): void {
  if (bytesSoFar > maxTagBytes) throw damaged(what, told`has a tag that does not end`);
}

/** A part that is not what the standard says. */
export function damaged(what: string, how: Telling): SluiceError {
  return new SluiceError(
    "invalid",
    told`${what} ${how}: the workbook is damaged. Open it in a spreadsheet program, check it, and save it again.`,
  );
}
