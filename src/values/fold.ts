/** Folding: what is left of a header or a word when case, accents and punctuation do not matter. */

/** `"  Tél. (portable) "` → `"tel portable"`. */
export function fold(text: string): string {
  // Plain letters have no accents to lose, and many names nothing else either.
  if (/^[a-z0-9]+(?: [a-z0-9]+)*$/.test(text)) return text;
  if (/^[\x20-\x7e]*$/.test(text)) {
    return text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, " ")
      .trim();
  }
  return (
    text
      // Before they are sorted: Unicode's order of marks takes quadratic time over a run of them.
      .replace(/\p{M}+/gu, "")
      .normalize("NFKD")
      .replace(/\p{M}+/gu, "")
      .toLowerCase()
      .replaceAll("œ", "oe")
      .replaceAll("æ", "ae")
      .replaceAll("ß", "ss")
      .replaceAll("ø", "o")
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim()
  );
}
