/** What a run of the tests tries: `npm test` what can be waited for, `npm run test:all` everything. */

/** Whether this run tries everything. */
export const triesAll = process.env.TESTS === "all";

/**
 * Which of many moments a run tries. A death and what follows take seconds of processor, and all of them longer than all other tests.
 * `npm test` tries one of every few, the same ones each time, so that what fails once fails again; `npm run test:all` and
 * `npm run chaos` try each of them. Of every few it is the middle one: at the first, little has happened yet.
 */
export function sampled<T>(moments: readonly T[], oneOf: number): T[] {
  if (triesAll) return [...moments];
  const first = Math.floor(Math.min(oneOf, moments.length) / 2);
  return moments.filter((_, k) => k % oneOf === first);
}
