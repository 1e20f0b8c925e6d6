/** The end of the step: the file is checked, or thrown away. Says what is still in the way, and leads there. */
import { type Query, useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import type { ClientError, Import, ImporterField, MappedField } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { importKey } from "../../foundation/use-import.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Problem } from "../../parts/Notice.tsx";
import { StepFoot } from "../../parts/Step.tsx";
import { DiscardImport } from "../DiscardImport.tsx";
import { type ColumnView, unknownIn } from "./column-view.ts";
import { shortened } from "./FieldSelect.tsx";
import { useSourceWords } from "./MadeFields.tsx";
import { oncePressed } from "./QuestionList.tsx";
import { separatorWord } from "./separator-names.ts";

export interface MapFootProps {
  job: Import;
  /** What still needs a column: each is one field, or several of which one will do. */
  missing: readonly ImporterField[][];
  /** Columns with an open question, or values that are not known. */
  open: readonly ColumnView[];
  /** Fields that are not one column's, with an open question. */
  doubtfulFields: readonly MappedField[];
  fields: readonly ImporterField[];
  /** How many of the file's first rows the values are of; null: all of them. */
  sampledRows: number | null;
  saving: boolean;
  /** To the questions. */
  onLook: () => void;
}

export function MapFoot(props: MapFootProps): ReactNode {
  const { job, missing, open, doubtfulFields, fields, sampledRows, saving, onLook } = props;
  const t = useTexts("map");
  const { client } = useSluice();
  const queries = useQueryClient();
  const { list, quoted } = useFormats();
  const words = useSourceWords();
  const doubtful = open.filter(({ column }) => column.doubt !== undefined);
  const strange = open.filter(({ unknown }) => unknown > 0);
  const questions = doubtful.length + doubtfulFields.length;
  const unknown = strange.reduce((sum, each) => sum + each.unknown, 0);
  const isOpen = questions + unknown > 0;
  const hintId = useId();
  const [isAsking, setAsking] = useState(false);
  /** What is asked about the file while nobody checks it yet: not the import itself. */
  const looks = {
    predicate: ({ queryKey }: Query) => queryKey[1] === job.id && queryKey.join() !== importKey(job.id).join(),
  };
  const start = useMutation<Import, ClientError, boolean>({
    // Once it is checked, such a question is refused.
    onMutate: () => queries.cancelQueries(looks),
    mutationFn: (acceptDoubts) => client.imports.start(job.id, { acceptDoubts }),
    onError: () => void queries.invalidateQueries(looks),
    onSuccess(started) {
      queries.setQueryData(importKey(job.id), started);
      void queries.invalidateQueries({ queryKey: importKey(job.id), exact: true });
    },
  });
  const press = (): void => {
    if (missing.length > 0) onLook();
    else if (isOpen) setAsking(true);
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
  // Each kind of what is open in a sentence of its own, the one that keeps the file from being checked first.
  const said = [
    missing.length > 0 && t("checkMissing", { count: missing.length }),
    questions > 0 && t("checkDoubts", { count: questions }),
    unknown > 0 &&
      t("checkUnknown", {
        count: unknown,
        columns: list(strange.map(({ column }) => quoted(shortened(column.column)))),
      }),
  ].filter((each) => each !== false);
  const isMissing = missing.length > 0;
  return (
    <>
      {start.error !== null && <Problem error={start.error} />}
      <StepFoot back={<DiscardImport job={job} />}>
        <span id={hintId} className={isMissing ? "map-foot-missing" : "map-foot-hint muted"}>
          {said.length === 0 ? t("readyTitle") : said.join(" ")}
        </span>
        <Button
          look="primary"
          className={isMissing ? "map-waits" : undefined}
          busy={start.isPending || saving}
          aria-describedby={hintId}
          data-check=""
          onKeyDown={oncePressed}
          onClick={press}
        >
          {t("check")}
        </Button>
      </StepFoot>
      {isAsking && (
        <Dialog
          title={questions > 0 ? t("doubtsTitle", { count: questions }) : t("unknownTitle", { count: unknown })}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button
                onClick={() => {
                  setAsking(false);
                  onLook();
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
                {t(unknown > 0 ? "checkAnyway" : "doubtsAccept")}
              </Button>
            </>
          }
        >
          <div className="stack">
            {questions > 0 && <p>{t("doubtsWords")}</p>}
            {questions > 0 && (
              <ul className="map-doubts">
                {doubtful.slice(0, most).map((view) => (
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
                {doubtful.length > most && <li className="muted">…</li>}
              </ul>
            )}
            {unknown > 0 && <Unknown columns={strange} sampledRows={sampledRows} />}
          </div>
        </Dialog>
      )}
    </>
  );
}

/** Columns and values that a list names. */
const most = 10;

/** What is not known of them is rejected: said before, with what it costs. */
function Unknown({ columns, sampledRows }: { columns: readonly ColumnView[]; sampledRows: number | null }): ReactNode {
  const t = useTexts("map");
  const { list, quoted } = useFormats();
  return (
    <>
      <p>
        {t("unknownWords")} {sampledRows !== null && t("ofSample", { count: sampledRows })}
      </p>
      <ul className="map-doubts">
        {columns.slice(0, most).map((view) => {
          const { column, unknown, unknownRows } = view;
          const values = unknownIn(view).map(({ value }) => quoted(shortened(value, 30)));
          const named = values.length > most ? [...values.slice(0, most), "…"] : values;
          return (
            <li key={column.index}>
              <strong>
                <bdi dir="auto">{shortened(column.column)}</bdi>
              </strong>{" "}
              <span className="muted">
                {unknown > most ? named.join(", ") : list(named)} · {t("unknownRows", { count: unknownRows })}
              </span>
            </li>
          );
        })}
        {columns.length > most && <li className="muted">…</li>}
      </ul>
    </>
  );
}
