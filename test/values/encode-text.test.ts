/** Text as it stands, with COPY's escapes, within its limits, and through a user's own validators. */
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Field, field } from "../../src/core/field.ts";
import { CopyText } from "../../src/values/copy-text.ts";
import { encodePlainText } from "../../src/values/encode-text.ts";
import { encodersOf } from "../../src/values/encoder.ts";
import { brief, encoded, type Outcome } from "./encode-cell.ts";

const text = field.text();

describe("encodePlainText", () => {
  it.each([
    ["backslash", "a\\b", "a\\\\b"],
    ["tab", "a\tb", "a\\tb"],
    ["line feed", "a\nb", "a\\nb"],
    ["carriage return", "a\rb", "a\\rb"],
    ["backspace", "a\bb", "a\\bb"],
    ["form feed", "a\fb", "a\\fb"],
    ["vertical tab", "a\vb", "a\\vb"],
    ["what looks like null", "\\N", "\\\\N"],
    ["what looks like COPY's end", "\\.", "\\\\."],
    ["other control characters", "a\u0001\u001f\u007fb", "a\u0001\u001f\u007fb"],
  ])("writes a %s as COPY wants it", (_, cell, copy) => {
    const out = new CopyText(4);
    const bytes = Buffer.from(cell);
    expect(encodePlainText(bytes, 0, bytes.length, out)).toBeNull();
    expect(out.bytes.toString("utf8", 0, out.length)).toBe(copy);
    expect(out.read(0, out.length)).toBe(cell);
  });

  it.each([
    "00123",
    "+33 6",
    "1E5",
    "3.36E+10",
    "12345678901234567890",
    "Zoé",
    "日本",
    "😀",
    "=1+1",
    "TRUE",
    "NULL",
    "a\u00a0b",
  ])("keeps %j", (cell) => {
    expect(encoded(text, cell)).toBe(cell);
  });

  const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
  it.each([
    ["a NUL", bytes(0x61, 0, 0x62), "nul_character"],
    ["a byte of Windows-1252", bytes(0x61, 0xe9, 0x62), "encoding_invalid"],
    ["a continuation alone", bytes(0x80), "encoding_invalid"],
    ["two bytes of three", bytes(0xe2, 0x82), "encoding_invalid"],
    ["three bytes of four", bytes(0xf0, 0x9f, 0x98), "encoding_invalid"],
    ["an overlong slash of two bytes", bytes(0xc0, 0xaf), "encoding_invalid"],
    ["an overlong of three bytes", bytes(0xe0, 0x9f, 0xbf), "encoding_invalid"],
    ["an overlong of four bytes", bytes(0xf0, 0x8f, 0xbf, 0xbf), "encoding_invalid"],
    ["a high surrogate", bytes(0xed, 0xa0, 0xbd), "encoding_invalid"],
    ["a pair of surrogates (CESU-8)", bytes(0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80), "encoding_invalid"],
    ["beyond U+10FFFF", bytes(0xf4, 0x90, 0x80, 0x80), "encoding_invalid"],
    ["a byte that UTF-8 never has", bytes(0xff), "encoding_invalid"],
    ["the first of two bytes", bytes(0xc2, 0x80), '"\u0080"'],
    ["the last before the surrogates", bytes(0xed, 0x9f, 0xbf), '"\ud7ff"'],
    ["the last of all", bytes(0xf4, 0x8f, 0xbf, 0xbf), JSON.stringify("\u{10ffff}")],
  ])("judges %s", (_, cell, outcome) => {
    expect(brief(encoded(text, cell))).toBe(outcome);
  });
});

describe("textEncoder", () => {
  it.each<[string, Parameters<typeof field.text>[0], string, Outcome]>([
    ["counts characters, not bytes", { maxLength: 3 }, "é😀日", "é😀日"],
    [
      "takes a text of a million characters at most, whatever the field allows",
      { maxLength: 2_000_000 },
      "é".repeat(1_000_001),
      { code: "text_too_long", params: { max: 1_000_000 } },
    ],
    ["names the greatest length", { maxLength: 3 }, "é😀日x", { code: "text_too_long", params: { max: 3 } }],
    ["names the least length", { minLength: 3 }, "😀é", { code: "text_too_short", params: { min: 3 } }],
    ["takes the least length", { minLength: 3 }, "😀éx", "😀éx"],
    [
      "wants the whole text to match",
      { pattern: /\d{5}/ },
      "75001x",
      { code: "text_pattern", params: { pattern: "\\d{5}" } },
    ],
    [
      "wants all of an alternative to match",
      { pattern: /a|bc/ },
      "abc",
      { code: "text_pattern", params: { pattern: "a|bc" } },
    ],
    ["takes what matches", { pattern: /[a-zé]+/giu }, "ZOÉ", "ZOÉ"],
  ])("%s", (_, limits, cell, outcome) => {
    const limited = field.text(limits);
    expect([encoded(limited, cell), encoded(limited, cell)]).toEqual([outcome, outcome]);
  });

  it.each(["3,36E+10", "3.36e+10", "1E+05"])("names %s in a key as a spreadsheet's damage", (cell) => {
    expect(brief(encoded(text, cell, {}, true))).toBe("spreadsheet_damage");
    expect(encoded(text, cell, {}, false)).toBe(cell);
  });

  it.each(["1E5", "12E", "E+10", "ABC-1E+10", "3,36E+10x"])("takes %s in a key", (cell) => {
    expect(encoded(text, cell, {}, true)).toBe(cell);
  });
});

