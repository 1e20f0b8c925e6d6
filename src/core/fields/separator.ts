/** What separates the values in a cell: texts, or a pattern of single characters. */
import { type Node, PatternRefused, parsePattern } from "../pattern/parse.ts";
import { isPattern, shown } from "../shape/shape.ts";

/** Blocks of Unicode in which separators are looked for: Latin, general, CJK and full-width punctuation. */
const blocks: readonly (readonly [from: number, to: number])[] = [
  [0x09, 0x0d],
  [0x20, 0x7e],
  [0xa0, 0xff],
  [0x2000, 0x206f],
  [0x3000, 0x303f],
  [0xff00, 0xff65],
];
/** Characters of a separator. */
const maxChars = 10;

/** The texts that a separator stands for. @throws PatternRefused for a pattern that is more than a character. */
export function marksOf(separator: string | readonly string[] | RegExp): readonly string[] {
  if (typeof separator === "string") return [separator];
  return isPattern(separator) ? charactersOf(separator) : separator;
}

function charactersOf(pattern: RegExp): string[] {
  const single = singleOf(parsePattern(pattern));
  if (single === null) throw new PatternRefused("");
  const found: string[] = [];
  const tests = single.map(({ source, flags }) => new RegExp(`^(?:${source})$`, flags));
  for (const [from, to] of blocks) {
    for (let code = from; code <= to; code++) {
      const char = String.fromCharCode(code);
      if (tests.some((test) => test.test(char))) found.push(char);
    }
  }
  return found;
}

type Character = Extract<Node, { kind: "character" }>;

/** The one character that a pattern is about: `[;,]`, `[;,]+`, `;|,`, with white space around it, which is dropped anyway. */
function singleOf(node: Node): Character[] | null {
  switch (node.kind) {
    case "character":
      return [node];
    case "repeat":
      return node.least <= 1 ? singleOf(node.of) : null;
    case "either": {
      const ways = node.of.map(singleOf);
      return ways.includes(null) ? null : (ways as Character[][]).flat();
    }
    case "sequence": {
      const told = node.of.filter((each) => !isOptionalSpace(each));
      return told.length === 1 ? singleOf(told[0]) : null;
    }
    default:
      return null;
  }
}

function isOptionalSpace(node: Node): boolean {
  return (
    node.kind === "repeat" && node.least === 0 && node.of.kind === "character" && [" ", "\\s"].includes(node.of.source)
  );
}

/** What is wrong with a separator of a definition; null: nothing. */
export function separatorProblem(value: unknown, place: string): string | null {
  if (isPattern(value)) {
    const tooMuch = `${place} is ${value}: it must be a pattern of single characters, as /[;,]/, or texts, as [";", " - "]`;
    try {
      return charactersOf(value).length === 0 ? tooMuch : null;
    } catch (error) {
      if (error instanceof PatternRefused) return tooMuch;
      throw error;
    }
  }
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (texts.length === 0) return `${place} is empty: name at least one, as [";"]`;
  const wrong = texts.find((each) => typeof each !== "string" || each === "" || each.length > maxChars);
  if (wrong === undefined && !texts.includes(undefined)) return null;
  return `${place} is ${shown(wrong)}: it must be a text of 1 to ${maxChars} characters, as ";", several of them, or a pattern, as /[;,]/`;
}
