/** How far something is: a bar with its words. Its size never changes while it runs. */
import type { ReactNode } from "react";

export interface MeterProps {
  label: string;
  /** 0 to 100; null: nobody knows yet. */
  percent: number | null;
  tone?: "accent" | "good" | "warn" | "bad";
}

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
