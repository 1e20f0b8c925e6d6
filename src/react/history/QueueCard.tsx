/** The queue as an administrator sees it: what waits, what runs, and which workers are there. Asked for while it is open. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useRef, useState } from "react";
import type { ClientError, QueueState } from "../../client/index.ts";
import { useAnnounce } from "../foundation/Frame.tsx";
import { useFormats } from "../foundation/format.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { Badge } from "../parts/Badge.tsx";
import { Button } from "../parts/Button.tsx";
import { Facts } from "../parts/Card.tsx";
import { Notice, Problem } from "../parts/Notice.tsx";
import { Placeholder } from "../parts/Placeholder.tsx";
import { PlaceLink } from "../parts/PlaceLink.tsx";
import { SinkList } from "./SinkList.tsx";

const askMs = 5000;

export function QueueCard(): ReactNode {
  const t = useTexts("history");
  const { client } = useSluice();
  const summary = useRef<HTMLElement>(null);
  const [open, setOpen] = useState(false);
  const { data, error, refetch } = useQuery<QueueState, ClientError>({
    queryKey: ["queue"],
    queryFn: ({ signal }) => client.queue({ signal }),
    enabled: open,
    refetchInterval: askMs,
  });
  return (
    <details className="card queue-card" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary ref={summary}>
        <h2>{t("queue")}</h2>
        <span className="muted small">{t("queueHint")}</span>
      </summary>
      {open && data === undefined && error === null && <Placeholder lines={8} />}
      {error !== null && error.status !== 401 && <Problem error={error} onRetry={() => void refetch()} />}
      {open && data !== undefined && <QueueNow state={data} onRedriven={() => summary.current?.focus()} />}
    </details>
  );
}

function QueueNow({ state, onRedriven }: { state: QueueState; onRedriven: () => void }): ReactNode {
  const t = useTexts("history");
  const { number, duration } = useFormats();
  const { imports, oldestWaitingSeconds, rowsPerSecond, deliveries, sinks, workers } = state;
  const ofImporters = (sinks ?? []).filter(({ importer }) => importer !== null);
  const others = (sinks ?? []).filter(({ importer }) => importer === null);
  const dead = (deliveries?.dead ?? 0) + others.reduce((sum, sink) => sum + sink.dead, 0);
  const alive = workers.filter(({ isAlive }) => isAlive);
  const facts = [
    [t("queueWaiting"), number(imports.waiting)],
    [t("queueRunning"), number(imports.running)],
    [t("queueOldest"), oldestWaitingSeconds === 0 ? "–" : duration(oldestWaitingSeconds * 1000)],
    [t("queueRate"), number(Math.round(rowsPerSecond))],
    [t("queuePaused"), number(imports.paused)],
    [t("queueFailed"), number(imports.failed)],
  ] as const;
  return (
    <div className="stack queue-now">
      {alive.length === 0 && (
        <Notice tone="warn" title={t("noWorker")}>
          {t("noWorkerHint")}
        </Notice>
      )}
      <Facts inRow facts={facts} />
      {dead > 0 && <Dead count={dead} onRedriven={onRedriven} />}
      {ofImporters.length > 0 && <SinkList sinks={ofImporters} />}
      {workers.length > 0 && (
        <>
          <h3>{t("workers")}</h3>
          <ul className="worker-list">
            {workers.map((worker) => (
              <Worker key={worker.id} worker={worker} />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** It goes when there are none any longer; the focus does not go with it. */
function Dead({ count, onRedriven }: { count: number; onRedriven: () => void }): ReactNode {
  const t = useTexts("history");
  const announce = useAnnounce();
  const { client } = useSluice();
  const queries = useQueryClient();
  const redriving = useMutation({
    mutationFn: () => client.redrive(),
    onSuccess: () => {
      announce(t("queueRedriven"));
      onRedriven();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["queue"] }),
  });
  return (
    <>
      <Notice
        tone="info"
        title={t("queueDead", { count })}
        actions={
          <Button busy={redriving.isPending} onClick={() => redriving.mutate()}>
            {t("queueRedrive")}
          </Button>
        }
      >
        {t("queueDeadHint")}
      </Notice>
      {redriving.error !== null && <Problem error={redriving.error} />}
    </>
  );
}

function Worker({ worker }: { worker: QueueState["workers"][number] }): ReactNode {
  const t = useTexts("history");
  const { moment, duration, percent } = useFormats();
  const sinceMs = Math.max(0, Date.now() - Date.parse(worker.heartbeatAt));
  return (
    <li>
      <div className="row">
        <strong>
          <bdi>{worker.host}</bdi>
        </strong>
        <span className="muted small">{t("processId", { id: String(worker.processId) })}</span>
        <Badge tone={worker.isAlive ? "good" : "warn"}>{t(worker.isAlive ? "alive" : "silent")}</Badge>
        <span className="muted small push">
          {worker.isAlive
            ? t("since", { time: moment(worker.startedAt) })
            : t("lastHeard", { time: duration(sinceMs) })}
        </span>
      </div>
      {worker.imports.length === 0 ? (
        <p className="muted small">{t("idle")}</p>
      ) : (
        <ul>
          {worker.imports.map(({ id, fileName, progress }) => (
            <li key={id} className="small">
              <PlaceLink to={{ page: "job", id }}>
                <bdi>{fileName}</bdi>
              </PlaceLink>{" "}
              <span className="muted">
                {progress !== null && progress.percent !== null ? percent(Math.floor(progress.percent) / 100) : ""}
              </span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
