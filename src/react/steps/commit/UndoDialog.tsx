/** Says exactly what an undo would delete, restore and leave, before it is done. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { ClientError, Import, UndoPreview } from "../../../client/index.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { importKey, useImport } from "../../foundation/use-import.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { Problem } from "../../parts/Notice.tsx";
import { Placeholder } from "../../parts/Placeholder.tsx";
import { PlaceLink } from "../../parts/PlaceLink.tsx";
import { RecordTable } from "../../parts/RecordNumbers.tsx";

/** From this number of records on, a table without an index deserves a warning. */
const manyRecords = 1000;

export function UndoDialog({ job, onClose }: { job: Import; onClose: () => void }): ReactNode {
  const t = useTexts("commit");
  const { client } = useSluice();
  const { act, acting } = useImport(job.id);
  const [failure, setFailure] = useState<unknown>(null);
  const { data, error, isFetching, refetch } = useQuery<UndoPreview, ClientError>({
    queryKey: [...importKey(job.id), "undo-preview"],
    queryFn: ({ signal }) => client.imports.undoPreview(job.id, { signal }),
    // Of this moment, each time it is opened.
    gcTime: 0,
    staleTime: 0,
  });
  const count = data === undefined ? 0 : data.toDelete + data.toRestore;
  const isReady = data !== undefined && !isFetching;
  const confirm = (): void => {
    setFailure(null);
    act("undo").then(onClose, setFailure);
  };
  return (
    <Dialog
      title={t("undoDialog")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("undoKeep")}</Button>
          {(!isReady || count > 0) && error === null && (
            <Button look="danger" icon="undo" aria-disabled={!isReady} busy={acting === "undo"} onClick={confirm}>
              {isReady ? t(data.toRestore === 0 ? "undoDeletes" : "undoConfirm", { count }) : t("undoCounting")}
            </Button>
          )}
        </>
      }
    >
      <div className="stack undo-words">
        {data === undefined && error === null && <Placeholder lines={5} />}
        {data !== undefined && <Preview job={job} preview={data} />}
        {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
        {failure !== null && <Problem error={failure} />}
      </div>
    </Dialog>
  );
}

/** Without records that the undo has nothing to do with. */
function counted(records: NonNullable<UndoPreview["records"]>): Record<string, Record<string, number>> {
  const some = Object.entries(records).filter(([, each]) => each.toDelete + each.toRestore + each.kept > 0);
  return Object.fromEntries(some.map(([name, each]) => [name, { ...each }]));
}

function Preview({ job, preview }: { job: Import; preview: UndoPreview }): ReactNode {
  const t = useTexts("commit");
  const { toDelete, toRestore, kept, laterImports, references, records } = preview;
  const stays = [
    ["undoEdited", kept.edited],
    ["undoReferred", kept.referred],
    ["undoGone", kept.gone],
  ] as const;
  const slow = toDelete >= manyRecords ? references.filter(({ indexed }) => !indexed) : [];
  return (
    <>
      {toDelete + toRestore === 0 && <p>{t("undoNothing")}</p>}
      <ul className="undo-list">
        {toDelete > 0 && (
          <li>
            <Icon name="trash" />
            {t("undoDelete", { count: toDelete })}
          </li>
        )}
        {toRestore > 0 && (
          <li>
            <Icon name="undo" />
            <span>
              {t("undoRestore", { count: toRestore })}
              {kept.editedInPart > 0 && ` ${t("undoInPart", { count: kept.editedInPart })}`}
            </span>
          </li>
        )}
        {stays.map(
          ([name, count]) =>
            count > 0 && (
              <li key={name} className="muted">
                <Icon name="info" />
                {t(name, { count })}
              </li>
            ),
        )}
      </ul>
      {records !== undefined && (
        <RecordTable
          importer={job.importer}
          label={t("undoDialog")}
          numbers={counted(records)}
          columns={[
            { name: "toDelete", title: t("toDelete") },
            { name: "toRestore", title: t("toRestore") },
            { name: "kept", title: t("toKeep") },
          ]}
        />
      )}
      {laterImports.map(({ jobId, records }) => (
        <p key={jobId} className="small">
          {jobId === null ? (
            t("undoLaterOthers", { count: records })
          ) : (
            <PlaceLink to={{ page: "import", id: jobId }}>
              {t("undoLater", { id: String(jobId), count: records })}
            </PlaceLink>
          )}
        </p>
      ))}
      {slow.map(({ table, columns }) => (
        <p key={`${table} ${columns}`} className="muted small">
          {t("undoSlow", { table })}
        </p>
      ))}
    </>
  );
}
