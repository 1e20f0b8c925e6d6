/** The windows of the review: find and replace, what was edited, back to the columns. Loaded together, when the first is opened. */
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useDeferredValue, useId, useState } from "react";
import type { Edit, EditCounts, Import, NewEdit } from "../../../client/index.ts";
import { type Formats, useFormats } from "../../foundation/format.ts";
import { choiceName } from "../../foundation/mappable-fields.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { useImport } from "../../foundation/use-import.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Button } from "../../parts/Button.tsx";
import { ConfirmDialog, Dialog } from "../../parts/Dialog.tsx";
import { Choice, Labelled, LabelledInput } from "../../parts/Labelled.tsx";
import { Notice, Problem } from "../../parts/Notice.tsx";
import { editedView } from "./edited-view.ts";
import { isFiltered, noFilter, queryOf, type ReviewFilter } from "./FilterBar.tsx";
import type { GridColumn } from "./grid-columns.ts";
import { resultOf } from "./use-review.ts";

interface FindReplaceProps {
  id: number;
  columns: readonly GridColumn[];
  /** The rows that are shown. */
  filter: ReviewFilter;
  onChange: (edit: NewEdit) => Promise<EditCounts>;
  onClose: () => void;
}

/** A text within cells, or whole cells, of one field or of all. */
export function FindReplace({ id, columns, filter, onChange, onClose }: FindReplaceProps): ReactNode {
  const t = useTexts("review");
  const formId = useId();
  const [field, setField] = useState("");
  const [find, setFind] = useState("");
  const [replace, setReplace] = useState("");
  const [wholeCell, setWholeCell] = useState(false);
  const [caseSensitive, setCaseSensitive] = useState(false);
  const [isWithin, setIsWithin] = useState(isFiltered(filter));
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<EditCounts | null>(null);
  const [error, setError] = useState<unknown>(null);
  const mayFind = find !== "" || (wholeCell && field !== "");
  const isReady = mayFind && find !== replace;
  const found = useFound(id, find, isWithin ? filter : noFilter);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!isReady || busy) return;
    setBusy(true);
    setError(null);
    setResult(null);
    try {
      const within = isWithin && isFiltered(filter) ? { within: editedView(filter) } : {};
      const edit = { kind: "find", find, replace, wholeCell, caseSensitive, ...within } as const;
      setResult(await onChange(field === "" ? edit : { ...edit, field }));
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t("findTitle")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{result === null ? t("notNow") : t("done")}</Button>
          <Button type="submit" form={formId} look="primary" busy={busy} aria-disabled={!isReady || undefined}>
            {t("replaceAll")}
          </Button>
        </>
      }
    >
      <form id={formId} className="stack" onSubmit={(event) => void submit(event)}>
        <Labelled label={t("findIn")}>
          {(control) => (
            <select className="select" {...control} value={field} onChange={(event) => setField(event.target.value)}>
              <option value="">{t("allFields")}</option>
              {columns.map((column) => (
                <option key={column.field} value={column.field}>
                  {column.label}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        <LabelledInput
          label={t("find")}
          hint={found ?? t("findHint")}
          dir="auto"
          autoComplete="off"
          value={find}
          onText={setFind}
        />
        <LabelledInput label={t("replaceBy")} dir="auto" autoComplete="off" value={replace} onText={setReplace} />
        <Choice type="checkbox" checked={wholeCell} onChange={(event) => setWholeCell(event.target.checked)}>
          {t("wholeCell")}
        </Choice>
        <Choice type="checkbox" checked={caseSensitive} onChange={(event) => setCaseSensitive(event.target.checked)}>
          {t("caseSensitive")}
        </Choice>
        {isFiltered(filter) && (
          <Choice type="checkbox" checked={isWithin} onChange={(event) => setIsWithin(event.target.checked)}>
            {t("withinShown")}
          </Choice>
        )}
        {result !== null && (
          <Notice tone={result.changed === 0 ? "info" : "good"} title={t("changed", { count: result.changed })}>
            {result.changed > 0 && (result.nowValid > 0 || result.nowInvalid > 0 || result.stillInvalid > 0)
              ? resultOf(result, t)
              : undefined}
          </Notice>
        )}
        {error !== null && <Problem error={error} />}
      </form>
    </Dialog>
  );
}

/** Shorter texts are found in nearly every row. */
const shortestCounted = 2;

/** How many rows of a filter hold the text anywhere, in words; null: nobody asked, or they are those of another text. */
function useFound(id: number, find: string, filter: ReviewFilter): string | null {
  const t = useTexts("review");
  const { client } = useSluice();
  const search = useDeferredValue(find.trim());
  const view = queryOf({ ...filter, sort: null });
  const { data } = useQuery({
    queryKey: ["found", id, search, view],
    queryFn: async ({ signal }) => {
      // Not while the person still types.
      await new Promise((resolve) => setTimeout(resolve, 350));
      signal.throwIfAborted();
      return client.imports.rows(id, { ...view, search, offset: 0, limit: 1 }, { signal });
    },
    enabled: search.length >= shortestCounted && search.length <= 200 && filter.search === "",
    gcTime: 0,
  });
  return data?.total === undefined ? null : t("foundIn", { count: data.total });
}

interface EditHistoryProps {
  edits: readonly Edit[];
  columns: readonly GridColumn[];
  isChanging: boolean;
  onUndo: () => void;
  onClose: () => void;
}

/** What was edited in an import, the newest first, by whom, and what became of it. The newest can be taken back. */
export function EditHistory({ edits, columns, isChanging, onUndo, onClose }: EditHistoryProps): ReactNode {
  const t = useTexts("review");
  const formats = useFormats();
  const newest = edits.find(({ status }) => status === "done");
  return (
    <Dialog title={t("changesTitle")} onClose={onClose} wide>
      {edits.length === 0 && <p className="muted">{t("noChanges")}</p>}
      <ol className="changes">
        {edits.map((edit) => (
          <li key={edit.id} className={edit.status === "undone" ? "undone" : undefined}>
            <div className="change-words">
              <span dir="auto">{wordsOf(edit, columns, t, formats)}</span>
              <span className="muted small">
                {formats.moment(edit.at)} · {resultOf(edit, t)}
              </span>
            </div>
            {edit.status === "undone" && <Badge>{t("takenBack")}</Badge>}
            {(edit.status === "under_way" || edit.status === "undoing") && <Badge tone="info">{t("underWay")}</Badge>}
            {edit === newest && (
              <Button size="small" icon="undo" busy={isChanging} onClick={onUndo}>
                {t("undo")}
              </Button>
            )}
          </li>
        ))}
      </ol>
    </Dialog>
  );
}

function wordsOf(
  edit: Edit,
  columns: readonly GridColumn[],
  t: ReturnType<typeof useTexts<"review">>,
  formats: Formats,
): string {
  const { kind, row, from, to, repair } = edit;
  const column = columns.find((each) => each.field === edit.field);
  const field = column?.label ?? edit.field ?? t("allFields");
  const quoted = (text: string | null): string =>
    text === null || text === "" ? t("blank") : formats.quoted(choiceName(column?.choices ?? null, text));
  switch (kind) {
    case "cell":
      return t("editedCell", { row: row ?? 0, field, to: quoted(to) });
    case "replace":
    case "find":
      return t("editedMany", { field, from: quoted(from), to: quoted(to) });
    case "cells":
      return to === null ? t("editedCells", { field }) : t("filledCells", { field, to: quoted(to) });
    case "take_in":
      return t("takenIn");
    case "put_back":
      return row === null ? t("rowsBack") : t("oneRowBack", { row });
    case "decide":
      return row === null ? t("decidedRows") : t("decidedRow", { row });
    case "leave_out":
      return row === null ? t("rowsOut") : t("oneRowOut", { row });
    case "repair":
      return t("repaired", { field, what: repair === null ? "" : t(`repair_${repair}`) });
    default:
      return t("checkedAgain");
  }
}

/** The way back to the columns, which costs the edits: asked first. */
export function ReopenDialog({ job, edits, onClose }: { job: Import; edits: number; onClose: () => void }): ReactNode {
  const t = useTexts("review");
  const { act } = useImport(job.id);
  return (
    <ConfirmDialog
      title={t("reopenTitle")}
      keep={t("stayHere")}
      confirm={t("reopen")}
      look={edits > 0 ? "danger" : "primary"}
      onConfirm={() => act("reopen")}
      onClose={onClose}
    >
      <p>{edits > 0 ? t("reopenLoses", { count: edits }) : t("reopenHint")}</p>
    </ConfirmDialog>
  );
}
