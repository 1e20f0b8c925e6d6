/** What runs over a cell, or over a text of a request, takes linear time: nobody's cell keeps a worker. */
import { describe, expect, it } from "vitest";
import { runToEnd } from "./run-to-end.ts";

describe("a cell of 100,000 characters of any kind", () => {
  it.each(["encoder of", "fold", "report", "name", "token", "find", "profiles", "parts"])(
    "is soon through: %s",
    async (subject) => {
      expect(await runToEnd(100_000, subject)).toBe("all");
    },
  );
});
