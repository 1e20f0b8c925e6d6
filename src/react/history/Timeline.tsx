/** Who did what with an import, and when: day by day, as it happens. */
import { useQuery } from "@tanstack/react-query";
import { Fragment, type ReactNode } from "react";
import type { ClientError, Import, ImportEvent, Page } from "../../client/index.ts";
import { useFormats } from "../foundation/format.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { importKey } from "../foundation/use-import.ts";
import { Card } from "../parts/Card.tsx";
import { Icon, type IconName } from "../parts/Icon.tsx";
import { Problem } from "../parts/Notice.tsx";
import { Placeholder } from "../parts/Placeholder.tsx";

/** Thousands of edits make a long story: its first lines. */
const maxEvents = 1000;

export function Timeline({ job }: { job: Import }): ReactNode {
  const t = useTexts("history");
  const { client } = useSluice();
  const { day } = useFormats();
  const { data, error } = useQuery<Page<ImportEvent>, ClientError>({
    queryKey: [...importKey(job.id), "events"],
    queryFn: ({ signal }) => client.imports.events(job.id, { limit: maxEvents }, { signal }),
  });
  const events = data?.items ?? [];
  return (
    <Card title={t("timeline")}>
      {data === undefined && error === null && <Placeholder lines={8} />}
      {data === undefined && error !== null && error.status !== 401 && <Problem error={error} />}
      <ol className="timeline">
        {events.map((event, place) => {
          const today = day(event.at);
          const isNewDay = place === 0 || day(events[place - 1].at) !== today;
          return (
            <Fragment key={event.id}>
              {isNewDay && <li className="timeline-day muted small">{today}</li>}
              <Line event={event} job={job} />
            </Fragment>
          );
        })}
      </ol>
      {data !== undefined && data.next !== null && (
        <p className="muted small">{t("longStory", { count: maxEvents })}</p>
      )}
    </Card>
  );
}

/** What the settings of an import are called in its timeline. */
const settings = [
  "mapping",
  "dialect",
  "mode",
  "repeats",
  "duplicates",
  "merge",
  "assignment",
  "context",
  "language",
  "autoCommit",
] as const;
/** Above this number they were sent in one go, whatever was changed. */
const namedSettings = 3;
type Setting = (typeof settings)[number];

function Line({ event, job }: { event: ImportEvent; job: Import }): ReactNode {
  const t = useTexts("history");
  const { time, list } = useFormats();
  const { key, icon, tone, count, changed } = wordsOf(event);
  const known = (changed ?? []).filter((name): name is Setting => settings.includes(name as Setting));
  const what = list([...new Set(known.map((name) => t(`set_${name}`)))]);
  const words =
    key === null ? (
      <code>{event.name}</code>
    ) : key === "ev_settings" && (known.length === 0 || known.length > namedSettings) ? (
      t("ev_settingsPlain")
    ) : (
      t(key, { ...(count !== undefined && { count }), what })
    );
  return (
    <li className={`timeline-line ${tone}`}>
      <span className="timeline-mark">
        <Icon name={icon} size={14} />
      </span>
      <span className="timeline-words">{words}</span>
      <span className="muted small timeline-who">
        <Who event={event} job={job} /> · <time dateTime={event.at}>{time(event.at)}</time>
      </span>
    </li>
  );
}

function Who({ event, job }: { event: ImportEvent; job: Import }): ReactNode {
  const t = useTexts("history");
  if (event.actor === null) return t("byItself");
  const name = event.actorName ?? (event.actor === job.createdBy ? job.createdByName : null) ?? event.actor;
  return <bdi>{name}</bdi>;
}

type EventTone = "plain" | "good" | "warn" | "bad";

interface EventWords {
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

type EventKey =
  | (typeof plain)[keyof typeof plain][0]
  | (typeof queued)[keyof typeof queued]
  | "ev_again"
  | "ev_settings"
  | "ev_edited"
  | (typeof edited)[keyof typeof edited][0];

/** Edits that fix nothing. */
const edited = { leave_out: ["ev_rowsOut", "trash"], put_back: ["ev_rowsBack", "plus"] } as const;

/** What each line of an import's timeline says, as a key of the words; what this version does not know is shown by its name. */
function wordsOf({ name, actor, data }: ImportEvent): EventWords {
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
    const [key, icon] = edited[String(data.kind) as keyof typeof edited] ?? (["ev_edited", "edit"] as const);
    return { key, icon, tone: "plain", count: Number(changed) || 0 };
  }
  const known = Object.hasOwn(plain, name) ? plain[name as keyof typeof plain] : null;
  if (known === null) return { key: null, icon: "info", tone: "plain" };
  const [key, icon, tone] = known;
  return key === "ev_editUndone" || key === "ev_editGivenUp"
    ? { key, icon, tone, count: Number(data.changed) || 0 }
    : { key, icon, tone };
}
