/**
 * How well a text reads in each single-byte encoding: whether its letters beyond ASCII are where a language has them, and
 * its signs where people write them.
 */
import { upperHalf } from "./decode-single-byte.ts";
import { type Language, languages } from "./languages.ts";

export interface Reading {
  encoding: string;
  /** The logarithm of how likely the text is; the highest is the best. */
  score: number;
  /** How much was examined. */
  weight: number;
  /** The characters beyond ASCII that were examined: readings with the same ones agree. */
  text: string;
}

/** Places beyond ASCII that are examined: bytes with new neighbours. */
const lookedAt = 600;

/** How unlikely an encoding is before any text is seen, by how often people still write it. */
const rarity: Readonly<Record<string, number>> = {
  "windows-1252": 0,
  "windows-1250": 3,
  "windows-1251": 3,
  "windows-1253": 3,
  "windows-1254": 4,
  "windows-1257": 4,
};
const rareEncoding = 5;

/** Every encoding that some language is written in. */
const allEncodings: readonly string[] = [...new Set(languages.flatMap(({ encodings }) => encodings))];

/** What each encoding makes of a text. `sample` is bytes of text with what is beyond ASCII in its context. */
export function readSingleBytes(sample: Uint8Array, encodings: readonly string[] = allEncodings): Reading[] {
  const places = placesOf(sample);
  return encodings.map((encoding) => {
    const upper = upperHalf(encoding);
    const charOf = (byte: number): string => (byte < 0x80 ? String.fromCharCode(byte) : upper[byte - 0x80]);
    const spots = places.map(({ bytes, weight }): Spot => {
      const [before, char, after] = bytes.map(charOf);
      return { before, char, after, weight };
    });
    let score = -(rarity[encoding] ?? rareEncoding);
    const letters: Spot[] = [];
    for (const spot of spots) {
      if (!isLetter(spot.char)) score += spot.weight * signScore(spot);
      else {
        score -= spot.weight * letterBreaks(spot);
        letters.push({ ...spot, before: fold(spot.before), char: fold(spot.char), after: fold(spot.after) });
      }
    }
    const speakers = languages.filter((language) => language.encodings.includes(encoding));
    score += Math.max(...speakers.map((each) => letterScore(each, letters)));
    const weight = places.reduce((sum, each) => sum + each.weight, 0);
    return { encoding, score, weight, text: spots.map(({ char }) => char).join("") };
  });
}

/**
 * The bytes beyond ASCII, each with its neighbours. A word that comes a hundred times says hardly more than one that comes
 * once.
 */
function placesOf(sample: Uint8Array): { bytes: number[]; weight: number }[] {
  const counts = new Map<number, number>();
  for (let i = 0; i < sample.length && counts.size < lookedAt; i++) {
    if (sample[i] < 0x80) continue;
    const key = ((sample[i - 1] ?? space) << 16) | (sample[i] << 8) | (sample[i + 1] ?? space);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => ({
    bytes: [key >> 16, (key >> 8) & 0xff, key & 0xff],
    weight: 1 + Math.log(count),
  }));
}

const space = 0x20;

/** A character, its neighbours, and how much it counts. */
interface Spot {
  before: string;
  char: string;
  after: string;
  weight: number;
}

const isLetter = (char: string): boolean => fold(char) !== " ";

const folded = new Map<string, string>();
/** Letters in lower case, everything else as a space. */
function fold(char: string): string {
  let known = folded.get(char);
  if (known === undefined) {
    const lower = char.toLowerCase();
    // The letters of Hebrew, Arabic and Thai have no case.
    // And the micro sign has one, though it is a sign.
    const isSign = char === "µ";
    const caseless = (char >= "\u05d0" && char <= "\u06ff") || (char >= "\u0e01" && char <= "\u0e4e");
    known = (lower !== char.toUpperCase() || caseless) && !isSign ? lower : " ";
    folded.set(char, known);
  }
  return known;
}

interface Model {
  total: number;
  letters: Map<string, number>;
  pairs: Set<string>;
}
const models = new Map<Language, Model>();

