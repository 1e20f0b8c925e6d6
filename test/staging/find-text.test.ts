import { describe, expect, it } from "vitest";
import { replacer } from "../../src/staging/find-text.ts";
import { fc } from "../property.ts";

const max = 32_767;
const options = { wholeCell: false, caseSensitive: false };

/** As a regular expression does it. */
function byPattern(text: string, find: string, replace: string, caseSensitive: boolean): string {
  const pattern = RegExp(find.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"), caseSensitive ? "gu" : "giu");
  return text.replace(pattern, () => replace);
}

describe("find and replace within a cell", () => {
  it.each([
    ["Lyon sud, LYON", "lyon", "Paris", "Paris sud, Paris"],
    ["ÉTÉ été", "été", "été!", "été! été!"],
    ["STRAẞE straße", "straße", "rue", "rue rue"],
    ["aaaa", "aa", "b", "bb"],
    ["a.b a+b", "a.b", "$&", "$& a+b"],
    ["𐐀𐐨x", "𐐨", "y", "yyx"],
    ["abababc", "ababc", "-", "ab-"],
    ["x", "y", "z", "x"],
  ])("in %j, of %j by %j is %j", (text, find, replace, outcome) => {
    expect(replacer({ ...options, find, replace }, max)(text)).toBe(outcome);
  });

  it("does what a regular expression does, for any text", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "A", "b", "é", "É", "😀", ".", "$", " "), maxLength: 40 });
    const some = fc.string({ unit: fc.constantFrom("a", "A", "b", "é", "😀", "."), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(letters, some, letters, fc.boolean(), (text, find, replace, caseSensitive) => {
        const replaced = replacer({ find, replace, wholeCell: false, caseSensitive }, max)(text);
        expect(replaced).toBe(byPattern(text, find, replace, caseSensitive));
      }),
    );
  });

  it("makes no cell that is longer than one may be: it stays as it was", () => {
    const long = "a".repeat(30_000);
    expect(replacer({ ...options, find: "a", replace: "b".repeat(32_000) }, max)(long)).toBe(long);
    expect(replacer({ ...options, find: "a", replace: "bb" }, 4)("aa")).toBe("bbbb");
    expect(replacer({ ...options, find: "a", replace: "bb" }, 3)("aa")).toBe("aa");
  });

  it("takes a whole cell for what it is, white space around it aside", () => {
    const whole = replacer({ find: "été", replace: "x", wholeCell: true, caseSensitive: false }, max);
    expect(["ÉTÉ", " été ", "l'été"].map(whole)).toEqual(["x", "x", "l'été"]);
  });
});
