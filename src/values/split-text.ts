/**
 * Takes a text apart that holds several values: a full name, a postal address, pieces between separators. Of what is not
 * understood nothing is lost: it stays whole in the part that is the most general, the last name or the street.
 */
import type { AddressPart, NamePart, SplitSource } from "../core/field-source.ts";

/** The part that a split asks for; blank where the text has none. */
export function partOf(text: string, split: SplitSource<number | string>): string {
  switch (split.by) {
    case "name":
      return nameOf(text)[split.part];
    case "address":
      return addressOf(text)[split.part];
    case "separator": {
      const pieces = text.split(split.separator);
      const at = split.part < 0 ? pieces.length + split.part : split.part - 1;
      return (pieces[at] ?? "").trim();
    }
  }
}

const titles = new Set(
  "m mr mrs ms miss mme mlle me dr pr prof professeur herr frau monsieur madame mademoiselle docteur maître sir doktor".split(
    " ",
  ),
);
/** Small words that a last name begins with. */
const particles = new Set(
  "de du des d la le les van von vom der den ter ten zu zur zum af av da di do dos das del della al el bin ben ibn mc mac st saint".split(
    " ",
  ),
);

/**
 * `Anna Berg`, `Berg, Anna`, `BERG Anna` (a last name in capitals may come first), `Ludwig van Beethoven`. A single word is a last
 * name.
 */
export function nameOf(text: string): Record<NamePart, string> {
  const all = wordsOf(text);
  const isTitle = (word: string): boolean => titles.has(word.toLowerCase().replace(/\.$/, ""));
  const firstName = all.findIndex((word) => !isTitle(word));
  // A word alone is a name, whatever it looks like.
  const begin = all.length < 2 || firstName < 0 ? 0 : firstName;
  const title = all.slice(0, begin).join(" ");
  const named = all.slice(begin);
  const comma = named.findIndex((word) => word.endsWith(","));
  if (comma >= 0 && comma < named.length - 1) {
    const last = named.slice(0, comma + 1).join(" ");
    return { title, last: last.slice(0, -1), first: named.slice(comma + 1).join(" ") };
  }
  if (named.length < 2) return { title, first: "", last: named.join(" ") };
  const capitals = named.map(isCapitals);
  if (capitals.includes(true) && capitals.includes(false)) {
    const of = (wanted: boolean): string => named.filter((_, k) => capitals[k] === wanted).join(" ");
    return { title, first: of(false), last: of(true) };
  }
  const particle = named.findIndex((word, k) => k > 0 && k < named.length - 1 && isParticle(word));
  const last = particle > 0 ? particle : named.length - 1;
  return { title, first: named.slice(0, last).join(" "), last: named.slice(last).join(" ") };
}

/** Two capitals and no small letter: an initial (`J.`) is no sign. */
function isCapitals(word: string): boolean {
  return word === word.toUpperCase() && /\p{Lu}.*\p{Lu}/u.test(word);
}

function isParticle(word: string): boolean {
  return word === word.toLowerCase() && particles.has(word.replace(/['’]$/, ""));
}

/**
 * `12 rue X, 75001 Paris`, `Storgatan 1, 123 45 Stockholm`, `10 Downing Street, London SW1A 2AA`, `1 Main St, Springfield, IL 62701`,
 * with line ends for commas, and a country behind. Without a postal code all of it is the street.
 */
export function addressOf(text: string): Record<AddressPart, string> {
  const parts = text
    .split(/[,\n\r;]/)
    .map((part) => wordsOf(part))
    .filter((words) => words.length > 0);
  for (let p = parts.length - 1; p >= 0; p--) {
    const found = codeIn(parts[p], p > 0);
    if (found === null) continue;
    const before = parts.slice(0, p).map((words) => words.join(" "));
    const after = parts.slice(p + 1).map((words) => words.join(" "));
    const rest = parts[p].slice(0, found.from).join(" ");
    if (found.city !== "") {
      return {
        street: [...before, ...(rest === "" ? [] : [rest])].join(", "),
        postal_code: found.code,
        city: found.city,
        country: after.join(", "),
      };
    }
    // The city comes before the code, alone or in the part before (with a state of two letters between).
    const isState = /^[A-Z]{2}$/.test(rest);
    const city = rest === "" || isState ? (before.pop() ?? "") : rest;
    return { street: before.join(", "), postal_code: found.code, city, country: after.join(", ") };
  }
  return { street: wordsOf(text).join(" "), postal_code: "", city: "", country: "" };
}

interface FoundCode {
  /** Its first word. */
  from: number;
  code: string;
  /** What follows it. */
  city: string;
}

/** The last postal code of a part. `isLater`: it is not the address's first part, where a number is a house's. */
function codeIn(words: readonly string[], isLater: boolean): FoundCode | null {
  for (let k = words.length - 1; k >= 0; k--) {
    const [word, next = ""] = [words[k], words[k + 1]];
    const isPair = /^(?:[A-Z]{1,2}-)?\d{3}$/.test(word) && /^\d{2}$/.test(next);
    const isBritish = /^[A-Z]{1,2}\d[A-Z\d]?$/.test(word) && /^\d[A-Z]{2}$/.test(next);
    const isOne = /^(?:[A-Z]{1,2}-)?\d{4,5}(?:-\d{4})?$/.test(word);
    if (!isPair && !isBritish && !isOne) continue;
    const isDutch = isOne && /^\d{4}$/.test(word) && /^[A-Z]{2}$/.test(next) && words.length > k + 2;
    const length = isPair || isBritish || isDutch ? 2 : 1;
    const follows = words[k + length] ?? "";
    const isAtEnd = follows === "";
    // `1234 Main Street` begins with a house's number, and a code at the end follows its city.
    if (isAtEnd ? !isLater && k === 0 : !isLater && k === 0 && !isPair) continue;
    if (!isAtEnd && !/^\p{L}/u.test(follows)) continue;
    return { from: k, code: words.slice(k, k + length).join(" "), city: words.slice(k + length).join(" ") };
  }
  return null;
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
