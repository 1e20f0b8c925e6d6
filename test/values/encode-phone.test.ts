/** Phone numbers: the quick reading of bytes must never differ from the library's. */

import { getCountries, getExampleNumber } from "libphonenumber-js/min";
import examples from "libphonenumber-js/mobile/examples";
import { describe, expect, it } from "vitest";
import { parsePhone, phoneEncoder } from "../../src/values/encode-phone.ts";
import { fc } from "../property.ts";
import { brief, encodeCell } from "./encode-cell.ts";

const countries = ["FR", "SE", "GB", "US", "BE", "DE"];
const encoders = new Map(countries.map((country) => [country, phoneEncoder(country)]));

/** What the encoder and the library make of a cell, each as text. */
function bothOf(cell: string, country: string): [string, string] {
  const own = encodeCell(encoders.get(country) ?? phoneEncoder(country), cell);
  // A zero that is missing is told of; of several numbers the library knows none.
  const isWarned = own !== null && typeof own === "object" && "warning" in own;
  const value = isWarned ? (own.warning.code === "several_values" ? null : own.value) : own;
  // Separators around a number lose nothing.
  const bare = typeof value === "string" ? cell.replace(/^[\s;,|/]+|[\s;,|/]+$/g, "") : cell;
  // What a float has behind its point is no digit of the number.
  const isFloat = /^\+?\d{6,}\.0$/.test(cell);
  const library = isFloat ? null : (parsePhone(cell, country) ?? parsePhone(bare, country));
  return [
    value === null ? "phone_invalid" : brief(value),
    library === null ? "phone_invalid" : JSON.stringify(library),
  ];
}

