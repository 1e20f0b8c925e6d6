/** The buffer of COPY's text format. */

import { describe, expect, it } from "vitest";
import { CopyText } from "../../src/values/copy-text.ts";
import { fc } from "../property.ts";

describe("CopyText", () => {
  it.each([
    0,
    1,
    9,
    10,
    99,
    100,
    2147483647,
    2147483648,
    999_999_999,
    1_000_000_000,
    1_000_000_001,
    4_294_967_296,
    1e15,
    10 ** 15 - 1,
    Number.MAX_SAFE_INTEGER,
    -1,
    -10,
    -2147483648,
    Number.MIN_SAFE_INTEGER,
  ])("writes the whole number %d", (value) => {
    const out = new CopyText(1);
    out.integer(value);
    expect(out.read(0, out.length)).toBe(String(value));
  });

  it("writes any whole number and any text, and reads them back", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.maxSafeInteger(), fc.string({ unit: "binary" }))), (values) => {
        const out = new CopyText(1);
        const ends = values.map((value) => {
          if (typeof value === "number") out.integer(value);
          else out.text(value);
          return out.length;
        });
        const read = ends.map((end, k) => out.read(k === 0 ? 0 : ends[k - 1], end));
        expect(read).toEqual(
          values.map((value) => String(value).toWellFormed().replaceAll("\0", "\ufffd").replace(/^-0$/, "0")),
        );
        expect(
          out.bytes.subarray(0, out.length).some((byte) => byte < 0x20 && [0, 8, 9, 10, 11, 12, 13].includes(byte)),
        ).toBe(false);
      }),
    );
  });
});
