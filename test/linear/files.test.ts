/** A file is understood and read in linear time, whatever its header, a cell or all of it is made of. */
import { expect, it } from "vitest";
import { runToEnd } from "./run-to-end.ts";

it("looks at a file of 100,000 characters of any kind, and reads it", async () => {
  expect(await runToEnd(100_000, "looks at a file")).toBe("all");
});
