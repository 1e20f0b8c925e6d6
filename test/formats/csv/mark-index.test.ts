import { describe, expect, it } from "vitest";
import { MarkIndex } from "../../../src/formats/csv/mark-index.ts";
import { fc } from "../../property.ts";

const quote = 0x22;
const lineBreaks = [0x0a, 0x0d];

/** All marks of the text from `position` on, as far as they are told. */
function marksOf(text: Uint8Array, position: number, end: number, delimiter: number): number[] {
  const index = new MarkIndex(delimiter, quote);
  index.restart(text, position);
  const marks: number[] = [];
  while (index.advance(end)) marks.push(...index.positions.subarray(0, index.count));
  return marks;
}

describe("MarkIndex", () => {
  it("finds every delimiter, quote and line break, in order and within bounds", () => {
    const delimiters = fc.constantFrom(",", ";", "\t", "|", " ", ":").map((char) => char.charCodeAt(0));
    const byte = (delimiter: number) =>
      fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: 0, max: 255 }) },
        { weight: 2, arbitrary: fc.constantFrom(delimiter, delimiter + 1, quote, quote + 1, 0x0e, ...lineBreaks) },
      );
    const texts = delimiters.chain((delimiter) =>
      fc.record({
        delimiter: fc.constant(delimiter),
        bytes: fc.array(byte(delimiter), { maxLength: 200 }),
        copies: fc.constantFrom(1, 60),
        skipped: fc.nat(40),
        cut: fc.nat(40),
      }),
    );
    fc.assert(
      fc.property(texts, ({ delimiter, bytes, copies, skipped, cut }) => {
        const text = Uint8Array.from(Array.from({ length: copies }, () => bytes).flat());
        const position = Math.min(skipped, text.length);
        const end = Math.max(position, text.length - cut);
        const isMark = (each: number) => each === delimiter || each === quote || lineBreaks.includes(each);
        const expected = [...text.keys()].filter((at) => at >= position && at < end && isMark(text[at]));
        const found = marksOf(text, position, end, delimiter);
        expect(found.filter((at) => isMark(text[at]))).toEqual(expected);
        expect(found).toEqual([...new Set(found)].sort((a, b) => a - b));
        expect(found.every((at) => at >= position && at < end)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("begins anew in another text", () => {
    const index = new MarkIndex(0x3b, quote);
    index.restart(Buffer.from("a;b"), 0);
    index.advance(3);
    index.restart(Buffer.from("ab;;"), 1);
    expect(index.advance(4)).toBe(true);
    expect([...index.positions.subarray(0, index.count)]).toEqual([2, 3]);
    expect(index.advance(4)).toBe(false);
  });
});
