/** The imports of a page: a table whose headers sort it, or cards with a choice of the order. */
import type { ReactNode } from "react";
import type { Import, ImportSort } from "../../client/index.ts";
import { useImporters } from "../foundation/importer-queries.ts";
import { useTexts } from "../foundation/texts.ts";
import { Icon } from "../parts/Icon.tsx";
import { Labelled } from "../parts/Labelled.tsx";
import { HistoryCard, HistoryRow } from "./HistoryRow.tsx";
import type { HistoryView } from "./history-view.ts";

export interface HistoryRowsProps {
  jobs: readonly Import[];
  isNarrow: boolean;
  view: HistoryView;
  onChange: (change: Partial<HistoryView>) => void;
  oneImporter: boolean;
  /** Ids of those that something is to be done with. */
  picked: ReadonlySet<number>;
  onPick: (ids: readonly number[], isPicked: boolean) => void;
  onError: (error: unknown) => void;
  onDeleted: () => void;
}

const columns = [
  { name: "file", sort: "fileName" },
  { name: "importer", sort: "importer" },
  { name: "status", sort: "status" },
  { name: "rows", sort: "totalRows", isNumber: true },
  { name: "imported", isNumber: true },
  { name: "errors", isNumber: true },
  { name: "by" },
  { name: "date", sort: "createdAt" },
  { name: "duration", isNumber: true },
] as const;

/** What one wants to see first: the newest, the largest, else from A to Z. */
const firstOrder: Readonly<Record<ImportSort, "asc" | "desc">> = {
  createdAt: "desc",
  totalRows: "desc",
  fileName: "asc",
  importer: "asc",
  status: "asc",
};

export function HistoryRows({
  jobs,
  isNarrow,
  view,
  onChange,
  oneImporter,
  picked,
  onPick,
  onError,
  onDeleted,
}: HistoryRowsProps): ReactNode {
  const t = useTexts("history");
  const { labelOf } = useImporters();
  const each = (job: Import) => ({
    job,
    importer: oneImporter ? null : labelOf(job.importer),
    isPicked: picked.has(job.id),
    onPick,
    onError,
    onDeleted,
  });
  if (isNarrow) {
    return (
      <div className="stack">
        <Order view={view} onChange={onChange} oneImporter={oneImporter} />
        <PickAll jobs={jobs} picked={picked} onPick={onPick} inWords />
        <ul className="history-cards" aria-label={t("title")}>
          {jobs.map((job) => (
            <HistoryCard key={job.id} {...each(job)} />
          ))}
        </ul>
      </div>
    );
  }
  const sortBy = (sort: ImportSort): void => {
    const turned = view.order === "asc" ? "desc" : "asc";
    onChange({ sort, order: view.sort === sort ? turned : firstOrder[sort] });
  };
  const directions = { asc: "ascending", desc: "descending" } as const;
  return (
    <table className="history-table">
      <caption className="hidden-text">{t("title")}</caption>
      <thead>
        <tr>
          <td className="at-pick">
            <PickAll jobs={jobs} picked={picked} onPick={onPick} />
          </td>
          {columns.map((column) => {
            if (oneImporter && column.name === "importer") return null;
            const sort = "sort" in column ? column.sort : null;
            const isSorted = sort !== null && view.sort === sort;
            return (
              <th
                key={column.name}
                scope="col"
                className={"isNumber" in column ? `number at-${column.name}` : `at-${column.name}`}
                aria-sort={isSorted ? directions[view.order] : undefined}
              >
                {sort === null ? (
                  t(column.name)
                ) : (
                  <button
                    type="button"
                    className={`sort-button ${isSorted ? view.order : ""}`}
                    onClick={() => sortBy(sort)}
                  >
                    {t(column.name)}
                    <Icon name="down" size={14} />
                  </button>
                )}
              </th>
            );
          })}
          <th scope="col">
            <span className="hidden-text">{t("actions")}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => (
          <HistoryRow key={job.id} {...each(job)} />
        ))}
      </tbody>
    </table>
  );
}

/** All of the page, or none of them. */
function PickAll({
  jobs,
  picked,
  onPick,
  inWords = false,
}: Pick<HistoryRowsProps, "jobs" | "picked" | "onPick"> & { inWords?: boolean }): ReactNode {
  const t = useTexts("history");
  const count = jobs.filter(({ id }) => picked.has(id)).length;
  return (
    <label className={inWords ? "pick in-words" : "pick"}>
      <input
        type="checkbox"
        checked={count === jobs.length}
        ref={(box) => {
          if (box !== null) box.indeterminate = count > 0 && count < jobs.length;
        }}
        onChange={(event) =>
          onPick(
            jobs.map(({ id }) => id),
            event.target.checked,
          )
        }
      />
      <span className={inWords ? undefined : "hidden-text"}>{t("pickAll")}</span>
    </label>
  );
}

function Order({
  view,
  onChange,
  oneImporter,
}: Pick<HistoryRowsProps, "view" | "onChange" | "oneImporter">): ReactNode {
  const t = useTexts("history");
  return (
    <Labelled label={t("order")}>
      {(control) => (
        <select
          className="select"
          {...control}
          value={`${view.sort} ${view.order}`}
          onChange={(event) => {
            const [sort, order] = event.target.value.split(" ") as [ImportSort, "asc" | "desc"];
            onChange({ sort, order });
          }}
        >
          {columns.map((column) => {
            if (!("sort" in column) || (oneImporter && column.name === "importer")) return null;
            const first = firstOrder[column.sort];
            return [first, first === "asc" ? "desc" : "asc"].map((order) => (
              <option key={`${column.sort} ${order}`} value={`${column.sort} ${order}`}>
                {t(`${column.sort}_${order as "asc" | "desc"}`)}
              </option>
            ));
          })}
        </select>
      )}
    </Labelled>
  );
}
