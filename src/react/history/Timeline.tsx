/** Who did what with an import, and when: day by day, as it happens. */
import { useQuery } from "@tanstack/react-query";
import { Fragment, type ReactNode } from "react";
import type { ClientError, Import, ImportEvent, Page } from "../../client/index.ts";
import { useFormats } from "../foundation/format.ts";
import { importKey } from "../foundation/live.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { Card } from "../parts/Card.tsx";
import { Icon } from "../parts/Icon.tsx";
import { Placeholder } from "../parts/Placeholder.tsx";
import { Problem } from "../parts/Problem.tsx";
import { wordsOf } from "./event-words.ts";

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
  "duplicates",
  "merge",
  "assignment",
  "context",
  "language",
  "autoCommit",
] as const;
/** More than so many were sent all at once, whatever was changed. */
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
