/** A word on a coloured ground: a status, a kind, a count. The colour never says more than the word. */
import type { ReactNode } from "react";
import type { Status } from "../../client/index.ts";
import { useTexts } from "../foundation/texts.ts";

type Tone = "plain" | "info" | "good" | "warn" | "bad";

export function Badge({ tone = "plain", children }: { tone?: Tone; children: ReactNode }): ReactNode {
  return <span className={`badge ${tone}`}>{children}</span>;
}

const tones: Readonly<Record<Status, Tone>> = {
  pending: "plain",
  queued: "info",
  parsing: "info",
  ready: "warn",
  committing: "info",
  completed: "good",
  undoing: "info",
  undone: "plain",
  paused: "warn",
  cancelled: "plain",
  failed: "bad",
};

/** An import's status as a badge. */
export function StatusBadge({ status }: { status: Status }): ReactNode {
  const t = useTexts("status");
  return <Badge tone={tones[status]}>{t(status)}</Badge>;
}
