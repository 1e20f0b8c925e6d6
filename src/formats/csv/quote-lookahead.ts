/**
 * Knows where a cell that is inside quotes at a line break closes. All cells that are inside quotes there close at the same
 * place, so that what the first of them found out holds for those that begin after it: each byte is looked ahead at
 * once, however many rows of a file open a quote and never close it.
 */
import { ClosingQuote, staysOpen } from "./closing-quote.ts";
import type { Syntax } from "./syntax.ts";

export class QuoteLookahead {
  readonly #search: ClosingQuote;
  /** Between them is no closing quote, or it is at `#to`. */
  #from = 0;
  #to = 0;
  #found = false;

  constructor(syntax: Syntax) {
    this.#search = new ClosingQuote(syntax);
  }

  /** The buffer's content moved down by `bytes`. */
  shift(bytes: number): void {
    this.#from -= bytes;
    this.#to -= bytes;
  }

  /** Forgets everything: the buffer holds another text. */
  restart(): void {
    this.#from = 0;
    this.#to = 0;
    this.#found = false;
  }

  /** The closing quote of a cell that is open at the line break `at`, if it is before `end`; else `staysOpen`. */
  closingQuote(bytes: Uint8Array, at: number, end: number, atEnd: boolean): number {
    if (at < this.#from || at > this.#to || (this.#found && at === this.#to)) {
      this.#from = at;
      this.#to = at;
      this.#found = false;
    }
    if (!this.#found && this.#to < end) {
      const found = this.#search.find(bytes, this.#to, end, atEnd, false);
      this.#found = found !== staysOpen;
      this.#to = this.#found ? found : this.#search.from;
    }
    return this.#found && this.#to < end ? this.#to : staysOpen;
  }
}
