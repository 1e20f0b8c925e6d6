/** Takes a cell apart at its separators, in linear time: parts are trimmed, quotes keep a separator within a part, blanks are dropped. */
import { spaceAt, spaceBefore } from "./white-space.ts";

/** A part's bytes: of the cell, or, where its quotes are escaped, bytes of its own. False: no more parts are wanted. */
export type OnPart = (bytes: Uint8Array, start: number, end: number) => boolean;

export type Split = (bytes: Uint8Array, start: number, end: number, onPart: OnPart) => void;

const quote = 0x22;

/** What splits cells at these texts, of which the longest goes first. */
export function splitterOf(marks: readonly string[]): Split {
  const texts = marks.map((mark) => Buffer.from(mark)).sort((a, b) => b.length - a.length);
  /** The separators that begin with each byte. */
  const byFirst: (Buffer[] | undefined)[] = new Array(256).fill(undefined);
  for (const text of texts) {
    const those = byFirst[text[0]] ?? [];
    those.push(text);
    byFirst[text[0]] = those;
  }
  /** Bytes of the separator at `at`; 0: there is none. */
  const markAt = (bytes: Uint8Array, at: number, end: number): number => {
    for (const text of byFirst[bytes[at]] ?? []) if (isAt(bytes, at, end, text)) return text.length;
    return 0;
  };
  return (bytes, start, end, onPart) => {
    /** An opening quote is text where none closes it. */
    let mayClose = true;
    for (let at = start; at < end; ) {
      const space = spaceAt(bytes, at, end);
      if (space > 0 && markAt(bytes, at, end) === 0) {
        at += space;
        continue;
      }
      if (bytes[at] === quote && mayClose) {
        const quoted = closingQuote(bytes, at, end, markAt);
        if (quoted === "none") mayClose = false;
        else if (quoted !== null) {
          if (!tellQuoted(bytes, at + 1, quoted.close, quoted.isEscaped, onPart)) return;
          at = quoted.next;
          continue;
        }
      }
      let to = at;
      let mark = 0;
      while (to < end && (mark = markAt(bytes, to, end)) === 0) to++;
      if (!tell(bytes, at, to, onPart)) return;
      at = to + mark;
    }
  };
}

interface Quoted {
  close: number;
  /** Where the next part begins. */
  next: number;
  isEscaped: boolean;
}

/** Where a quoted part ends. Null: the quote is followed by more than a separator; `none`: no quote closes it up to the cell's end. */
function closingQuote(
  bytes: Uint8Array,
  open: number,
  end: number,
  markAt: (bytes: Uint8Array, at: number, end: number) => number,
): Quoted | "none" | null {
  let isEscaped = false;
  for (let i = open + 1; i < end; i++) {
    if (bytes[i] !== quote) continue;
    if (i + 1 < end && bytes[i + 1] === quote) {
      isEscaped = true;
      i++;
      continue;
    }
    for (let after = i + 1; ; ) {
      if (after >= end) return { close: i, next: end, isEscaped };
      const mark = markAt(bytes, after, end);
      if (mark > 0) return { close: i, next: after + mark, isEscaped };
      const space = spaceAt(bytes, after, end);
      if (space === 0) return null;
      after += space;
    }
  }
  return "none";
}

function tellQuoted(bytes: Uint8Array, start: number, end: number, isEscaped: boolean, onPart: OnPart): boolean {
  if (!isEscaped) return tell(bytes, start, end, onPart);
  const plain = Buffer.allocUnsafe(end - start);
  let length = 0;
  for (let i = start; i < end; i++) {
    plain[length++] = bytes[i];
    if (bytes[i] === quote) i++;
  }
  return tell(plain, 0, length, onPart);
}

function tell(bytes: Uint8Array, start: number, end: number, onPart: OnPart): boolean {
  let from = start;
  let to = end;
  while (from < to && spaceAt(bytes, from, to) > 0) from += spaceAt(bytes, from, to);
  while (from < to && spaceBefore(bytes, from, to) > 0) to -= spaceBefore(bytes, from, to);
  return from === to || onPart(bytes, from, to);
}

function isAt(bytes: Uint8Array, at: number, end: number, text: Uint8Array): boolean {
  if (end - at < text.length) return false;
  for (let k = 1; k < text.length; k++) if (bytes[at + k] !== text[k]) return false;
  return true;
}

/** The parts of a text. */
export function partsOf(text: string, marks: readonly string[], most = Number.POSITIVE_INFINITY): string[] {
  const bytes = Buffer.from(text);
  const parts: string[] = [];
  splitterOf(marks)(bytes, 0, bytes.length, (of, start, end) => {
    parts.push(Buffer.from(of.buffer, of.byteOffset + start, end - start).toString());
    return parts.length < most;
  });
  return parts;
}
