/**
 * Number formats (ECMA-376 part 1, 18.8.30 and 18.8.31) and what a reader asks of them: is a number a date, a time, an elapsed
 * time or plain, and does its format say how its digits are written. Of up to four sections, a value takes the one whose
 * condition it meets.
 */
import { type DigitMask, digitMaskOf } from "./digit-mask.ts";
import { kindOfSection } from "./format-section.ts";
import { numberByFormat, numberDate, numberDatetime, numberDuration, numberPlain, numberTime } from "./styles.ts";

export interface FormatSection {
  /** Whether a value takes this section, unless it takes an earlier one. */
  takes: (value: number) => boolean;
  /** What a value of it is: one of numberPlain to numberDuration. */
  kind: number;
  /** How its digits are written, where that is more than a number's form. */
  mask: DigitMask | null;
}

export interface NumberFormat {
  /** What each of its numbers is; `numberByFormat`: the section that a number takes decides. */
  kind: number;
  sections: readonly FormatSection[];
}

/** Longer codes are not formats: Excel's limit is 255 characters. */
const maxCodeLength = 1024;
/** Positive, negative, zero, text. */
const maxSections = 4;

/**
 * Reads a format code.
 *
 * @example numberFormatOf("[$-40C]jj/mm/aaaa;@").kind // numberDate
 * @example numberFormatOf("[<1]h:mm;[h]:mm").kind // numberByFormat: a time below one day, else an elapsed time
 */
export function numberFormatOf(code: string): NumberFormat {
  const all = sectionsOf(code.slice(0, maxCodeLength));
  // The section of texts says nothing of numbers: the fourth, or the last one with an @.
  const codes =
    all.length > 1 && (all.length === maxSections || isOfText(all[all.length - 1])) ? all.slice(0, -1) : all;
  const conditions = codes.map(conditionOf);
  const sections = codes.map((section, k) => ({
    takes: conditions[k] ?? defaultCondition(k, conditions),
    kind: kindOfSection(section),
    mask: digitMaskOf(section, codes.length),
  }));
  const [{ kind }] = sections;
  const isOne = sections.every((section) => section.kind === kind && section.mask === null);
  return { kind: isOne ? kind : numberByFormat, sections };
}

/** The section that a value takes; null: none, and it is but a number. */
export function sectionFor({ sections }: NumberFormat, value: number): FormatSection | null {
  return sections.find(({ takes }) => takes(value)) ?? null;
}

/** The sections of a code; a semicolon that is text parts none. */
function sectionsOf(code: string): string[] {
  const sections: string[] = [];
  let start = 0;
  for (let i = 0; i < code.length && sections.length < maxSections - 1; i++) {
    const char = code[i];
    if (char === ";") {
      sections.push(code.slice(start, i));
      start = i + 1;
    } else if (char === "\\" || char === "_" || char === "*" || char === "!") {
      i++;
    } else if (char === '"' || char === "[") {
      const end = code.indexOf(char === "[" ? "]" : '"', i + 1);
      if (end < 0) break;
      i = end;
    }
  }
  return [...sections, code.slice(start)];
}

function isOfText(section: string): boolean {
  return section.replace(/"[^"]*"|[\\_*!]./g, "").includes("@");
}

const comparisons: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
  ">": (value, limit) => value > limit,
  ">=": (value, limit) => value >= limit,
  "=": (value, limit) => value === limit,
  "<>": (value, limit) => value !== limit,
};

/** The condition that a section says: `[<=9999999]`. Null: none. */
function conditionOf(section: string): FormatSection["takes"] | null {
  const bare = section.replace(/"[^"]*"|[\\_*!]./g, "");
  const match = /\[\s*(<=|>=|<>|<|>|=)\s*(-?\d{1,20}(?:\.\d{0,20})?(?:[eE][+-]?\d{1,3})?)\s*\]/.exec(bare);
  if (match === null) return null;
  const compare = comparisons[match[1]];
  const limit = Number(match[2]);
  return (value) => compare(value, limit);
}

/** What a section takes that says no condition of its own: by its place, and by what the others take. */
function defaultCondition(
  place: number,
  conditions: readonly (FormatSection["takes"] | null)[],
): FormatSection["takes"] {
  const count = conditions.length;
  if (place === count - 1) return () => true;
  if (place === 1) return (value) => value < 0;
  return count === 2 ? (value) => value >= 0 : (value) => value > 0;
}

/**
 * The kind of a format that has an id but no code: the list of 18.8.30, and Thai's from 71 on. Some ids are a date in one
 * East Asian language and a time in another; they count as dates, whose text follows the number (a fraction is a time).
 */
export function builtInKind(id: number): number {
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || (id >= 34 && id <= 36)) return numberDate;
  if ((id >= 50 && id <= 58) || (id >= 71 && id <= 74) || id === 81) return numberDate;
  if ((id >= 18 && id <= 21) || id === 32 || id === 33 || id === 45 || id === 47) return numberTime;
  if (id === 75 || id === 76 || id === 78 || id === 80) return numberTime;
  if (id === 22 || id === 77) return numberDatetime;
  if (id === 46 || id === 79) return numberDuration;
  return numberPlain;
}
