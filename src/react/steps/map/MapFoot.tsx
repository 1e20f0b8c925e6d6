/** The end of the step: the file is checked, or thrown away. Says what is still in the way, and leads there. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import type { ClientError, Import, ImporterField, MappedField } from "../../../client/index.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { importKey } from "../../foundation/use-import.ts";
import { Button } from "../../parts/Button.tsx";
import { ConfirmDialog, Dialog } from "../../parts/Dialog.tsx";
import { Problem } from "../../parts/Notice.tsx";
import { StepFoot } from "../../parts/Step.tsx";
import type { ColumnView } from "./column-view.ts";
import { shortened } from "./FieldSelect.tsx";
import { useSourceWords } from "./MadeFields.tsx";
import { separatorWord } from "./separator-names.ts";

export interface MapFootProps {
  job: Import;
  /** How many fields still need a column. */
  missing: number;
  /** Columns with an open question. */
  doubtful: readonly ColumnView[];
  /** Fields that are not one column's, with an open question. */
  doubtfulFields: readonly MappedField[];
  fields: readonly ImporterField[];
  saving: boolean;
  onMissing: () => void;
  onDoubts: () => void;
}

export function MapFoot(props: MapFootProps): ReactNode {
  const { job, missing, doubtful, doubtfulFields, fields, saving, onMissing, onDoubts } = props;
  const t = useTexts("map");
  const { client } = useSluice();
  const queries = useQueryClient();
  const words = useSourceWords();
  const questions = doubtful.length + doubtfulFields.length;
  const hintId = useId();
  const [isAsking, setAsking] = useState(false);
  const start = useMutation<Import, ClientError, boolean>({
    mutationFn: (acceptDoubts) => client.imports.start(job.id, { acceptDoubts }),
    onSuccess(started) {
      queries.setQueryData(importKey(job.id), started);
      void queries.invalidateQueries({ queryKey: importKey(job.id) });
    },
  });
  const press = (): void => {
    if (missing > 0) onMissing();
    else if (questions > 0) setAsking(true);
    else start.mutate(false);
  };
  const suggestionOf = ({ column: { doubt, transform }, field }: ColumnView): string => {
    const { dateOrder = "dmy", decimalMark = "." } = transform ?? {};
    const label = field?.label ?? "";
    if (doubt === "date_order" || doubt === "date_serial") return `${label} · ${t(`order_${dateOrder}`)}`;
    if (doubt === "time_zone") return `${label} · ${transform?.timeZone ?? ""}`;
    if (doubt === "separator") {
      const { word, mark } = separatorWord(transform?.separator);
      return `${label} · ${t(word, { mark })}`;
    }
    return doubt === "decimal_mark" ? `${label} · ${t(`mark_${decimalMark}`)}` : label;
  };
  const hint =
    missing > 0
      ? t("checkMissing", { count: missing })
      : questions > 0
        ? t("checkDoubts", { count: questions })
        : t("readyTitle");
  return (
    <>
      {start.error !== null && <Problem error={start.error} />}
      <StepFoot back={<Discard job={job} />}>
        <span id={hintId} className={missing > 0 ? "map-foot-missing" : "map-foot-hint muted"}>
          {hint}
        </span>
        <Button
          look="primary"
          className={missing > 0 ? "map-waits" : undefined}
          busy={start.isPending || saving}
          aria-describedby={hintId}
          onClick={press}
        >
          {t("check")}
        </Button>
      </StepFoot>
      {isAsking && (
        <Dialog
          title={t("doubtsTitle", { count: questions })}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button
                onClick={() => {
                  setAsking(false);
                  onDoubts();
                }}
              >
                {t("doubtsLook")}
              </Button>
              <Button
                look="primary"
                onClick={() => {
                  setAsking(false);
                  start.mutate(true);
                }}
              >
                {t("doubtsAccept")}
              </Button>
            </>
          }
        >
          <div className="stack">
            <p>{t("doubtsWords")}</p>
            <ul className="map-doubts">
              {doubtful.slice(0, 10).map((view) => (
                <li key={view.column.index}>
                  <strong>
                    <bdi dir="auto">{shortened(view.column.column)}</bdi>
                  </strong>
                  <span className="muted"> → {suggestionOf(view)}</span>
                </li>
              ))}
              {doubtfulFields.map((made) => (
                <li key={made.field}>
                  <strong>{fields.find(({ name }) => name === made.field)?.label ?? made.field}</strong>
                  <span className="muted"> ← {words(made)}</span>
                </li>
              ))}
              {doubtful.length > 10 && <li className="muted">…</li>}
            </ul>
          </div>
        </Dialog>
      )}
    </>
  );
}

function Discard({ job }: { job: Import }): ReactNode {
  const t = useTexts("map");
  const tc = useTexts("common");
  const { client, places } = useSluice();
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button look="quiet" icon="trash" onClick={() => setAsking(true)}>
        {t("discard")}
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={t("discardTitle")}
          keep={tc("cancel")}
          confirm={t("discardDo")}
          onConfirm={() => client.imports.delete(job.id)}
          onClose={() => setAsking(false)}
          onDone={() => {
            places?.go({ page: "new" });
            queries.removeQueries({ queryKey: importKey(job.id) });
          }}
        >
          <p>{t("discardWords", { file: job.fileName })}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
