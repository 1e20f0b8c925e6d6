/** Which encoding a text is in that is not an Unicode: the one in which it reads best. */
import type { Encoding } from "../../core/row.ts";
import { readMultiBytes } from "./guess-multi-byte.ts";
import { type Reading, readSingleBytes } from "./guess-single-byte.ts";

export interface Guess {
  encoding: Encoding;
  /** Nothing else comes near. */
  certain: boolean;
}

/** The best reading must be better than a different one by this much; of signs alone, all of them where signs belong. */
const clearMargin = 4;
const clearMarginOfSigns = 1;

/**
 * The encoding of a text by a sample of its bytes: those beyond ASCII with their surroundings.
 *
 * Statistics find it, so it is a guess, and people are asked to look at the accents. Windows-1252 with the accents of the
 * western languages where these have them is not a guess worth a warning: it is what Excel writes, and in every other
 * encoding such a text is full of capitals inside words or of signs between letters.
 */
export function guessEncoding(sample: Uint8Array): Guess {
  const latin9 = latin9Bytes.some((byte) => sample.includes(byte));
  const western = readSingleBytes(sample, latin9 ? ["windows-1252", "iso-8859-15"] : ["windows-1252"]);
  if (western.some(readsPlainly)) return best(western);
  const singleBytes = readSingleBytes(sample);
  // A character of two bytes is scored once: the sums are comparable by the byte.
  const multiBytes = readMultiBytes(sample).map((reading) => ({
    ...reading,
    score: (reading.score * singleBytes[0].weight) / reading.weight,
  }));
  return best([...singleBytes, ...multiBytes]);
}

function best(readings: readonly Reading[]): Guess {
  const [first, ...others] = [...readings].sort((a, b) => b.score - a.score);
  const rival = others.find(({ text }) => text !== first.text);
  const margin = first.score - (rival?.score ?? Number.NEGATIVE_INFINITY);
  const least = /\p{L}/u.test(first.text) ? clearMargin : clearMarginOfSigns;
  return { encoding: first.encoding, certain: first.encoding === "windows-1252" && margin >= least };
}

/** The bytes that ISO 8859-15 reads otherwise than Windows-1252: the euro sign and seven letters. */
const latin9Bytes = [0xa4, 0xa6, 0xa8, 0xb4, 0xb8, 0xbc, 0xbd, 0xbe];

/**
 * Whether a text reads so well that no other encoding need be tried: a language's own words score about -2 a letter, and
 * those of another encoding's language, read by the wrong one, below -5.
 */
function readsPlainly({ score, weight }: Reading): boolean {
  return weight >= 30 && score >= -4 * weight;
}
