/** The columns of a file, a line for each and a page at a time: found by a word, or by what is still to be done. */
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import type { GivenColumn, Import, ImporterField } from "../../../client/index.ts";
import { useAnnounce } from "../../foundation/Frame.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Labelled, LabelledInput } from "../../parts/Labelled.tsx";
import { Pages } from "../../parts/Pages.tsx";
import { Empty } from "../../parts/Placeholder.tsx";
import { ColumnRow } from "./ColumnRow.tsx";
import { type ColumnFilter, type ColumnView, columnFilters, isFound, passes } from "./column-view.ts";
import { shortened } from "./FieldSelect.tsx";

/** Lines on one page: quick to draw, and long enough for most files. */
const pageSize = 40;
/** As many are looked through without a search. */
const fewColumns = 15;

export interface ColumnTableProps {
  job: Import;
  views: readonly ColumnView[];
  sampledRows: number;
  /** These are all rows of the file. */
  isWhole: boolean;
  fields: readonly ImporterField[];
  needed: ReadonlySet<string>;
  filter: ColumnFilter;
  onFilter: (filter: ColumnFilter) => void;
  onSay: (columns: GivenColumn[]) => void;
}

export function ColumnTable(props: ColumnTableProps): ReactNode {
  const { job, views, sampledRows, isWhole, fields, needed, filter, onFilter, onSay } = props;
  const t = useTexts("map");
  const announce = useAnnounce();
  const top = useRef<HTMLDivElement>(null);
  const [search, setSearch] = useState("");
  const [page, setPage] = useState(0);
  // Where Tab stops, by the column's place.
  const [current, setCurrent] = useState<number | null>(null);
  // Found once: a column that is decided stays where it is until something else is looked for.
  const [found, setFound] = useState<{ of: string; places: number[] } | null>(null);
  const of = `${filter} ${search}`;
  const isUnfiltered = filter === "all" && search.trim() === "";
  let places = isUnfiltered ? null : found?.of === of ? found.places : undefined;
  if (places === undefined) {
    places = [...views.keys()].filter((place) => passes(views[place], filter) && isFound(views[place], search));
    setFound({ of, places });
  }
  const count = places?.length ?? views.length;
  const pages = Math.max(1, Math.ceil(count / pageSize));
  const present = Math.min(page, pages - 1);
  const from = present * pageSize;
  const shown =
    places === null
      ? views.slice(from, from + pageSize)
      : places.slice(from, from + pageSize).flatMap((place) => views[place] ?? []);
  const counts = Object.fromEntries(
    columnFilters.map((each) => [each, views.filter((view) => passes(view, each)).length]),
  ) as Record<ColumnFilter, number>;
  const takenBy = new Map(views.flatMap(({ column: { field, column } }) => (field === null ? [] : [[field, column]])));
  const turn = (to: number): void => {
    setPage(to);
    top.current?.scrollIntoView({ block: "start" });
  };

  const choose = ({ column }: ColumnView, field: string | null): void => {
    const name = shortened(column.column);
    const label = fields.find((each) => each.name === field)?.label ?? "";
    const isShared = fields.some(({ name: each, shared }) => each === field && shared);
    const other = field === null || isShared ? undefined : takenBy.get(field);
    const given = { column: column.column, field };
    if (other !== undefined && other !== column.column) {
      onSay([{ column: other, field: null }, given]);
      announce(t("moved", { field: label, column: name, other: shortened(other) }));
    } else {
      onSay([given]);
      announce(field === null ? t("nowLeft", { column: name }) : t("nowFeeds", { column: name, field: label }));
    }
  };

  const stop = shown.some(({ column }) => column.index === current) ? current : shown[0]?.column.index;
  const move = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, Home: -shown.length, End: shown.length };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const names = [...(top.current?.querySelectorAll<HTMLElement>(".map-name") ?? [])];
    const at = names.indexOf(event.currentTarget as HTMLElement);
    names[Math.min(names.length - 1, Math.max(0, at + step))]?.focus();
  };

  return (
    <div className="stack map-columns" ref={top}>
      {(views.length > fewColumns || !isUnfiltered) && (
        <div className="map-find">
          <LabelledInput
            type="search"
            label={t("search")}
            placeholder={t("searchPlace")}
            value={search}
            onText={(text) => {
              setSearch(text);
              setPage(0);
            }}
          />
          <Labelled label={t("filter")}>
            {(control) => (
              <select
                className="select"
                {...control}
                value={filter}
                onChange={({ target }) => {
                  onFilter(target.value as ColumnFilter);
                  setFound(null);
                  setPage(0);
                }}
              >
                {columnFilters.map((each) => (
                  <option key={each} value={each}>
                    {t(`filter_${each}`, { count: counts[each] })}
                  </option>
                ))}
              </select>
            )}
          </Labelled>
        </div>
      )}
      {!isWhole && <p className="muted small">{t("ofSample", { count: sampledRows })}</p>}
      {count === 0 ? (
        <Empty
          icon="search"
          title={t("noneFound")}
          actions={
            <Button
              onClick={() => {
                setSearch("");
                onFilter("all");
              }}
            >
              {t("showAll")}
            </Button>
          }
        >
          {t("noneFoundHint")}
        </Empty>
      ) : (
        <table className="map-table" aria-label={t("columnsTab")}>
          <thead>
            <tr>
              <th scope="col">{t("madeColumn")}</th>
              <th scope="col">{t("examples")}</th>
              <th scope="col" className="number">
                {t("filledHead")}
              </th>
              <th scope="col">{t("madeField")}</th>
              <th scope="col">{t("match")}</th>
            </tr>
          </thead>
          {shown.map((view) => (
            <ColumnRow
              key={view.column.index}
              {...{ job, view, sampledRows, fields, needed, takenBy }}
              isCurrent={view.column.index === stop}
              onFocus={() => setCurrent(view.column.index)}
              onArrow={move}
              onChoose={(field) => choose(view, field)}
              onSay={(given) => onSay([given])}
            />
          ))}
        </table>
      )}
      {pages > 1 && (
        <Pages
          label={t("pages")}
          onPrevious={present === 0 ? null : () => turn(present - 1)}
          onNext={present === pages - 1 ? null : () => turn(present + 1)}
        >
          {t("range", { from: from + 1, to: Math.min(count, from + pageSize), count })}
        </Pages>
      )}
    </div>
  );
}
