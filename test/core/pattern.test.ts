/** Patterns of importers match as the language says they do, and take time that grows with the text alone. */
import { describe, expect, it } from "vitest";
import { automatonOf } from "../../src/core/pattern/automaton.ts";
import { parsePattern } from "../../src/core/pattern/parse.ts";
import { matcherOf, patternProblem } from "../../src/core/pattern/pattern.ts";
import { fc } from "../property.ts";

/** As the language has it: the whole text, whatever `^` and `$` mean under the flag m. */
function byTheLanguage({ source, flags }: RegExp): (text: string) => boolean {
  const whole = new RegExp(`(?<![\\s\\S])(?:${source})(?![\\s\\S])`, flags.replace(/[gyd]/g, ""));
  return (text) => whole.test(text);
}

const byAutomaton = (pattern: RegExp): ((text: string) => boolean) =>
  automatonOf(parsePattern(pattern), /[uv]/.test(pattern.flags));

/** Written so that the compiler does not judge it: what old pages may say, and flags newer than its target. */
const written = (source: string, flags = ""): RegExp => new RegExp(source, flags);

/** `[pattern, texts]` of every kind of thing that a pattern can hold. */
const kinds: [RegExp, string[]][] = [
  [/[A-Z]{2}\d{3,5}-?x*/, ["AB123", "AB12", "AB12345-xxx", "ab123", "AB123456"]],
  [/abc|a(?:bc)+|/, ["abc", "", "abcbc", "ab"]],
  [/(\w+)@(?<host>\w+\.)+[a-z]{2,}/, ["a@b.fr", "a@b.c.fr", "a@b", "@b.fr"]],
  [/(?=.*\d)(?=.*[a-z])(?!.*\s).{4,}/, ["abc1", "abcd", "1234", "ab 1", "a1b2c3"]],
  [/\d+(?<=5)|\d+(?<!0)x/, ["15", "16", "10x", "11x"]],
  [/(?:(?!--)[a-z-])+/, ["a-b", "a--b", "", "abc-"]],
  [/été|\u00e9t\xe9/i, ["ÉTÉ", "été", "ete"]],
  [/\p{Lu}\p{L}*(?:[ '’-]\p{L}+)*/u, ["Éva Noël", "éva", "O'Brien", "Anna-Karin"]],
  [/.{2}|\u{1f600}+/u, ["😀", "😀😀", "😀😀😀", "ab"]],
  [/..|\ud83d\ude00{2}/, ["😀", "😀\ude00", "ab", "😀😀"]],
  [written("[\\p{L}--[a-z]]+", "v"), ["ABÉ", "abc", "Ab"]],
  [written("[[a-z]&&[^aeiou]]+|\\p{L}\\d", "v"), ["xyz", "abc", "é1"]],
  [/^a$|^b\b.*/, ["a", "b c", "bc", "b"]],
  [/a$\n^b/m, ["a\nb", "ab", "a\n"]],
  [/x.y/s, ["x\ny", "xzy"]],
  [/x.y/, ["x\ny", "xzy"]],
  [/[\]\\^-]+|[\s\S]{2}/, ["]\\^-", "\n\n", "a"]],
  [written("a{,2}|b{|c]|\\8|\\c"), ["a{,2}", "b{", "c]", "8", "\\c", "aa"]],
  [written("(a)\\2|\\101|\\cJ"), ["a\u0002", "A", "\n", "aa"]],
  [/(?:a*)*b|(?:a|a)*c|(?:|d){3}/, ["aab", "b", "aac", "dd", "dddd", ""]],
  [/\bfoo\b.\Bo\B/, ["foo o", "foo o", "fooxo"]],
  [/(?:a?){3}a{3}/, ["aaa", "aaaaaa", "aa", "aaaaaaa"]],
  [/[ſs]t\w/iu, ["ſtK", "STk", "ßtk"]],
];

describe("a pattern", () => {
  it.each(kinds)("matches the same texts as the language's own: %s", (pattern, texts) => {
    const right = texts.map(byTheLanguage(pattern));
    expect(texts.map(byAutomaton(pattern))).toEqual(right);
    expect(texts.map(matcherOf(pattern))).toEqual(right);
  });

  it("of any form matches as the language's own", () => {
    const leaf = fc.constantFrom(
      "a",
      "b",
      "[ab]",
      "[^a]",
      ".",
      "\\w",
      "\\d",
      "^",
      "$",
      "\\b",
      "\\B",
      "é",
      "(?=a)",
      "(?!b)",
      "(?<=a)",
      "(?<!b)",
    );
    const { source } = fc.letrec<{ source: string }>((tie) => ({
      source: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc.tuple(tie("source"), tie("source")).map(([one, other]) => `${one}${other}`),
        fc.tuple(tie("source"), tie("source")).map(([one, other]) => `(?:${one}|${other})`),
        fc
          .tuple(tie("source"), fc.constantFrom("*", "+", "?", "{2}", "{1,3}", "{0,2}?", "*?"))
          .map(([of, times]) => `(?:${of})${times}`),
        fc.tuple(fc.constantFrom("?=", "?!", "?<=", "?<!"), tie("source")).map(([sign, of]) => `(${sign}${of})`),
      ),
    }));
    fc.assert(
      fc.property(
        fc.tuple(
          source,
          fc.constantFrom("", "i", "u", "m", "iu"),
          fc.string({ unit: fc.constantFrom("a", "b", "B", "1", "é", "\n"), maxLength: 7 }),
        ),
        ([text, flags, cell]) => {
          const pattern = new RegExp(text, flags);
          const right = byTheLanguage(pattern)(cell);
          expect([text, byAutomaton(pattern)(cell)]).toEqual([text, right]);
          expect([text, matcherOf(pattern)(cell)]).toEqual([text, right]);
        },
      ),
      { numRuns: 2000 },
    );
  });

  // Each takes an engine that backtracks longer than anybody waits.
  it.each([
    [/(a+)+/, "a"],
    [/(a|a)*/, "a"],
    [/(a|aa)+/, "a"],
    [/(?:a?){40}a{40}/, "a"],
    [/a*a*a*a*a*b/, "a"],
    [/.*a.*a.*a.*b/, "a"],
    [/(?:\w+\s?)+/, "a"],
    [/([a-z]+)*@([a-z]+)*/, "a"],
    [/(?=(?:a+)+b).*/, "a"],
    [/(?:(?:a|b)*c?)*/, "ab"],
    [/a{0,900}a{0,900}/, "a"],
    [/(?<=(?:a*)*b)x|a+/, "a"],
    [/[\s\S]*[\s\S]*!/u, "é"],
  ])("%s is done with a long cell at once", (pattern, unit) => {
    const cell = `${unit.repeat(30_000)}\t\t`;
    expect(matcherOf(pattern)(cell)).toBe(false);
  });

  it.each([
    [/(a+)\1/, /back reference/],
    [/(?<year>\d+)-\k<year>/, /back reference/],
    [/(?:[a-z]{1,90}){1,90}x/, /more than 4000 steps/],
    [written("[\\q{abc|d}]+", "v"), /several characters/],
  ])("%s is refused for what cannot be matched so", (pattern, problem) => {
    expect(patternProblem(pattern)).toMatch(problem);
  });

  it("takes no notice of flags that say where to look", () => {
    const matches = matcherOf(/[a-z]+/g);
    expect([matches("abc"), matches("abc"), matches("1abc")]).toEqual([true, true, false]);
    expect(matcherOf(/bc/y)("abc")).toBe(false);
    expect(matcherOf(/[a-z]+/m)("abc\ndef")).toBe(false);
  });
});
