/** What is known of a source's files, the latest first; those that wait for a person are fetched again from here. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useRef, useState } from "react";
import type { ClientError, Page, Source, SourceFile } from "../../client/index.ts";
import { useAnnounce } from "../foundation/Frame.tsx";
import { useFormats } from "../foundation/format.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { Badge, StatusBadge } from "../parts/Badge.tsx";
import { Button } from "../parts/Button.tsx";
import { LabelledSelect } from "../parts/Labelled.tsx";
import { Problem } from "../parts/Notice.tsx";
import { Pages } from "../parts/Pages.tsx";
import { Placeholder } from "../parts/Placeholder.tsx";
import { PlaceLink } from "../parts/PlaceLink.tsx";
import { ScrollTable } from "../parts/ScrollTable.tsx";
import { sourcesKey } from "./sources-key.ts";

type FileState = SourceFile["state"];

const pageFiles = 20;
const askMs = 5000;
const fileStates: readonly FileState[] = ["new", "ready", "made", "imported", "same", "empty", "failed"];
const tones = {
  new: "plain",
  ready: "info",
  made: "info",
  imported: "good",
  same: "plain",
  empty: "plain",
  failed: "bad",
} as const;

export function SourceFiles({ source: { id, name } }: { source: Source }): ReactNode {
  const t = useTexts("sources");
  const { client } = useSluice();
  const [state, setState] = useState<FileState>();
  const [keys, setKeys] = useState<readonly string[]>([]);
  const table = useRef<HTMLDivElement>(null);
  const after = keys.at(-1);
  const { data, error, isPlaceholderData, refetch } = useQuery<Page<SourceFile>, ClientError>({
    queryKey: [...sourcesKey, id, "files", state, after],
    queryFn: ({ signal }) => client.sources.files(id, { state, after, limit: pageFiles }, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: askMs,
  });
  const next = data?.next ?? null;
  return (
    <div className="stack" ref={table}>
      <div className="source-filter">
        <LabelledSelect
          label={t("fileState")}
          options={[[undefined, t("anyState")], ...fileStates.map((each) => [each, t(`file_${each}`)] as const)]}
          value={state}
          onPick={(picked) => {
            setState(picked);
            setKeys([]);
          }}
        />
      </div>
      {error !== null && error.status !== 401 && <Problem error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Placeholder lines={6} />}
      {data?.items.length === 0 && <p className="muted">{t(state === undefined ? "filesNone" : "filesNoneSo")}</p>}
      {data !== undefined && data.items.length > 0 && (
        <ScrollTable
          label={t("filesOf", { name })}
          head={[t("file"), t("changedAt"), t("fileState"), t("import"), t("again")]}
        >
          {data.items.map((file) => (
            <File
              key={file.id}
              sourceId={id}
              file={file}
              onAsked={() => table.current?.querySelector<HTMLElement>("section")?.focus()}
            />
          ))}
        </ScrollTable>
      )}
      {(keys.length > 0 || next !== null) && (
        <Pages
          label={t("filesOf", { name })}
          onPrevious={keys.length === 0 ? null : () => setKeys(keys.slice(0, -1))}
          onNext={next === null ? null : () => setKeys([...keys, next])}
          isBusy={isPlaceholderData}
        >
          {t("page", { page: keys.length + 1 })}
        </Pages>
      )}
    </div>
  );
}

/** Its button goes when it was pressed; `onAsked` has the focus elsewhere. */
function File({ sourceId, file, onAsked }: { sourceId: number; file: SourceFile; onAsked: () => void }): ReactNode {
  const t = useTexts("sources");
  const announce = useAnnounce();
  const { moment, bytes } = useFormats();
  const { client } = useSluice();
  const queries = useQueryClient();
  const { id, name, sizeBytes, modifiedAt, state, importId, importStatus, error, awayAt } = file;
  const again = useMutation({
    mutationFn: () => client.sources.retry(sourceId, id),
    onSuccess: () => {
      announce(t("againDone", { file: name }));
      onAsked();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: sourcesKey }),
  });
  return (
    <tr>
      <td className="source-file">
        <bdi>{name}</bdi>
        {sizeBytes !== null && <span className="muted small source-size"> {bytes(sizeBytes)}</span>}
        {awayAt !== null && <p className="muted small">{t("away", { time: moment(awayAt) })}</p>}
      </td>
      <td className="source-when">{modifiedAt === null ? "–" : moment(modifiedAt)}</td>
      <td>
        <Badge tone={tones[state]}>{t(`file_${state}`)}</Badge>
        {error !== null && (
          <p className="small source-error">
            <bdi>{error}</bdi>
          </p>
        )}
        {again.error !== null && <Problem error={again.error} />}
      </td>
      <td>
        {importId === null ? (
          "–"
        ) : importStatus === null ? (
          <span className="muted">{t("importGone", { id: String(importId) })}</span>
        ) : (
          <div className="row">
            <PlaceLink to={{ page: "job", id: importId }}>{t("importNumber", { id: String(importId) })}</PlaceLink>
            <StatusBadge status={importStatus} />
          </div>
        )}
      </td>
      <td>
        {mayBeAgain(file) && (
          <Button size="small" busy={again.isPending} onClick={() => again.mutate()}>
            {t("again")}
          </Button>
        )}
      </td>
    </tr>
  );
}

/** Whether fetching it again is of use: it is at its place, and nothing is done with it or came of it. */
function mayBeAgain({ state, importStatus, error, awayAt }: SourceFile): boolean {
  if (awayAt !== null) return false;
  switch (state) {
    case "new":
    case "made":
      return false;
    case "ready":
      // It failed, and is tried again later.
      return error !== null;
    case "imported":
      return importStatus === null || importStatus === "cancelled" || importStatus === "undone";
    default:
      return true;
  }
}
