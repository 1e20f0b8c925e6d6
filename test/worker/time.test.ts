/** How long a request works: what its host allows, less what it needs before and after. */
import { expect, it } from "vitest";
import { requestTime } from "../../src/worker/time.ts";

it.each<[limitSeconds: number | null, ownSeconds: number, spentMs: number, ms: number | null, graceMs: number]>([
  // Nothing is known of a limit.
  [null, 0, 0, null, 3000],
  [null, 50, 0, 50_000, 3000],
  [300, 0, 0, 267_000, 3000],
  [300, 0, 4000, 263_000, 3000],
  [300, 60, 4000, 60_000, 3000],
  [60, 600, 0, 51_000, 3000],
  // A short one is shared by the work and the way to its checkpoint.
  [5, 0, 500, 2000, 2000],
  [10, 0, 20_000, 0, 0],
])("of %s s, %s s by the settings, %s ms spent: %s ms and %s", (limitSeconds, ownSeconds, spentMs, ms, graceMs) => {
  expect(requestTime(limitSeconds, ownSeconds, spentMs)).toEqual({ ms, graceMs });
});

it("leaves a tenth of every limit", () => {
  for (let limit = 1; limit <= 900; limit++)
    for (const spentMs of [0, 100, 2500]) {
      const { ms, graceMs } = requestTime(limit, 0, spentMs);
      const endMs = spentMs + Number(ms) + graceMs;
      expect(Number(ms)).toBeGreaterThanOrEqual(0);
      if (spentMs < limit * 900) expect(endMs).toBeLessThanOrEqual(limit * 900 + 1e-6);
    }
});
