/** How fast an import went, as it went: what its plot is drawn of. */
import { useEffect, useState } from "react";
import type { Progress } from "../../client/index.ts";

export interface PaceSample {
  /** Milliseconds, of any beginning. */
  at: number;
  rowsPerSecond: number;
}

/** So many are kept; with more, every second one goes, so that the plot shows the whole run. */
const mostSamples = 240;

export function withSample(samples: readonly PaceSample[], sample: PaceSample): readonly PaceSample[] {
  const kept = samples.length < mostSamples ? samples : samples.filter((_, k) => k % 2 === 0);
  return [...kept, sample];
}

/** Of a plot that is 1 wide and 1 high, its zero at the bottom. */
export function plotPoints(samples: readonly PaceSample[]): { x: number; y: number }[] {
  const from = samples[0]?.at ?? 0;
  const span = (samples.at(-1)?.at ?? 0) - from || 1;
  const most = Math.max(1, ...samples.map(({ rowsPerSecond }) => rowsPerSecond));
  return samples.map(({ at, rowsPerSecond }) => ({ x: (at - from) / span, y: 1 - rowsPerSecond / most }));
}

/** Gathered while the component is there. */
export function usePace(progress: Progress | null): readonly PaceSample[] {
  const [samples, setSamples] = useState<readonly PaceSample[]>([]);
  useEffect(() => {
    const rowsPerSecond = progress?.rowsPerSecond ?? null;
    if (rowsPerSecond === null) return;
    setSamples((before) => withSample(before, { at: performance.now(), rowsPerSecond }));
  }, [progress]);
  return samples;
}
