/** The cards of a file's columns, a page at a time: found by a word, or by what is still to be done. */
import { type ReactNode, useRef, useState } from "react";
import type { GivenColumn, Import, ImporterField } from "../../../client/index.ts";
import { useAnnounce } from "../../foundation/Frame.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Labelled, LabelledInput } from "../../parts/Labelled.tsx";
import { Pages } from "../../parts/Pages.tsx";
import { Empty } from "../../parts/Placeholder.tsx";
import { ColumnCard } from "./ColumnCard.tsx";
import { type ColumnFilter, type ColumnView, columnFilters, isFound, passes } from "./column-view.ts";
import { shortened } from "./FieldSelect.tsx";

/** Cards on one page: quick to draw, and long enough for most files. */
const pageSize = 40;

export interface ColumnListProps {
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

export function ColumnList(props: ColumnListProps): ReactNode {
  const { job, views, sampledRows, isWhole, fields, needed, filter, onFilter, onSay } = props;
  const t = useTexts("map");
  const announce = useAnnounce();
  const top = useRef<HTMLDivElement>(null);
  const [search, setSearch] = useState("");
  const [page, setPage] = useState(0);
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

  return (
    <div className="stack" ref={top}>
      <div className="map-find">
        <LabelledInput
          type="search"
          label={t("search")}
          data-search=""
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
        <div className="map-cards">
          {shown.map((view) => (
            <ColumnCard
              key={view.column.index}
              {...{ job, view, sampledRows, fields, needed, takenBy }}
              onChoose={(field) => choose(view, field)}
              onSay={(given) => onSay([given])}
            />
          ))}
        </div>
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
