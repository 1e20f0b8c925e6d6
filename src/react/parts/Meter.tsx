/** Bars: how far something is, and what a whole is made of. */
import type { ReactNode } from "react";
import type { RowOutcome } from "../../client/index.ts";
import { useFormats } from "../foundation/format.ts";

interface MeterProps {
  label: string;
  /** 0 to 100; null: nobody knows yet. */
  percent: number | null;
  tone?: "accent" | "good" | "warn" | "bad";
}

/** A bar with its words. Its size never changes while it runs. */
export function Meter({ label, percent, tone = "accent" }: MeterProps): ReactNode {
  const known = percent !== null;
  return (
    <div
      className={`meter ${tone}${known ? "" : " unknown"}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={known ? Math.floor(percent) : undefined}
    >
      <div
        className="meter-fill"
        style={known ? { transform: `scaleX(${Math.min(100, percent) / 100})` } : undefined}
      />
    </div>
  );
}

/** `notReached`: a cancelled import did not come to them; `toCome`: their end is still open. */
type Share = RowOutcome | "notReached" | "toCome";

interface ShareBarProps {
  shares: readonly { share: Share; label: string; count: number }[];
  /** What is said of it where all are zero. */
  none?: string;
}

/** How the rows of a file are shared out among their ends: a bar of them all, and the mark that each end is known by. */
export function ShareBar({ shares, none }: ShareBarProps): ReactNode {
  const { number, list } = useFormats();
  const some = shares.filter(({ count }) => count > 0);
  return (
    <div
      className="share-bar"
      role="img"
      aria-label={list(some.map(({ label, count }) => `${label}: ${number(count)}`)) || none}
    >
      {some.map(({ share, count }) => (
        <span key={share} className={share} style={{ flexGrow: count }} />
      ))}
    </div>
  );
}

export function ShareMark({ share }: { share: Share }): ReactNode {
  return <span className={`share-mark ${share}`} />;
}