/** Which letters a language has beyond ASCII, how often, and next to which others. */
function modelOf(language: Language): Model {
  let model = models.get(language);
  if (model === undefined) {
    model = { total: 0, letters: new Map(), pairs: new Set() };
    const text = ` ${language.words.toLowerCase()} `;
    for (let i = 1; i < text.length - 1; i++) {
      const char = fold(text[i]);
      if (char < "\x80") continue;
      model.total++;
      model.letters.set(char, (model.letters.get(char) ?? 0) + 1);
      model.pairs.add(fold(text[i - 1]) + char).add(char + fold(text[i + 1]));
    }
    models.set(language, model);
  }
  return model;
}

function letterScore(language: Language, spots: readonly Spot[]): number {
  const { total, letters, pairs } = modelOf(language);
  let score = 0;
  for (const { before, char, after, weight } of spots) {
    const count = letters.get(char);
    if (count === undefined) {
      score -= 11 * weight;
    } else {
      const unseen = (pairs.has(before + char) ? 0 : 1.5) + (pairs.has(char + after) ? 0 : 1.5);
      score += weight * (0.6 * Math.log(count / total) - 1 - unseen);
    }
  }
  return score;
}

/** What speaks against a letter by its neighbours alone: capitals inside a word, scripts that are mixed. */
function letterBreaks({ before, char, after }: Spot): number {
  let breaks = 0;
  const upper = isUpper(char);
  if (upper && isLower(before)) breaks += 4;
  if (isLower(char) && isUpper(before) && isUpper(after)) breaks += 3;
  // `BakerľStone`
  if (isLower(char) && isLower(before) && isUpper(after)) breaks += 3;
  if (isDigit(before) || isDigit(after)) breaks += 2;
  if (char > lastLatin) {
    if (/[a-z]/i.test(before)) breaks += 5;
    if (/[a-z]/i.test(after)) breaks += 5;
  }
  return breaks;
}

/** Unicode's last letter of the Latin script that a single-byte encoding has comes before. */
const lastLatin = "\u024f";

const isDigit = (char: string): boolean => char >= "0" && char <= "9";
const isUpper = (char: string): boolean => char !== char.toLowerCase();
const isLower = (char: string): boolean => char !== char.toUpperCase();

/** Where people write a sign: its score there, and elsewhere. */
const signs: readonly (readonly [signs: string, where: (spot: Spot) => boolean, there: number, elsewhere: number])[] = [
  ["’‘", ({ before, after }) => isLetter(before) && isLetter(after), -4, -6],
  ["“„«‹", ({ before }) => !isLetter(before), -5.5, -9],
  ["”»›", ({ after }) => !isLetter(after), -5.5, -9],
  ["–", ({ before, after }) => !isLetter(before) || !isLetter(after), -5, -9],
  ["—", ({ before, after }) => !isLetter(before) || !isLetter(after), -5, -7],
  ["…", ({ after }) => !isLetter(after), -5.5, -8],
  ["€£", ({ before, after }) => !isLetter(before) && !isLetter(after), -4.5, -8],
  ["°ºª", ({ before }) => /[\dn]/i.test(before), -4.5, -9],
  // Between digits, and where a name or number ends: people do not see it.
  ["\u00a0", ({ before, after }) => (isDigit(before) && isDigit(after)) || /[,;|\t\s]/.test(after), -2.5, -5],
  ["µ", ({ before, after }) => /[\d\s]/.test(before) && /[a-z]/i.test(after), -4.5, -10],
  ["²³", ({ before }) => /[\dm]/.test(before), -6, -10],
  ["½¼¾", ({ before, after }) => !isLetter(before) && !isLetter(after), -6, -11],
  ["¿¡", ({ before, after }) => !isLetter(before) && isLetter(after), -5, -10],
  ["№", ({ before }) => !isLetter(before), -5, -9],
  ["•·®™©§", () => true, -6.5, -6.5],
  ["±×÷", ({ before, after }) => !isLetter(before) || !isLetter(after), -7, -10],
];

function signScore(spot: Spot): number {
  const { char } = spot;
  if (char === "\ufffd") return -20;
  if (char < "\xa0") return -16;
  const known = signs.find(([chars]) => chars.includes(char));
  // Box drawing (U+2500 on) does not occur in cells.
  if (known === undefined) return char >= "\u2500" ? -12 : -10;
  const [, where, there, elsewhere] = known;
  // Between names: `Baker–Stone`.
  if (char === "–" && isUpper(spot.after)) return -6;
  return where(spot) ? there : elsewhere;
}
