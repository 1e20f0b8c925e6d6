/**
 * One section of a number format (ECMA-376 part 1, 18.8.31), and whether it makes a date, a time, an elapsed time or a plain
 * number of a value.
 */

import { numberDate, numberDatetime, numberDuration, numberPlain, numberTime } from "./styles.ts";

/** What a run of one letter means. `minute` may be a month or a minute, `sun` a day or an hour: the runs next to it decide. */
type Part = "date" | "hour" | "second" | "minute" | "sun";

/**
 * The letters of date formats with the fewest and the most of them in a run. Codes in a file are English (d m y h s, e g b
 * for eras), but some writers leave those of the user's language: French j a, German T J, Swedish å t, Dutch u, Polish r,
 * Finnish v, Russian д г ч м с.
 */
const letters: Readonly<Record<string, readonly [part: Part, fewest: number, most: number]>> = {
  d: ["date", 1, 5],
  y: ["date", 1, 5],
  m: ["minute", 1, 5],
  h: ["hour", 1, 3],
  s: ["second", 1, 3],
  e: ["date", 1, 4],
  g: ["date", 1, 4],
  b: ["date", 2, 4],
  // Also the weekday in Japanese (aaa, aaaa).
  a: ["date", 2, 4],
  j: ["date", 1, 4],
  å: ["date", 1, 4],
  r: ["date", 2, 4],
  v: ["date", 2, 4],
  t: ["sun", 1, 4],
  u: ["hour", 1, 2],
  д: ["date", 1, 4],
  г: ["date", 1, 4],
  ч: ["hour", 1, 2],
  м: ["minute", 1, 5],
  с: ["second", 1, 2],
};

/**
 * The kind of number that a section makes.
 *
 * @example kindOfSection("[$-40C]jj/mm/aaaa") // numberDate
 */
export function kindOfSection(section: string): number {
  const bare = withoutLiterals(section);
  if (bare.elapsed) return numberDuration;
  // A digit's place makes a number of it, whatever letters are next to it; but not that of a fraction of a second.
  if (/[0#?@]/.test(bare.section.replace(/([sс\]])[.,]0+/gi, "$1"))) return numberPlain;
  const parts = partsOf(bare.section);
  const hasDate = parts.includes("date") || parts.includes("minute");
  const hasTime = bare.meridiem || parts.includes("hour") || parts.includes("second");
  if (hasDate) return hasTime ? numberDatetime : numberDate;
  return hasTime ? numberTime : numberPlain;
}

interface BareSection {
  /** The section without literal text, colours, conditions, locales and AM/PM. */
  section: string;
  elapsed: boolean;
  meridiem: boolean;
}

/** AM/PM in English, Chinese, Japanese, Korean and Swedish. */
const meridiemPattern = /am\/pm|a\/p|上午\/下午|午前\/午後|오전\/오후|fm\/em/iy;
const elapsedPattern = /^(?:h+|m+|s+|t+|u+|ч+|м+|с+)$/i;

function withoutLiterals(code: string): BareSection {
  const bare: BareSection = { section: "", elapsed: false, meridiem: false };
  for (let i = 0; i < code.length; i++) {
    const char = code[i];
    if (char === '"') {
      const end = code.indexOf('"', i + 1);
      i = end < 0 ? code.length : end;
      bare.section += " ";
    } else if (char === "\\" || char === "_" || char === "*" || char === "!") {
      i++;
      bare.section += " ";
    } else if (char === "[") {
      const end = code.indexOf("]", i);
      if (end < 0) break;
      if (elapsedPattern.test(code.slice(i + 1, end))) bare.elapsed = true;
      i = end;
      bare.section += " ";
    } else {
      meridiemPattern.lastIndex = i;
      const match = meridiemPattern.exec(code);
      if (match === null) {
        bare.section += char;
      } else {
        bare.meridiem = true;
        bare.section += " ";
        i += match[0].length - 1;
      }
    }
  }
  return bare;
}

/** Letters side by side; not those of Chinese, Japanese and Korean, which are literal in a format (年, 월). */
const wordPattern = /(?:(?![\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}])\p{L})+/gu;

/** The parts of dates and times in a section, in their order. */
function partsOf(section: string): Part[] {
  const parts: Part[] = [];
  const besideColon: boolean[] = [];
  for (const match of section.matchAll(wordPattern)) {
    const runs = match[0].toLowerCase().match(/(\p{L})\1*/gu) ?? [];
    const found = runs.map((run) => partOfRun(run));
    // A word with a letter that no format has is a word: General, Standard.
    if (found.includes(null)) continue;
    const end = match.index + match[0].length;
    for (const part of found as Part[]) {
      parts.push(part);
      besideColon.push(section[match.index - 1] === ":" || section[end] === ":");
    }
  }
  // Swedish tt:mm is an hour, German TT.MM a day.
  const told = parts.map((part, k) => (part === "sun" ? (besideColon[k] ? "hour" : "date") : part));
  // 18.8.31: m is a minute right after an hour or right before a second, else a month.
  return told.filter((part, k) => part !== "minute" || (told[k - 1] !== "hour" && told[k + 1] !== "second"));
}

function partOfRun(run: string): Part | null {
  const letter = Object.hasOwn(letters, run[0]) ? letters[run[0]] : undefined;
  if (letter === undefined) return null;
  const [part, fewest, most] = letter;
  return run.length >= fewest && run.length <= most ? part : null;
}
