/** A file is understood and read in linear time, whatever its header, a cell or all of it is made of. */
import { expect, it } from "vitest";
import { runToEnd } from "./run-to-end.ts";

it("looks at a file of 400,000 characters of any kind, and reads it", { timeout: 600_000 }, async () => {
  expect(await runToEnd(400_000, "looks at a file")).toBe("all");
});
