/** Values that an importer's own code makes, as cells. */
import { expect, it } from "vitest";
import { textOf } from "../../src/staging/own-value.ts";

it.each([
  [0, "0"],
  [-0, "0"],
  [0.1, "0.1"],
  [1e21, "1000000000000000000000"],
  [-1.5e300, `-15${"0".repeat(299)}`],
  [1.25e-7, "0.000000125"],
  [1.234567890123e-10, "0.0000000001234567890123"],
  [1e-25, "0.0000000000000000000000001"],
])("writes the number %d without an exponent", (value, text) => {
  expect(textOf(value, { importer: "things", place: "fields.a.derive", kind: "decimal" })).toBe(text);
});
