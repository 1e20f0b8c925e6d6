/** What runs over a cell, or over a text of a request, takes linear time: nobody's cell keeps a worker. */
import { describe, expect, it } from "vitest";
import { runToEnd } from "./run-to-end.ts";

describe("a cell of 200,000 characters of any kind", { timeout: 900_000 }, () => {
  it.each(["encoder of", "fold", "report", "name", "token", "find", "profiles", "parts"])(
    "is soon through: %s",
    async (subject) => {
      expect(await runToEnd(200_000, subject)).toBe("all");
    },
  );
});
