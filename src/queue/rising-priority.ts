/**
 * Priorities that rise by waiting, without a write: those who come later rank lower. pg-boss delivers by priority alone, so a
 * priority holds the second in which it was made.
 */
import { smallImportPriority } from "../core/import.ts";

/** Waiting this long makes up for one step of priority. */
const secondsPerStep = 30;
/** Small imports rank above large ones, however long those have waited: workers keep a place for each. */
const smallBase = 2_147_000_000;
/** Seconds are counted from here, so that they fit with `smallBase` into pg-boss's 32 bits until 2058. */
const epochMs = Date.UTC(2025, 0, 1);

/** From here on a rising priority is a small import's. */
export const leastSmall = 1_000_000_000;

export function risingPriority(priority: number, now = Date.now()): number {
  const second = Math.max(0, Math.floor((now - epochMs) / 1000));
  return (priority >= smallImportPriority ? smallBase : 0) + priority * secondsPerStep - second;
}
