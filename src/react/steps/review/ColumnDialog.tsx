/** What the rows of the grid are sorted by, and which values of a column they have. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useFormats } from "../../foundation/format.ts";
import { choiceName } from "../../foundation/mappable-fields.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { useRested } from "../../foundation/use-settled.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Choice, LabelledInput } from "../../parts/Labelled.tsx";
import { Notice, Problem } from "../../parts/Notice.tsx";
import { Placeholder } from "../../parts/Placeholder.tsx";
import { queryOf, type ReviewFilter, without } from "./FilterBar.tsx";
import type { GridColumn } from "./grid-columns.ts";
import { narrowest, widest } from "./grid-layout.ts";

interface ColumnDialogProps {
  id: number;
  column: GridColumn;
  filter: ReviewFilter;
  onFilter: (filter: ReviewFilter) => void;
  /** It is the last of the columns that stay in view. */
  isFrozen: boolean;
  /** No other is shown. */
  isOnly: boolean;
  onWidth: (width: number) => void;
  onFit: () => void;
  onHide: () => void;
  onFreeze: (isFrozen: boolean) => void;
  /** All columns are to be chosen from. */
  onAll: () => void;
  onClose: () => void;
}

/** What the API takes, with some room for the rest of the request. */
const most = { values: 100, chars: 6000 };
/** Fields whose cells have several values. */
const several: readonly string[] = ["list", "columns", "json"];

export function ColumnDialog(props: ColumnDialogProps): ReactNode {
  const { id, column, filter, onFilter, onClose } = props;
  const t = useTexts("review");
  const { field, label } = column;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(filter.where[field] ?? []));
  const order = filter.sort?.field === field ? filter.sort.order : null;
  const hasValues = !several.includes(column.kind);
  const where = chosen.size === 0 ? without(filter.where, field) : { ...filter.where, [field]: [...chosen] };
  const isTooMuch = chosen.size > most.values || encodeURIComponent(JSON.stringify(where)).length > most.chars;
  const show = (next: Partial<ReviewFilter>): void => {
    onFilter({ ...filter, ...next });
    onClose();
  };
  return (
    // Its keys are not the grid's, nor those of the full window.
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of what is in it
    <div onKeyDown={(event) => event.stopPropagation()}>
      <Dialog
        title={label}
        onClose={onClose}
        actions={
          hasValues ? (
            <>
              <Button onClick={onClose}>{t("notNow")}</Button>
              <Button
                look="primary"
                aria-disabled={isTooMuch || undefined}
                onClick={() => isTooMuch || show({ where })}
              >
                {t("showValues")}
              </Button>
            </>
          ) : undefined
        }
      >
        <div className="stack">
          <div className="row">
            <Button size="small" aria-pressed={order === "asc"} onClick={() => show({ sort: { field, order: "asc" } })}>
              {t("sortUp")}
            </Button>
            <Button
              size="small"
              aria-pressed={order === "desc"}
              onClick={() => show({ sort: { field, order: "desc" } })}
            >
              {t("sortDown")}
            </Button>
            <Button size="small" aria-pressed={filter.sort === null} onClick={() => show({ sort: null })}>
              {t("fileOrder")}
            </Button>
          </div>
          <Looks {...props} />
          {hasValues && <Values {...{ id, column, filter, chosen }} onChoose={setChosen} />}
          {isTooMuch && <Notice tone="warn" title={t("tooManyValues", { count: most.values })} />}
        </div>
      </Dialog>
    </div>
  );
}

/** How the column looks: its width, whether it stays in view, whether it is there at all. */
function Looks({
  column: { width },
  isFrozen,
  isOnly,
  onWidth,
  onFit,
  onHide,
  onFreeze,
  onAll,
}: ColumnDialogProps): ReactNode {
  const t = useTexts("review");
  const formats = useFormats();
  return (
    <div className="row">
      <label className="row column-width small">
        {t("columnWidth")}
        <input
          type="range"
          min={narrowest}
          max={widest}
          step={10}
          value={width}
          aria-valuetext={t("pixels", { count: width })}
          onChange={(event) => onWidth(Number(event.target.value))}
        />
        <span className="number">{formats.number(width)}</span>
      </label>
      <Button size="small" onClick={onFit}>
        {t("fitColumn")}
      </Button>
      <Button size="small" aria-pressed={isFrozen} onClick={() => onFreeze(!isFrozen)}>
        {t("freezeHere")}
      </Button>
      <Button size="small" aria-disabled={isOnly || undefined} onClick={() => isOnly || onHide()}>
        {t("hideColumn")}
      </Button>
      <Button size="small" look="quiet" onClick={onAll}>
        {t("allColumns")}
      </Button>
    </div>
  );
}

function Values({
  id,
  column,
  filter,
  chosen,
  onChoose,
}: Pick<ColumnDialogProps, "id" | "column" | "filter"> & {
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
}): ReactNode {
  const t = useTexts("review");
  const formats = useFormats();
  const { client } = useSluice();
  const [typed, setTyped] = useState("");
  const containing = useRested(typed.trim()).slice(0, 200);
  const query = queryOf({ ...filter, where: without(filter.where, column.field), sort: null });
  const found = useQuery({
    queryKey: ["row values", id, column.field, query, containing],
    queryFn: ({ signal }) =>
      client.imports.rowValues(
        id,
        { ...query, column: column.field, ...(containing !== "" && { containing }) },
        { signal },
      ),
    gcTime: 0,
  });
  const items = found.data?.items ?? [];
  const unlisted = [...chosen].filter((value) => !items.some((item) => item.value === value));
  const wordOf = (value: string): string => (value === "" ? t("blank") : choiceName(column.choices, value));
  // Under a search those that it finds: the others stay chosen, and are told by their number.
  const sought = containing.toLowerCase();
  const alsoFound = unlisted.filter((value) =>
    sought === "" ? true : [value, wordOf(value)].some((text) => text.toLowerCase().includes(sought)),
  );
  const elsewhere = unlisted.length - alsoFound.length;
  const choose = (value: string, isChosen: boolean): void => {
    const next = new Set(chosen);
    if (isChosen) next.add(value);
    else next.delete(value);
    onChoose(next);
  };
  const line = (value: string, rows: number | null): ReactNode => (
    <li key={value}>
      <Choice
        type="checkbox"
        checked={chosen.has(value)}
        onChange={(event) => choose(value, event.target.checked)}
        // Of those that are not all counted no number is told.
        hint={rows === null || found.data?.isCut === true ? undefined : formats.number(rows)}
      >
        {wordOf(value)}
      </Choice>
    </li>
  );
  return (
    <>
      <LabelledInput label={t("valuesWith")} dir="auto" autoComplete="off" value={typed} onText={setTyped} />
      {found.isError ? (
        <Problem error={found.error} onRetry={() => void found.refetch()} />
      ) : found.data === undefined ? (
        <Placeholder lines={6} />
      ) : (
        <>
          {found.data.isCut && <p className="muted small">{t("manyValues", { count: items.length })}</p>}
          {elsewhere > 0 && <p className="muted small">{t("chosenElsewhere", { count: elsewhere })}</p>}
          <ul className="column-values" aria-label={t("valuesOf", { column: column.label })}>
            {alsoFound.map((value) => line(value, null))}
            {items.map(({ value, rows }) => line(value, rows))}
          </ul>
        </>
      )}
    </>
  );
}
