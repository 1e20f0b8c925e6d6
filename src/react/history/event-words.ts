/** What each line of an import's timeline says, as a key of the words; what this version does not know is shown by its name. */
import type { ImportEvent } from "../../client/index.ts";
import type { IconName } from "../parts/Icon.tsx";

export type EventTone = "plain" | "good" | "warn" | "bad";

export interface EventWords {
  key: EventKey | null;
  icon: IconName;
  tone: EventTone;
  /** Of rows, where it tells of some. */
  count?: number;
  /** What was changed, of a change of settings. */
  changed?: readonly string[];
}

const plain = {
  "import.created": ["ev_created", "upload", "plain"],
  "import.pending": ["ev_reopened", "edit", "plain"],
  "import.parsing": ["ev_parsing", "play", "plain"],
  "import.ready": ["ev_ready", "check", "good"],
  "import.matched": ["ev_matched", "search", "plain"],
  "import.committing": ["ev_committing", "play", "plain"],
  "import.completed": ["ev_completed", "check", "good"],
  "import.undoing": ["ev_undoing", "undo", "plain"],
  "import.undone": ["ev_undone", "undo", "good"],
  "import.paused": ["ev_paused", "pause", "warn"],
  "import.cancelled": ["ev_cancelled", "cross", "warn"],
  "import.failed": ["ev_failed", "warn", "bad"],
  "import.edit_undone": ["ev_editUndone", "undo", "plain"],
  "import.edit_given_up": ["ev_editGivenUp", "warn", "bad"],
  "report.written": ["ev_report", "file", "plain"],
} as const satisfies Record<string, readonly [string, IconName, EventTone]>;

const queued = {
  pending: "ev_started",
  ready: "ev_commit",
  completed: "ev_undo",
  cancelled: "ev_undo",
  paused: "ev_resumed",
  failed: "ev_retried",
} as const;

export type EventKey =
  | (typeof plain)[keyof typeof plain][0]
  | (typeof queued)[keyof typeof queued]
  | "ev_again"
  | "ev_settings"
  | "ev_edited";

export function wordsOf({ name, actor, data }: ImportEvent): EventWords {
  if (name === "import.queued") {
    const key = queued[data.from as keyof typeof queued] ?? "ev_again";
    // By itself, as after Postgres has lost the stage.
    if (actor === null && key === "ev_commit" && data.phase === "parse")
      return { key: "ev_again", icon: "clock", tone: "plain" };
    return { key, icon: "clock", tone: "plain" };
  }
  if (name === "import.edited") {
    const { changed } = data;
    if (Array.isArray(changed))
      return { key: "ev_settings", icon: "edit", tone: "plain", changed: changed.map(String) };
    return { key: "ev_edited", icon: "edit", tone: "plain", count: Number(changed) || 0 };
  }
  const known = Object.hasOwn(plain, name) ? plain[name as keyof typeof plain] : null;
  if (known === null) return { key: null, icon: "info", tone: "plain" };
  const [key, icon, tone] = known;
  return key === "ev_editUndone" || key === "ev_editGivenUp"
    ? { key, icon, tone, count: Number(data.changed) || 0 }
    : { key, icon, tone };
}
