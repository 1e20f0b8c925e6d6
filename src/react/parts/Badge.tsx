/** A word on a coloured ground: a status, a kind, a count. The colour never says more than the word. */
import type { ReactNode } from "react";

export type Tone = "plain" | "info" | "good" | "warn" | "bad";

export function Badge({ tone = "plain", children }: { tone?: Tone; children: ReactNode }): ReactNode {
  return <span className={`badge ${tone}`}>{children}</span>;
}
