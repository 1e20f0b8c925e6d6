/**
 * Characters that nobody sees: what web pages, chats, address books and word processors leave around and inside of values. A key with
 * one of them looks like another without it, and no number, date or address has any.
 */

/** A soft hyphen, zero width spaces, marks, embeddings and isolates of direction (Unicode, UAX #9), a byte order mark inside a file. */
const unseen = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/g;
/**
 * Joiners and variation selectors behind what does not take them. They belong to the letters of Persian and the scripts of India
 * (the Unicode Standard, 12.1) and to emoji, all of which lie behind U+0590.
 */
const strayJoiners = /(?<![\u0590-\u{10ffff}])(?:\u200c|\u200d|[\ufe00-\ufe0f])/gu;
/** Letters of tags, which only the flags of regions are made of (UTS #51, annex C). */
const tags = /[\u{e0001}\u{e0020}-\u{e007f}]/gu;
const blackFlag = "\u{1f3f4}";
/** Spaces of other widths than that of a plain one, which look like it. */
const otherSpaces = /[\u00a0\u2000-\u200a\u202f\u205f]/g;

const any = /\p{Default_Ignorable_Code_Point}|[\ufff9-\ufffb]/u;

/** The text without characters that nobody sees; those that its letters or emoji need stay. */
export function withoutUnseen(text: string): string {
  if (!any.test(text)) return text;
  const seen = text.replace(unseen, "").replace(strayJoiners, "");
  return seen.includes(blackFlag) ? seen : seen.replace(tags, "");
}

/** The same for a text by which records are found: its spaces are plain ones too. */
export function asKey(text: string): string {
  const seen = withoutUnseen(text);
  return (seen === text ? seen : seen.trim()).replace(otherSpaces, " ");
}

/** What no text needs at its ends. */
const unneeded = /[\u200b\u2060\ufeff]/;
const blank = /[\s\u200b\u2060\ufeff]/;

/** A text without what nobody sees at its ends, and white space around that; what is inside may be needed. */
export function withoutUnseenEnds(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && blank.test(text[start])) start++;
  while (start < end && blank.test(text[end - 1])) end--;
  if (start === end) return "";
  const hasUnseen = unneeded.test(text.slice(0, start)) || unneeded.test(text.slice(end));
  const bare = hasUnseen ? text.slice(start, end) : text;
  return end - start <= maxUnseen && withoutUnseen(bare).trim() === "" ? "" : bare;
}

/** A longer text has something that can be seen. */
const maxUnseen = 100;
