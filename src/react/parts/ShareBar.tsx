/** How the rows of a file are shared out among their ends: a bar of them all, and the mark that each end is known by. */
import type { ReactNode } from "react";
import type { Counts } from "../../client/index.ts";
import { useFormats } from "../foundation/format.ts";

/** `notReached`: a cancelled import did not come to them; `toCome`: their end is still open. */
export type Share = keyof Counts | "notReached" | "toCome";

export interface ShareBarProps {
  shares: readonly { share: Share; label: string; count: number }[];
  /** What is said of it where all are zero. */
  none?: string;
}

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
