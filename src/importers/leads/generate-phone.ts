/**
 * Phone numbers of generated leads: one valid number per row, no two rows alike, and the many ways in which people
 * write the same number down.
 */
import type { SeededDraw } from "./seeded-draw.ts";

/** A number as it is dialled: `national` without the leading zero. */
export interface PhoneNumber {
  callingCode: string;
  national: string;
}

/** How a number's digits are laid out; `digits` follow `prefix`, in groups as they are said in that country. */
interface NumberSpace {
  callingCode: string;
  prefixes: readonly string[];
  digits: number;
  groups: readonly number[];
}

/** Two leading digits whose whole range libphonenumber's strict (`max`) metadata calls a mobile or a fixed line. */
const FRANCE: NumberSpace = {
  callingCode: "33",
  prefixes: "60 61 62 64 65 66 67 68 73 75 76 77 78 79 13 14 16 23 24 32 38 42 44 47 53 55".split(" "),
  digits: 7,
  groups: [1, 3, 5, 7, 9],
};

const ABROAD: readonly NumberSpace[] = [
  { callingCode: "32", prefixes: ["45", "46", "47", "48", "49"], digits: 7, groups: [3, 5, 7, 9] },
  { callingCode: "41", prefixes: ["76", "77", "78", "79"], digits: 7, groups: [2, 5, 7, 9] },
  { callingCode: "44", prefixes: ["71", "72", "73"], digits: 8, groups: [4, 7, 10] },
];

/**
 * The smallest of the spaces above has this many numbers (Switzerland, 4 prefixes of 10^7); more rows would repeat.
 */
export const MAX_DISTINCT_PHONES = 40_000_000;

/** Coprime to every space's size (2, 3, 5 and 13 are their only factors), and below 2^53 / MAX_DISTINCT_PHONES. */
const STRIDE = 98_765_437;

/**
 * The number that belongs to `row`, alone among all rows of the same seed: a walk through the number space in long
 * strides, then two Feistel rounds over the digits so that neighbours do not look like neighbours.
 */
export function phoneOfRow(seed: number, row: number, country: "33" | "32" | "41" | "44"): PhoneNumber {
  const space = country === "33" ? FRANCE : (ABROAD.find((each) => each.callingCode === country) as NumberSpace);
  const perPrefix = 10 ** space.digits;
  const position = (row * STRIDE + (seed % 1_000_000)) % (perPrefix * space.prefixes.length);
  const prefix = Math.floor(position / perPrefix);
  let high = Math.floor((position % perPrefix) / 1000);
  let low = position % 1000;
  low = (low + ((Math.imul(high + prefix, 0x9e3779b1) >>> 0) % 1000)) % 1000;
  high = (high + ((Math.imul(low + 7, 0x85ebca6b) >>> 0) % (perPrefix / 1000))) % (perPrefix / 1000);
  const digits = String(high * 1000 + low).padStart(space.digits, "0");
  return { callingCode: space.callingCode, national: space.prefixes[prefix] + digits };
}

/** E.164, the form that two writings of one number share. */
export function toE164(phone: PhoneNumber): string {
  return `+${phone.callingCode}${phone.national}`;
}

/** The number as somebody typed it; `formOf` the same number differs from draw to draw. */
export function writePhone(phone: PhoneNumber, draw: SeededDraw): string {
  const { callingCode, national } = phone;
  if (callingCode !== "33") {
    const space = ABROAD.find((each) => each.callingCode === callingCode) as NumberSpace;
    return draw.chance(0.6) ? `+${callingCode} ${grouped(national, space.groups, " ")}` : toE164(phone);
  }
  const form = draw.below(20);
  if (form < 8) return `0${pairs(national, " ")}`;
  if (form < 12) return `0${national}`;
  if (form < 14) return `0${pairs(national, ".")}`;
  if (form < 15) return `0${pairs(national, "-")}`;
  if (form < 17) return `+33 ${pairs(national, " ")}`;
  if (form < 18) return `+33${national}`;
  if (form < 19) return `0033${national}`;
  return `+33 (0)${pairs(national, " ")}`;
}

/** Nine French digits as 1 + 4 pairs; spelt out, since this runs for nearly every row. */
function pairs(digits: string, gap: string): string {
  return (
    digits[0] +
    gap +
    digits.slice(1, 3) +
    gap +
    digits.slice(3, 5) +
    gap +
    digits.slice(5, 7) +
    gap +
    digits.slice(7, 9)
  );
}

function grouped(digits: string, ends: readonly number[], gap: string): string {
  return ends.map((end, index) => digits.slice(index === 0 ? 0 : ends[index - 1], end)).join(gap);
}
