/** The five entities every XML part knows and references to characters by number (XML 1.0, sections 4.1 and 4.6). */

const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** The text without references; null where one is of no known entity, of no character, or has no end. */
export function decodeEntities(text: string): string | null {
  let ampersand = text.indexOf("&");
  if (ampersand < 0) return text;
  let decoded = "";
  let done = 0;
  for (; ampersand >= 0; ampersand = text.indexOf("&", done)) {
    const end = text.indexOf(";", ampersand);
    if (end < 0 || end - ampersand > 20) return null;
    const character = referred(text.slice(ampersand + 1, end));
    if (character === null) return null;
    decoded += text.slice(done, ampersand) + character;
    done = end + 1;
  }
  return decoded + text.slice(done);
}

function referred(reference: string): string | null {
  if (!reference.startsWith("#")) return Object.hasOwn(named, reference) ? named[reference] : null;
  const code = /^#x[0-9a-f]+$/i.test(reference)
    ? Number.parseInt(reference.slice(2), 16)
    : /^#\d+$/.test(reference)
      ? Number.parseInt(reference.slice(1), 10)
      : -1;
  // Control characters are none in XML 1.0, yet some writers refer to them; NUL and halves of a pair are never text.
  if (code <= 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return null;
  return String.fromCodePoint(code);
}
