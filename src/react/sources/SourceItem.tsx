/** One source: how it fares, what can be done with it, and its files. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useRef, useState } from "react";
import type { Source } from "../../client/index.ts";
import { useAnnounce } from "../foundation/Frame.tsx";
import { useFormats } from "../foundation/format.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { Badge } from "../parts/Badge.tsx";
import { Button } from "../parts/Button.tsx";
import { ConfirmDialog, useGoneWhileAsking } from "../parts/Dialog.tsx";
import { Notice, Problem } from "../parts/Notice.tsx";
import { PlaceLink } from "../parts/PlaceLink.tsx";
import { EditSource } from "./EditSource.tsx";
import { SourceFacts } from "./SourceFacts.tsx";
import { SourceFiles } from "./SourceFiles.tsx";
import { sourcesKey } from "./sources-key.ts";

const titles = { working: "fails", paused: "failedLast", stopped: "stopped" } as const;
const tones = { working: "good", paused: "warn", stopped: "bad" } as const;

export function SourceItem({ source, onDeleted }: { source: Source; onDeleted: () => void }): ReactNode {
  const t = useTexts("sources");
  const [showsFiles, setShowsFiles] = useState(false);
  const { name, origin, state, parallel, waitsFor } = source;
  const isOfConfig = origin === "config";
  return (
    <li className="card source">
      <div className="row">
        <h2>
          <bdi>{name}</bdi>
        </h2>
        <Badge tone={tones[state]}>{t(`state_${state}`)}</Badge>
        {isOfConfig && <Badge>{t("ofConfig")}</Badge>}
      </div>
      <SourceFacts source={source} />
      <Trouble source={source} />
      {waitsFor !== null && !parallel && (
        <p className="small">
          <PlaceLink to={{ page: "job", id: waitsFor }}>{t("waitsFor", { id: String(waitsFor) })}</PlaceLink>
        </p>
      )}
      <SourceActions
        source={source}
        showsFiles={showsFiles}
        onFiles={() => setShowsFiles(!showsFiles)}
        onDeleted={onDeleted}
      />
      {isOfConfig && <p className="muted small">{t("ofConfigHint")}</p>}
      {showsFiles && <SourceFiles source={source} />}
    </li>
  );
}

/** Why it has stopped, or what failed last. */
function Trouble({ source: { state, error, lookAt } }: { source: Source }): ReactNode {
  const t = useTexts("sources");
  const { moment } = useFormats();
  if (error === null) return null;
  return (
    <Notice tone={state === "stopped" ? "bad" : "warn"} title={t(titles[state])}>
      <bdi>{error}</bdi>
      {state === "working" && lookAt !== null && Date.parse(lookAt) > Date.now() && (
        <p className="small">{t("triedAgain", { time: moment(lookAt) })}</p>
      )}
    </Notice>
  );
}

interface SourceActionsProps {
  source: Source;
  showsFiles: boolean;
  onFiles: () => void;
  onDeleted: () => void;
}

function SourceActions({ source, showsFiles, onFiles, onDeleted }: SourceActionsProps): ReactNode {
  const t = useTexts("sources");
  const announce = useAnnounce();
  const { client } = useSluice();
  const queries = useQueryClient();
  const [isChanging, setChanging] = useState(false);
  const [isDeleting, setDeleting] = useState(false);
  useGoneWhileAsking(isDeleting, onDeleted);
  const changeButton = useRef<HTMLButtonElement>(null);
  const { id, name, origin, state } = source;
  const acting = useMutation({
    mutationFn: (act: "run" | "pause" | "resume") => client.sources[act](id),
    onSuccess: (_source, act) => announce(t(`${act}Done`, { name })),
    onSettled: () => queries.invalidateQueries({ queryKey: sourcesKey }),
  });
  return (
    <>
      <div className="row">
        <Button size="small" busy={acting.isPending} onClick={() => acting.mutate("run")}>
          {t("run")}
        </Button>
        <Button size="small" aria-expanded={showsFiles} onClick={onFiles}>
          {t(showsFiles ? "hideFiles" : "showFiles")}
        </Button>
        {state !== "stopped" && (
          <Button
            size="small"
            look="quiet"
            busy={acting.isPending}
            onClick={() => acting.mutate(state === "paused" ? "resume" : "pause")}
          >
            {t(state === "paused" ? "resume" : "pause")}
          </Button>
        )}
        {origin === "api" && (
          <>
            <Button
              ref={changeButton}
              size="small"
              look="quiet"
              aria-expanded={isChanging}
              onClick={() => setChanging(!isChanging)}
            >
              {t("change")}
            </Button>
            <Button size="small" look="quiet" onClick={() => setDeleting(true)}>
              {t("delete")}
            </Button>
          </>
        )}
      </div>
      {acting.error !== null && <Problem error={acting.error} />}
      {isChanging && (
        <EditSource
          source={source}
          onClose={() => {
            setChanging(false);
            changeButton.current?.focus();
          }}
        />
      )}
      {isDeleting && (
        <ConfirmDialog
          title={t("deleteTitle")}
          fileName={name}
          keep={t("deleteKeep")}
          confirm={t("deleteConfirm")}
          icon="trash"
          onConfirm={async () => {
            await client.sources.delete(id);
            await queries.invalidateQueries({ queryKey: sourcesKey });
          }}
          onClose={() => setDeleting(false)}
          onDone={() => announce(t("deleteDone", { name }))}
        >
          <p>{t("deleteHint")}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
