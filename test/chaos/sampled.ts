/**
 * Which of many moments a run of the tests tries. A death and what follows take seconds of processor, and all of them longer than all
 * other tests. `npm test` tries one of every few, the same ones each time, so that what fails once fails again; `npm run chaos` tries
 * each of them.
 */
export function sampled<T>(moments: readonly T[], oneOf: number): T[] {
  return process.env.CHAOS === "all" ? [...moments] : moments.filter((_, k) => k % oneOf === 0);
}
