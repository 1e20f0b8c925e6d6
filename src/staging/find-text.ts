/**
 * Finds a text within cells and puts another in its place, in linear time (Knuth, Morris and Pratt, 1977) whatever both are made
 * of. How long the outcome is, is known before it is made.
 */

export interface Replacing {
  find: string;
  replace: string;
  wholeCell: boolean;
  caseSensitive: boolean;
}

/**
 * What replaces the text as it is, whatever regular expressions or `$` it holds. What would have more than `maxChars` characters
 * stays as it was.
 */
export function replacer(
  { find, replace, wholeCell, caseSensitive }: Replacing,
  maxChars: number,
): (text: string) => string {
  const plain = caseSensitive ? (text: string): string => text : withoutCase;
  const wanted = plain(find);
  if (wholeCell) return (text) => (plain(text.trim()) === wanted ? replace : text);
  const failures = failuresOf(wanted);
  return (text) => {
    const places = placesOf(plain(text), wanted, failures);
    const length = text.length + places.length * (replace.length - find.length);
    if (places.length === 0 || length > maxChars) return text;
    let replaced = "";
    let at = 0;
    for (const place of places) {
      replaced += text.slice(at, place) + replace;
      at = place + find.length;
    }
    return replaced + text.slice(at);
  };
}

/** For each beginning of a text the length of the longest shorter one that it ends with. */
function failuresOf(wanted: string): Int32Array {
  const failures = new Int32Array(wanted.length);
  for (let i = 1, length = 0; i < wanted.length; i++) {
    while (length > 0 && wanted[i] !== wanted[length]) length = failures[length - 1];
    if (wanted[i] === wanted[length]) length++;
    failures[i] = length;
  }
  return failures;
}

/** Where it occurs, from the left, without overlaps. */
function placesOf(text: string, wanted: string, failures: Int32Array): number[] {
  const places: number[] = [];
  for (let i = 0, length = 0; i < text.length; i++) {
    while (length > 0 && text[i] !== wanted[length]) length = failures[length - 1];
    if (text[i] === wanted[length]) length++;
    if (length < wanted.length || length === 0) continue;
    places.push(i + 1 - length);
    length = 0;
  }
  return places;
}

/** What is known of characters beyond ASCII: as a text of the same length. */
const folded = new Map<string, string>();
const maxFolded = 10_000;

/** The text with each character as all its cases are (Unicode, simple case folding), each at its place: `É` is `é`, `ẞ` is `ß`. */
function withoutCase(text: string): string {
  if (/^[\0-\x7f]*$/.test(text)) return text.toLowerCase();
  let plain = "";
  for (const char of text) plain += char < "\x80" ? char.toLowerCase() : foldedChar(char);
  return plain;
}

function foldedChar(char: string): string {
  const known = folded.get(char);
  if (known !== undefined) return known;
  const upper = sameLength(char.toUpperCase(), char);
  const plain = sameLength(upper.toLowerCase(), upper);
  if (folded.size < maxFolded) folded.set(char, plain);
  return plain;
}

function sameLength(changed: string, char: string): string {
  return changed.length === char.length ? changed : char;
}
