import metadata from "libphonenumber-js/min/metadata";
import { describe, expect, it } from "vitest";
import { digitPattern } from "../../src/values/digit-pattern.ts";
import { fc } from "../property.ts";

/** The pattern of national numbers stands third in a country's entry. */
const nationalPatterns = Object.values((metadata as unknown as { countries: Record<string, unknown[]> }).countries).map(
  (country) => String(country[2]),
);

describe("digitPattern", () => {
  it("spells out nearly every country's pattern, and fits what the regular expression does", () => {
    let spelt = 0;
    for (const source of nationalPatterns) {
      const pattern = digitPattern(source);
      if (pattern === null) continue;
      spelt++;
      const whole = new RegExp(`^(?:${source})$`);
      // Numbers that fit, or miss by little, are found among those that begin as the pattern does.
      const number = fc.oneof(fc.stringMatching(whole), fc.stringMatching(/^\d{0,15}$/));
      const changed = fc.tuple(number, fc.nat(14), fc.nat(9)).map(([digits, at, digit]) => {
        return at < digits.length ? digits.slice(0, at) + digit + digits.slice(at + 1) : digits;
      });
      fc.assert(
        fc.property(fc.oneof(number, changed), (digits) => {
          expect([digits, pattern.fits(Buffer.from(digits), digits.length)]).toEqual([digits, whole.test(digits)]);
        }),
        { numRuns: 40 },
      );
    }
    expect(spelt).toBeGreaterThan(0.9 * nationalPatterns.length);
  });

  it.each([
    ["a group that may be missing", "12(?:34)?", ["12", "1234"], ["123", "12345"]],
    ["a number of times", "1[2-4]{2,3}", ["122", "1434"], ["12", "12222", "152"]],
    ["alternatives within one another", "1(?:2|3(?:4|5\\d))", ["12", "134", "1359"], ["13", "135", "2"]],
  ])("reads %s", (_, source, fitting, others) => {
    const pattern = digitPattern(source);
    const fits = (digits: string) => pattern?.fits(Buffer.from(digits), digits.length);
    expect(fitting.filter(fits)).toEqual(fitting);
    expect(others.filter(fits)).toEqual([]);
  });

  it.each([
    ["letters", "12a"],
    ["a look ahead", "(?=1)\\d"],
    ["an open group", "(?:1"],
    ["too many spellings", "(?:1|2){8}"],
  ])("leaves %s to the regular expression", (_, source) => {
    expect(digitPattern(source)).toBeNull();
  });
});
