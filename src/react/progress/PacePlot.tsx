/** Rows per second over the time of a run, as a line; the same in words for who does not see it. */
import type { ReactNode } from "react";
import { useFormats } from "../foundation/format.ts";
import { useTexts } from "../foundation/texts.ts";
import { type PaceSample, plotPoints } from "./pace.ts";

const width = 600;
const height = 80;

export function PacePlot({ samples }: { samples: readonly PaceSample[] }): ReactNode {
  const t = useTexts("progress");
  const { number } = useFormats();
  const paces = samples.map(({ rowsPerSecond }) => rowsPerSecond);
  const most = Math.max(0, ...paces);
  const average = paces.reduce((sum, pace) => sum + pace, 0) / Math.max(1, paces.length);
  const words =
    samples.length === 0
      ? t("plotEmpty")
      : t("plotWords", { now: paces.at(-1) as number, most, average: Math.round(average) });
  // A first one alone is a level.
  const line = plotPoints(samples.length === 1 ? [samples[0], { ...samples[0], at: samples[0].at + 1 }] : samples)
    .map(({ x, y }) => `${(x * width).toFixed(1)},${(y * height).toFixed(1)}`)
    .join(" ");
  return (
    <figure className="pace">
      <figcaption className="muted small" aria-hidden="true">
        <span>{t("plot")}</span>
        <span>{most > 0 ? t("rate", { rate: number(most) }) : "\u00a0"}</span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={words}>
        <path className="pace-grid" d={`M0 0H${width}M0 ${height / 2}H${width}M0 ${height}H${width}`} />
        {samples.length > 0 && (
          <>
            <polygon className="pace-area" points={`0,${height} ${line} ${width},${height}`} />
            <polyline className="pace-line" points={line} />
          </>
        )}
      </svg>
    </figure>
  );
}
