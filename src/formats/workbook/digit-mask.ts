/**
 * Formats by which a number is shown as a code: with its leading zeros, cut into groups, after a word (`00000`, `000-00-0000`,
 * `"INV-"0000`; ECMA-376 part 1, 18.8.31). What a person sees is then what a text is to have. Amounts, percentages, fractions and
 * thousands are no codes: there the number is all that is meant.
 */

/** A digit's place, or text. */
type Piece = { digit: "0" | "#" } | { text: string };

export interface DigitMask {
  pieces: readonly Piece[];
  /** Digit places before the decimal point, and of them those from the first zero on, which are always written. */
  places: number;
  required: number;
  /** Places after the point; of them the first are always written. */
  decimals: { places: number; required: number };
  /** The digits of what is written are the number's own, and nothing else of it. */
  isNumber: boolean;
}

/** What is written beside the digits is at most this long. */
const maxTextChars = 80;

/** How a section of a number format (of so many) writes the digits of a code; null: it is no code's. */
export function digitMaskOf(section: string, sectionCount: number): DigitMask | null {
  const pieces = piecesOf(section);
  if (pieces === null) return null;
  const point = pieces.indexOf(decimalPoint);
  const whole = point < 0 ? pieces : pieces.slice(0, point);
  const behind = point < 0 ? [] : pieces.slice(point + 1);
  const digits = whole.flatMap((piece) => ("digit" in piece ? [piece.digit] : []));
  if (digits.length === 0) return null;
  const zero = digits.indexOf("0");
  const required = zero < 0 ? 0 : digits.length - zero;
  const after = behind.flatMap((piece) => ("digit" in piece ? [piece.digit] : []));
  const decimals = { places: after.length, required: 1 + after.lastIndexOf("0") };
  if (!isCode({ whole, required, decimals: after.length, sectionCount })) return null;
  const texts = pieces.flatMap((piece) => ("text" in piece && piece !== decimalPoint ? [piece.text] : []));
  if (texts.join("").length > maxTextChars || digits.length > maxTextChars) return null;
  const isNumber = after.length > 0 ? texts.length === 0 : !/\d/.test(texts.join(""));
  return { pieces, places: digits.length, required, decimals, isNumber };
}

/** A single zero before the point is any number's. */
const leastZeros = 2;
/** Amounts may be aligned by two (`00.00`). */
const leastZerosOfDecimals = 3;

function isCode(found: { whole: readonly Piece[]; required: number; decimals: number; sectionCount: number }): boolean {
  const { whole, required, decimals, sectionCount } = found;
  if (required >= (decimals > 0 ? leastZerosOfDecimals : leastZeros)) return true;
  if (decimals > 0) return false;
  const runs = whole.map((piece) => ("digit" in piece ? "0" : piece.text));
  const first = runs.indexOf("0");
  const last = runs.lastIndexOf("0");
  const inner = runs.slice(first, last + 1);
  if (inner.some((run) => run !== "0" && !/^[\s\u00a0\u202f.,'’]*$/.test(run))) return true;
  // Groups of three are thousands.
  const groups = inner
    .map((run) => (run === "0" ? run : " "))
    .join("")
    .split(/ +/);
  if (groups.length > 1 && groups.slice(1).some((group) => group.length !== 3)) return true;
  const prefix = runs.slice(0, first).join("").trim();
  // `+0;-0` shows a difference.
  if (prefix === "+") return sectionCount === 1;
  // `"INV-"0`; but `"day "0` and `"EUR "0` only say what is counted.
  return /[-/#_]$/.test(prefix) && /[\p{L}#№]/u.test(prefix.slice(0, -1));
}

const decimalPoint: Piece = { text: "." };
/** Characters that Excel shows without quotes (18.8.31). */
const literal = /[-+$():^'{}~!&=<>\s\u00a0\u202f]/;

/** The section's parts; null: something in it is none of a code's. */
function piecesOf(section: string): Piece[] | null {
  const pieces: Piece[] = [];
  let text = "";
  const add = (piece: Piece): void => {
    if (text !== "") pieces.push({ text });
    text = "";
    pieces.push(piece);
  };
  for (let i = 0; i < section.length; i++) {
    const char = section[i];
    if (char === "0" || char === "#") add({ digit: char });
    else if (char === "\\") text += section[++i] ?? "";
    else if (char === "_" || char === "*") i++;
    else if (char === '"') {
      const end = section.indexOf('"', i + 1);
      if (end < 0) return null;
      text += section.slice(i + 1, end);
      i = end;
    } else if (char === "[") {
      const end = section.indexOf("]", i);
      if (end < 0) return null;
      // A currency is one of an amount; other digits than these are not written here.
      const inside = section.slice(i + 1, end);
      if (/^\$[^-]|^DBNum|^NatNum/i.test(inside)) return null;
      i = end;
    } else if (char === "." && !pieces.includes(decimalPoint)) add(decimalPoint);
    else if (/^general/i.test(section.slice(i))) {
      add({ digit: "#" });
      i += "general".length - 1;
    } else if (literal.test(char)) text += char;
    else return null;
  }
  if (text !== "") pieces.push({ text });
  return pieces;
}

/**
 * A number as its mask shows it. Null: it is not (a fraction that would be rounded, a number below zero), and the number is all there is.
 *
 * @param number in plain form: `42`, `12.5`.
 */
export function maskedText(mask: DigitMask, number: string): string | null {
  const parts = /^(\d+)(?:\.(\d+))?$/.exec(number);
  if (parts === null) return null;
  const [, whole, fraction = ""] = parts;
  const { places, required, decimals } = mask;
  if (fraction.length > decimals.places) return null;
  const bare = whole === "0" ? "" : whole;
  const digits = bare.padStart(required, "0");
  // What has no place of its own is written at the first.
  let ahead = places - digits.length;
  let at = 0;
  const after = fraction.padEnd(decimals.required, "0");
  let behind = -1;
  let text = "";
  for (const piece of mask.pieces) {
    if (piece === decimalPoint) {
      behind = 0;
      if (after !== "") text += ".";
    } else if ("text" in piece) text += piece.text;
    else if (behind >= 0) text += after[behind++] ?? "";
    else if (ahead > 0) ahead--;
    else {
      const count = at === 0 ? 1 - ahead : 1;
      text += digits.slice(at, at + count);
      at += count;
    }
  }
  return text.trim();
}