describe("phoneEncoder", () => {
  it.each([
    ["0612345678", '"+33612345678"'],
    ["06 12 34 56 78", '"+33612345678"'],
    ["06.12.34.56.78", '"+33612345678"'],
    ["06-12-34-56-78", '"+33612345678"'],
    ["06/12/34/56/78", '"+33612345678"'],
    ["+33612345678", '"+33612345678"'],
    ["+33 6 12 34 56 78", '"+33612345678"'],
    ["0033 6 12 34 56 78", '"+33612345678"'],
    ["(0)6 12 34 56 78", '"+33612345678"'],
    ["+33 (0)6 12 34 56 78", '"+33612345678"'],
    ["+33(0)612345678", '"+33612345678"'],
    ["0033 (0) 6 12 34 56 78", '"+33612345678"'],
    ["(06) 12 34 56 78", '"+33612345678"'],
    ["06\u00a012\u00a034\u00a056\u00a078", '"+33612345678"'],
    ["01 23 45 67 89", '"+33123456789"'],
    ["+32 475 12 34 56", '"+32475123456"'],
    ["0032 (0)475 12 34 56", '"+32475123456"'],
    ["+41 44 668 18 00", '"+41446681800"'],
    ["+46 70-123 45 67", '"+46701234567"'],
    ["+1 212 555 2368", '"+12125552368"'],
    ["+44 20 7946 0958", '"+442079460958"'],
    ["+39 06 6982", '"+39066982"'],
    ["33612345678", '"+33612345678"'],
    ["612345678", '"+33612345678" leading_zero_lost'],
    ["145678901", '"+33145678901" leading_zero_lost'],
    ["6 12 34 56 78", '"+33612345678"'],
    ["0612345678 ext. 12", "phone_invalid"],
    ["061234567", "phone_invalid"],
    ["06123456789", "phone_invalid"],
    ["0012345678", "phone_invalid"],
    ["000534000000", "phone_invalid"],
    ["+33 0", "phone_invalid"],
    ["+", "phone_invalid"],
    ["0", "phone_invalid"],
    ["00", "phone_invalid"],
    ["+999 123456789", "phone_invalid"],
    ["N/A", "phone_invalid"],
    ["0612345678 / 0145678901", '"+33612345678" several_values'],
    ["0612345678/0145678901", '"+33612345678" several_values'],
    ["06 12 34 56 78 ou 01 45 67 89 01", '"+33612345678" several_values'],
    ["06.12.34.56.78, 01.45.67.89.01; +46 70-123 45 67", '"+33612345678" several_values'],
    ["06 12 34 56 78\n01 45 67 89 01", '"+33612345678" several_values'],
    ["0612345679999 ; 01 45 67 89 01", '"+33145678901" several_values'],
    ["0612345678; +33 6 12 34 56 78", '"+33612345678"'],
    ["0612345678;", '"+33612345678"'],
    ["0612345678/12345678", "phone_invalid"],
    ["0612345678, poste 12", "phone_invalid"],
    ["0612345678 (bureau)", "phone_invalid"],
    ["06 12 34 56 7é", "phone_invalid"],
    ["0".repeat(61), "phone_invalid"],
    ["3,36E+10", "spreadsheet_damage"],
    ["3.36123456789E+10", "spreadsheet_damage"],
    ["33612345678E+2", "spreadsheet_damage"],
    ["3,36E10", "phone_invalid"],
  ])("reads %j in France as %s", (cell, outcome) => {
    expect(brief(encodeCell(phoneEncoder("FR"), cell))).toBe(outcome);
  });

  it("takes the first of several numbers, and names the others, however they are parted", () => {
    const numbers = fc.constantFrom(
      "0612345678",
      "+33 1 45 67 89 01",
      "06.98.76.54.32",
      "+46 70-123 45 67",
      "0044 20 7946 0958",
    );
    const between = fc.constantFrom(";", ",", " / ", "\n", " ou ", " or ", " och ", " | ", " ; ");
    fc.assert(
      fc.property(fc.uniqueArray(numbers, { minLength: 2 }), between, (several, separator) => {
        expect(encodeCell(phoneEncoder("FR"), several.join(separator))).toEqual({
          value: parsePhone(several[0], "FR"),
          warning: {
            code: "several_values",
            params: { value: parsePhone(several[0], "FR"), others: several.slice(1).join("; ") },
          },
        });
      }),
    );
  });

  it("refuses a country that there is not", () => {
    expect(() => phoneEncoder("XX")).toThrow(/"XX" is not a country/);
  });

  it("agrees with the library on an example of every country, in every plain form", () => {
    const different: string[][] = [];
    for (const country of getCountries()) {
      const number = getExampleNumber(country, examples);
      if (number === undefined) continue;
      const { nationalNumber: national, countryCallingCode: code } = number;
      const forms = [
        `0${national}`,
        `(0)${national}`,
        national,
        `+${code}${national}`,
        `+${code} (0)${national}`,
        `00${code}${national}`,
        `+${code} 0${national}`,
        number.formatNational(),
        number.formatInternational(),
      ];
      for (const home of new Set<string>([country, "FR", "US"])) {
        for (const form of forms) {
          const [own, library] = bothOf(form, home);
          if (own !== library) different.push([home, form, own, library]);
        }
      }
    }
    expect(different).toEqual([]);
  });

  const separators = fc.constantFrom("", "", "", " ", ".", "-", "/", "  ", " - ", "(", ")", ") ", "\u00a0", "+", "x");
  const spread = (digits: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc.tuple(digits, fc.array(separators, { maxLength: 16 })).map(([text, between]) =>
      [...text]
        .map((digit, k) => digit + (between[k] ?? ""))
        .join("")
        .trim(),
    );
  const digits = (min: number, max: number): fc.Arbitrary<string> =>
    fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: min, maxLength: max });

  const known = getCountries().flatMap((country) => {
    const example = getExampleNumber(country, examples);
    return example === undefined ? [] : [[example.countryCallingCode as string, example.nationalNumber as string]];
  });
  /** A number of some country with its last digits changed. */
  const foreign = fc
    .tuple(fc.constantFrom(...known), digits(0, 4))
    .map(([[code, national], tail]) => [code, national.slice(0, national.length - tail.length) + tail]);
  const prefix = fc.constantFrom("+", "00", "+ ", "(+", "011", "0");
  const trunk = fc.constantFrom("", "", "0", "(0)", " (0)", " (0) ", "( 0)", "(00)", "(0");

  const sharedCodes = ["1", "7", "39", "44", "47", "61", "212", "262", "290", "358", "590", "599"];
  const forms: [what: string, cells: fc.Arbitrary<string>][] = [
    [
      "of a calling code that several countries share",
      fc.tuple(prefix, fc.constantFrom(...sharedCodes), digits(4, 11)).map((parts) => parts.join("")),
    ],
    ["national forms", spread(digits(7, 11).map((rest) => `0${rest}`))],
    [
      "national forms with a bracketed trunk prefix",
      fc.tuple(trunk, spread(digits(7, 11))).map((parts) => parts.join("").trim()),
    ],
    [
      "home numbers from abroad",
      fc
        .tuple(prefix, fc.constantFrom("33", "46", "44", "1", "32", "49"), trunk, spread(digits(6, 12)))
        .map((parts) => parts.join("")),
    ],
    [
      "numbers of every country",
      fc
        .tuple(prefix, foreign, trunk)
        .chain(([plus, [code, national], zero]) =>
          spread(fc.constant(national)).map((rest) => plus + code + zero + rest),
        ),
    ],
    [
      "numbers of every country, separators anywhere",
      fc
        .tuple(prefix, foreign)
        .chain(([plus, [code, national]]) => spread(fc.constant(code + national)).map((rest) => plus + rest)),
    ],
    [
      "garbage",
      fc
        .string({ unit: fc.constantFrom(..."0000123456789+++()()-./ xeE,;é#*"), maxLength: 20 })
        .map((text) => text.trim()),
    ],
  ];
  it.each(forms)("agrees with the library on %s", (_, cells) => {
    fc.assert(
      fc.property(cells, fc.constantFrom(...countries), (cell, country) => {
        fc.pre(cell !== "" && !/^\d+(?:[.,]\d*)?[eE]\+\d+$/.test(cell));
        const [own, library] = bothOf(cell, country);
        expect(own).toBe(library);
      }),
      { numRuns: 4000 },
    );
  });
});
