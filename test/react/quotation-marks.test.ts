/** Texts of the person's own, as each language quotes them. */
import { expect, it } from "vitest";
import { quotedIn } from "../../src/react/foundation/quotation-marks.ts";

it.each([
  ["en", "“NULL”"],
  ["fr", "«\u00a0NULL\u00a0»"],
  ["sv", "”NULL”"],
] as const)("quotes in %s", (language, quoted) => {
  expect(quotedIn(language, "NULL")).toBe(quoted);
});
