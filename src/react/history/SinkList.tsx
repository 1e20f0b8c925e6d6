/** The sinks of importers in the queue: how each fares, what it refused, and its index built anew. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { QueueState } from "../../client/index.ts";
import { useAnnounce } from "../foundation/Frame.tsx";
import { useFormats } from "../foundation/format.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { Badge } from "../parts/Badge.tsx";
import { Button } from "../parts/Button.tsx";
import { Notice, Problem } from "../parts/Notice.tsx";

type SinkState = NonNullable<QueueState["sinks"]>[number];

const tones = { working: "good", retrying: "warn", stopped: "bad" } as const;

export function SinkList({ sinks }: { sinks: readonly SinkState[] }): ReactNode {
  const t = useTexts("history");
  return (
    <>
      <h3>{t("sinks")}</h3>
      <ul className="worker-list">
        {sinks.map((sink) => (
          <Sink key={sink.name} sink={sink} />
        ))}
      </ul>
    </>
  );
}

function Sink({ sink }: { sink: SinkState }): ReactNode {
  const t = useTexts("history");
  const { number, percent } = useFormats();
  const { name, state, waiting, dead, error, rebuild } = sink;
  const loaded =
    rebuild === null || rebuild.total === null || rebuild.total === 0
      ? null
      : Math.min(1, rebuild.loaded / rebuild.total);
  const said = [
    ...(waiting > 0 ? [t("sinkWaiting", { count: waiting })] : state === "working" ? [t("sinkUpToDate")] : []),
    ...(dead > 0 ? [t("sinkRefused", { count: dead })] : []),
  ];
  return (
    <li className="sink">
      <div className="row">
        <strong>
          <bdi>{name}</bdi>
        </strong>
        <Badge tone={tones[state]}>{t(`sinkState_${state}`)}</Badge>
        <span className="muted small push">{said.join(" · ")}</span>
      </div>
      {error !== null && (
        <Notice
          tone={state === "stopped" ? "bad" : "warn"}
          title={t(state === "stopped" ? "sinkStopped" : "sinkFails")}
        >
          <bdi>{error}</bdi>
        </Notice>
      )}
      {rebuild !== null && (
        <p className="small">
          {t("sinkRebuilds", { count: rebuild.loaded, number: number(rebuild.loaded) })}
          {loaded !== null && ` (${percent(Math.floor(loaded * 100) / 100)})`}
        </p>
      )}
      <SinkActions sink={sink} />
    </li>
  );
}

function SinkActions({ sink: { name, state, dead, rebuild } }: { sink: SinkState }): ReactNode {
  const t = useTexts("history");
  const announce = useAnnounce();
  const { client } = useSluice();
  const queries = useQueryClient();
  const acting = useMutation({
    mutationFn: async (act: "retry" | "rebuild" | "cancelRebuild"): Promise<unknown> => client.sinks[act](name),
    onSuccess: () => announce(t("sinkAsked")),
    onSettled: () => queries.invalidateQueries({ queryKey: ["queue"] }),
  });
  return (
    <>
      <div className="row">
        {(dead > 0 || state === "stopped") && (
          <Button busy={acting.isPending} onClick={() => acting.mutate("retry")}>
            {t("sinkRetry")}
          </Button>
        )}
        {rebuild === null ? (
          <Button busy={acting.isPending} onClick={() => acting.mutate("rebuild")}>
            {t("sinkRebuild")}
          </Button>
        ) : (
          <Button busy={acting.isPending} onClick={() => acting.mutate("cancelRebuild")}>
            {t("sinkCancelRebuild")}
          </Button>
        )}
      </div>
      {acting.error !== null && <Problem error={acting.error} />}
    </>
  );
}