describe("withSchema", () => {
  const rejected = (message: string): Outcome => ({ code: "value_rejected", params: { message } });

  it.each<[string, Field, string, Outcome]>([
    ["Zod accepts", field.text({ validate: z.string().startsWith("FR") }), "FR-1", "FR-1"],
    [
      "Zod refuses",
      field.text({ validate: z.string().startsWith("FR", "must begin with FR").max(3, "is too long") }),
      "DE-1",
      rejected("must begin with FR; is too long"),
    ],
    ["Zod transforms", field.text({ validate: z.string().transform((value) => value.toUpperCase()) }), "a\tb", "A\tB"],
    ["Valibot accepts", field.text({ validate: v.pipe(v.string(), v.minLength(2)) }), "ab", "ab"],
    [
      "Valibot refuses",
      field.text({ validate: v.pipe(v.string(), v.minLength(2, "is too short")) }),
      "a",
      rejected("is too short"),
    ],
    [
      "Valibot transforms",
      field.text({
        validate: v.pipe(
          v.string(),
          v.transform((value) => `<${value}>`),
        ),
      }),
      "a",
      "<a>",
    ],
    ["ArkType accepts", field.text({ validate: type("string > 1") }), "ab", "ab"],
    [
      "ArkType transforms",
      field.text({ validate: type("string").pipe((value) => value.split("").reverse().join("")) }),
      "ab",
      "ba",
    ],
    ["sees the normalised value", field.email({ validate: z.string().regex(/^[a-z.@]+$/) }), "A@B.FR", "a@b.fr"],
    [
      "is not asked about what is no value of the field",
      field.integer({ validate: z.string().transform(() => "1") }),
      "x",
      { code: "integer_invalid" },
    ],
    [
      "turns a value into none",
      field.text({ validate: z.string().transform((value) => (value === "-" ? null : value)) }),
      "-",
      null,
    ],
    ["turns a value into white space", field.text({ validate: z.string().transform(() => " ") }), "x", null],
    ["gives a number", field.decimal({ validate: z.string().transform((value) => Number(value) * 1.5) }), "1", "1.5"],
    ["gives a boolean", field.boolean({ validate: z.string().transform((value) => value === "t") }), "oui", "t"],
    [
      "gives a Date",
      field.datetime({ validate: z.string().transform(() => new Date(0)) }),
      "5 mars 2024",
      "1970-01-01 00:00:00.000 Z",
    ],
    [
      "gives a Date for a day",
      field.date({ validate: z.string().transform(() => new Date(0)) }),
      "5 mars 2024",
      "1970-01-01",
    ],
    [
      "gives what the column cannot hold",
      field.integer({ validate: z.string().transform(() => "many") }),
      "1",
      { code: "integer_invalid" },
    ],
    [
      "gives what is no choice",
      field.choice({ a: [], b: [] }, { validate: z.string().transform(() => "c") }),
      "a",
      { code: "choice_unknown", params: { choices: "a, b" } },
    ],
    ["gives a NUL", field.text({ validate: z.string().transform(() => "a\0") }), "a", { code: "nul_character" }],
  ])("%s", (_, of, cell, outcome) => {
    expect(encoded(of, cell)).toEqual(outcome);
  });

  it("keeps a message of ArkType", () => {
    expect(brief(encoded(field.text({ validate: type("string > 1") }), "a"))).toBe("value_rejected");
  });

  it("reads an output in plain form, whatever the column's own decimal mark", () => {
    const price = field.decimal({ validate: z.string().transform((value) => Number(value)) });
    expect(encoded(price, "1,234", { decimalMark: "," })).toBe("1.234");
  });

  it.each([
    ["Zod", z.string().refine(async () => true)],
    [
      "Valibot",
      v.pipeAsync(
        v.string(),
        v.checkAsync(async () => true),
      ),
    ],
  ])("says that an asynchronous validator of %s cannot be", (_, validate) => {
    const { encode } = encodersOf("code", field.text({ validate }), { transform: {}, isKey: false });
    expect(() => encode(Buffer.from("a"), 0, 1, new CopyText(8))).toThrow(
      /validator of the field "code" is asynchronous.*synchronous/,
    );
  });

  it("says that a validator must not return an object", () => {
    const code = field.text({ validate: z.string().transform(() => ({ a: 1 })) });
    const { encode } = encodersOf("code", code, { transform: {}, isKey: false });
    expect(() => encode(Buffer.from("a"), 0, 1, new CopyText(8))).toThrow(
      /validator of the field "code" returned an object/,
    );
  });
});
