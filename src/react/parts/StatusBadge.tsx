/** An import's status as a badge. */
import type { ReactNode } from "react";
import type { Status } from "../../client/index.ts";
import { useTexts } from "../foundation/texts.ts";
import { Badge, type Tone } from "./Badge.tsx";

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

export function StatusBadge({ status }: { status: Status }): ReactNode {
  const t = useTexts("status");
  return <Badge tone={tones[status]}>{t(status)}</Badge>;
}
