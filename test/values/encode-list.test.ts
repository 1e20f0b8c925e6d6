/** Cells of several values, and what separates them. */
import { describe, expect, it } from "vitest";
import { type Field, field, kindOf } from "../../src/core/field.ts";
import { arrayParts, arrayText } from "../../src/core/fields/array-text.ts";
import type { Transform } from "../../src/core/import.ts";
import { encodersOf, shownText, writtenText } from "../../src/values/encoder.ts";
import { partsOf } from "../../src/values/split-cell.ts";
import { fc } from "../property.ts";
import { encodeCell, encoded, encodedTyped } from "./encode-cell.ts";

/** The elements, or what is wrong. */
function listed(of: Field, cell: string, transform: Transform = {}): unknown {
  const outcome = encoded(of, cell, transform);
  return typeof outcome === "string" ? arrayParts(outcome) : outcome;
}

describe("a list's cell", () => {
  const text = field.list(field.text());
  it.each<[what: string, of: Field, cell: string, transform: Transform, parts: (string | null)[] | null]>([
    ["one value", text, "red", {}, ["red"]],
    [
      "values by the marks that hardly stand within one",
      text,
      "red; green | blue\nblack",
      {},
      ["red", "green", "blue", "black"],
    ],
    ["a comma within a value", text, "Smith, John; Doe, Jane", {}, ["Smith, John", "Doe, Jane"]],
    ["the column's own mark", text, "red, green;blue", { separator: "," }, ["red", "green;blue"]],
    ["a mark of several characters", text, "A - B-C - D", { separator: " - " }, ["A", "B-C", "D"]],
    ["blanks between words", text, "red  green", { separator: " " }, ["red", "green"]],
    ["blank parts, and spaces of spreadsheets", text, " red ;;\u00a0green\u202f; ; ", {}, ["red", "green"]],
    ["the same twice", text, "red;green;red", {}, ["red", "green"]],
    ["quoted parts", text, '"a;b"; "say ""hi""" ;c', {}, ["a;b", 'say "hi"', "c"]],
    ["a quote that does not close", text, '"a;b', {}, ['"a', "b"]],
    ["inches, which are no quotes", text, '3" pipe; 4" pipe', {}, ['3" pipe', '4" pipe']],
    ["a quote with more behind it", text, '"a" b;c', {}, ['"a" b', "c"]],
    ["separators alone", text, " ; ; ", {}, null],
    ["what arrays and COPY escape", text, 'a\\b;"{x}";NULL;a\tb;,', {}, ["a\\b", "{x}", "NULL", "a\tb", ","]],
    ["a JSON array", text, '["a; b", "c", null, ""]', {}, ["a; b", "c"]],
    ["an array that is no JSON", text, "[a]; [b]", {}, ["[a]", "[b]"]],
    ["whole numbers", field.list(field.integer()), "1; 2 000;3", {}, ["1", "2000", "3"]],
    ["numbers of a JSON array", field.list(field.decimal()), "[1.5, 2]", { decimalMark: "," }, ["1.5", "2"]],
    [
      "numbers of a JSON array that have more digits than a number of JavaScript",
      text,
      '["\\\\\\"1e2", 12345678901234567890, 1e21, 0.12345678901234567891, 0.0000001, 1e2]',
      {},
      ['\\"1e2', "12345678901234567890", "1000000000000000000000", "0.12345678901234567891", "0.0000001", "100"],
    ],
    ["decimals by the column's mark", field.list(field.decimal()), "1,5; 2,25", { decimalMark: "," }, ["1.5", "2.25"]],
    [
      "days by the column's order",
      field.list(field.date()),
      "05/03/2024; 2024-03-06",
      { dateOrder: "mdy" },
      ["2024-05-03", "2024-03-06"],
    ],
    [
      "choices by their words",
      field.list(field.choice({ s: ["small"], m: ["medium"] })),
      "Small; M; small",
      {},
      ["s", "m"],
    ],
    ["choices by the mapping's words", field.list(field.choice({ s: [] })), "Klein", { values: { klein: "s" } }, ["s"]],
    ["the same value said twice", field.list(field.email()), "A@x.fr; a@X.fr", {}, ["a@x.fr"]],
    ["the field's own separator", field.list(field.text(), { separator: /[;,]/ }), "a,b;c|d", {}, ["a", "b", "c|d"]],
    [
      "a separator of the mapping before the field's",
      field.list(field.text(), { separator: ";" }),
      "a,b;c",
      { separator: "," },
      ["a", "b;c"],
    ],
  ])("reads %s", (_what, of, cell, transform, parts) => {
    expect(listed(of, cell, transform)).toEqual(parts);
  });

  it.each<[of: Field, cell: string, finding: object]>([
    [field.list(field.integer()), "1; two; 3", { code: "integer_invalid", params: { part: "two" } }],
    [field.list(field.integer({ max: 9 })), "1;10", { code: "number_too_large", params: { max: 9, part: "10" } }],
    [
      field.list(field.text({ maxLength: 70 })),
      "x".repeat(80),
      { code: "text_too_long", params: { max: 70, part: `${"x".repeat(60)}…` } },
    ],
    [field.list(field.email()), "a@x.fr; b", { code: "email_invalid", params: { part: "b" } }],
    [field.list(field.text(), { max: 2 }), "a;b;a;b;c", { code: "list_too_long", params: { max: 2 } }],
    [
      field.list(field.text()),
      Array.from({ length: 10_000 }, (_, k) => k).join(";"),
      { code: "list_too_long", params: { max: 1000 } },
    ],
  ])("names the part that is wrong: %#", (of, cell, finding) => {
    expect(listed(of, cell)).toEqual(finding);
  });

  it("takes a cell that the file typed for one value", () => {
    expect(encodedTyped(field.list(field.decimal()), "1.5", { decimalMark: "," })).toBe('{"1.5"}');
    expect(encodedTyped(text, "a;b")).toBe('{"a;b"}');
  });

  it("is seen by a check as an array of the element's values", () => {
    const sizes = field.list(field.integer());
    expect(kindOf(sizes).value(encoded(sizes, "1;2") as string, sizes)).toEqual([1, 2]);
    const flags = field.list(field.boolean());
    expect(kindOf(flags).value(encoded(flags, "yes;no") as string, flags)).toEqual([true, false]);
  });

  it("comes back from the stage's JSON as it was written, and as a cell has it", () => {
    const days = field.list(field.datetime({ timeZone: "Europe/Paris" }));
    expect(writtenText(days, '["2024-01-31T07:30:00+00:00"]')).toBe('{"2024-01-31 08:30:00 Europe/Paris"}');
    expect(writtenText(field.list(field.boolean()), "[true, false]")).toBe('{"t","f"}');
    const amounts = field.list(field.decimal());
    expect(writtenText(amounts, "[12345678901234567890.12, 1.5]")).toBe('{"12345678901234567890.12","1.5"}');
    expect(shownText(amounts, "[12345678901234567890.12, 1.5]")).toBe("12345678901234567890.12; 1.5");
    expect(shownText(text, '["a;b", "c"]')).toBe('"a;b"; c');
    expect(shownText(text, '["a", "c"]', { separator: "\n" })).toBe("a\nc");
  });

  it("is shown so that it reads as it was", () => {
    const value = fc.oneof(
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
      fc.constantFrom("a|b", "a;b", "a\nb", "[1]", '["x"]', '"x"', 'x"', "[", "]"),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), (values) => {
        const parts = listed(text, JSON.stringify(values));
        if (Array.isArray(parts)) expect(listed(text, shownText(text, JSON.stringify(parts)))).toEqual(parts);
      }),
    );
  });

  it("is shown with the column's own decimal mark, by which it is read", () => {
    const amounts = field.list(field.decimal());
    const transform = { decimalMark: ",", separator: ";" } as const;
    expect(shownText(amounts, "[1.234, -2.5, 3]", transform)).toBe("1,234; -2,5; 3");
    expect(listed(amounts, "1,234; -2,5; 3", transform)).toEqual(["1.234", "-2.5", "3"]);
  });

  it("is what went in, whatever its values hold", () => {
    const value = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
      .map((each) => each.replaceAll("\0", "").trim());
    fc.assert(
      fc.property(
        fc.array(
          value.filter((each) => each !== ""),
          { minLength: 1, maxLength: 8 },
        ),
        (values) => {
          const wanted = [...new Set(values)];
          expect(arrayParts(arrayText(values))).toEqual(values);
          // What a part of a cell is trimmed of, a JSON array's element is as well.
          const cell = values.map((each) => `"${each.replaceAll('"', '""')}"`).join(";");
          const { encode } = encodersOf("it", text, { transform: { separator: ";" }, isKey: false });
          const outcome = encodeCell(encode, cell);
          if (typeof outcome === "string")
            expect(new Set(arrayParts(outcome))).toEqual(new Set(wanted.map(trimmed).filter(Boolean)));
        },
      ),
    );
  });
});

/** Spreadsheets' spaces are those that a cell is trimmed of. */
function trimmed(value: string): string {
  return value.replace(/^[\t\n\v\f\r \u00a0\u202f]+|[\t\n\v\f\r \u00a0\u202f]+$/g, "");
}

describe("partsOf", () => {
  it("finds the longest separator first", () => {
    expect(partsOf("a--b-c", ["-", "--"])).toEqual(["a", "b", "c"]);
  });
});
