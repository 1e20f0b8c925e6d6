/** Which rows the grid shows: the filters, plain to see and cleared with one press, and what is wrong as bars that set them. */
import { type ReactNode, useId, useState } from "react";
import type { Import, IssueCode, IssueCount, RepairOffer, RowFilter } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { useTexts } from "../../foundation/texts.ts";
import { useSettled } from "../../foundation/use-settled.ts";
import { Button } from "../../parts/Button.tsx";
import { Icon } from "../../parts/Icon.tsx";

interface FilterBarProps {
  job: Import;
  filter: ReviewFilter;
  onFilter: (filter: ReviewFilter) => void;
  /** What the chosen kinds of issue are called. */
  issueNames: readonly string[];
  /** What a column is called. */
  labelOf: (field: string) => string;
  /** A value as its column shows it: of a choice its label. */
  nameOf: (field: string, value: string) => string;
  /** Rows that are shown; null: not known yet. */
  shown: number | null;
  /** As many are found while they are counted. */
  found: number;
  children: ReactNode;
}

const names = { all: "showAll", invalid: "showWrong", valid: "showRight", skipped: "showLeftOut" } as const;

export function FilterBar({
  job,
  filter,
  onFilter,
  issueNames,
  labelOf,
  nameOf,
  shown,
  found,
  children,
}: FilterBarProps): ReactNode {
  const t = useTexts("review");
  const formats = useFormats();
  const name = useId();
  const [typed, setTyped] = useSettled(filter.search, (search) => onFilter({ ...filter, search }));
  const { validRows: valid, invalidRows: invalid, skippedRows: skipped } = job;
  const counts = { all: valid + invalid + skipped, invalid, valid, skipped };
  const statuses = (["all", "invalid", "valid", "skipped"] as const).filter(
    (status) => status !== "skipped" || skipped > 0 || filter.status === status,
  );
  return (
    <div className="stack filter-bar">
      <div className="row">
        <fieldset className="segments">
          <legend className="hidden-text">{t("whichRows")}</legend>
          {statuses.map((status) => (
            <label key={status} className="segment">
              <input
                type="radio"
                name={name}
                checked={filter.status === status}
                onChange={() => onFilter({ ...filter, status })}
              />
              <span>
                {t(names[status])} <span className="segment-count">{formats.number(counts[status])}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <div className="search">
          <Icon name="search" size={16} />
          <input
            type="search"
            className="input small-control"
            aria-label={t("search")}
            placeholder={t("search")}
            maxLength={200}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
        <div className="row push">{children}</div>
      </div>
      <div className="row filter-told small">
        {/* A number that grows is seen; it would be read out again and again. */}
        {shown === null && found > 0 && <span aria-hidden="true">{t("foundSoFar", { count: found })}</span>}
        <span role="status" className={shown === null && found > 0 ? "hidden-text" : undefined}>
          {shown === null
            ? t("looking")
            : isFiltered(filter)
              ? t("shownOf", { count: shown, all: counts.all })
              : t("shownAll", { count: shown })}
        </span>
        {filter.issues.map((issue, k) => (
          <Chip
            key={`${issue.code} ${issue.field}`}
            label={issueNames[k] ?? issue.code}
            onClear={() => onFilter({ ...filter, issues: filter.issues.filter((each) => each !== issue) })}
            clear={t("clearOne")}
          />
        ))}
        {Object.entries(filter.where).map(([field, values]) => (
          <Chip
            key={field}
            label={t("shownValues", {
              field: labelOf(field),
              values: valuesTold(
                values.map((value) => nameOf(field, value)),
                t("blank"),
              ),
            })}
            onClear={() => onFilter({ ...filter, where: without(filter.where, field) })}
            clear={t("clearOne")}
          />
        ))}
        {filter.search !== "" && (
          <Chip
            label={formats.quoted(filter.search)}
            onClear={() => {
              setTyped("");
              onFilter({ ...filter, search: "" });
            }}
            clear={t("clearOne")}
          />
        )}
        {isFiltered(filter) && (
          <Button
            look="quiet"
            size="small"
            onClick={() => {
              setTyped("");
              onFilter({ ...noFilter, sort: filter.sort });
            }}
          >
            {t("clearAll")}
          </Button>
        )}
      </div>
    </div>
  );
}

function Chip({ label, clear, onClear }: { label: string; clear: string; onClear: () => void }): ReactNode {
  return (
    <span className="chip">
      <span dir="auto">{label}</span>
      <button type="button" aria-label={`${clear}: ${label}`} onClick={onClear}>
        <Icon name="cross" size={14} />
      </button>
    </span>
  );
}

interface IssueBarsProps {
  issues: readonly IssueCount[];
  chosen: readonly ChosenIssue[];
  repairs: readonly RepairOffer[];
  /** `isBeside`: with those that are chosen. */
  onChoose: (issue: ChosenIssue, isBeside: boolean) => void;
  onRepair: (issue: ChosenIssue) => void;
}

/** As many as are looked through at a glance. */
const firstBars = 7;

/** What is wrong, by field and kind, as bars; each is a button that shows its rows alone. */
export function IssueBars({ issues, chosen, repairs, onChoose, onRepair }: IssueBarsProps): ReactNode {
  const t = useTexts("review");
  const formats = useFormats();
  const [showAll, setShowAll] = useState(false);
  const most = Math.max(...issues.map(({ count }) => count), 1);
  const shown = issues.filter(
    (issue, place) => showAll || place < firstBars || chosen.some((each) => isSameIssue(issue, each)),
  );
  return (
    <>
      <ul className="issue-bars">
        {shown.map((issue) => {
          const { code, field, label, title, severity, count } = issue;
          const isChosen = chosen.some((each) => isSameIssue({ code, field }, each));
          const repair = repairs.find((each) => each.issue === code && each.field === field);
          return (
            <li key={`${code} ${field}`} className="issue-line">
              <button
                type="button"
                className={`issue-bar ${severity}`}
                aria-pressed={isChosen}
                onClick={(event) => onChoose({ code, field }, event.ctrlKey || event.metaKey || event.shiftKey)}
              >
                <span className="issue-bar-words">
                  <Icon name={severity === "info" ? "info" : "warn"} size={16} />
                  <span>
                    {label !== null && <strong>{label} </strong>}
                    {title}
                    <span className="hidden-text">, {t(severity === "error" ? "isError" : "isNoError")}, </span>
                  </span>
                </span>
                <span className="issue-bar-track" aria-hidden="true">
                  <span style={{ transform: `scaleX(${Math.max(count / most, 0.012)})` }} />
                </span>
                <span className="number">
                  {formats.number(count)}
                  <span className="hidden-text"> {t("rowsWord", { count })}</span>
                </span>
              </button>
              {repair !== undefined && (
                <Button
                  size="small"
                  aria-label={[t("fixOne", { count: repair.rows }), label, title].filter(Boolean).join(" · ")}
                  onClick={() => onRepair({ code, field })}
                >
                  {t("fixOne", { count: repair.rows })}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {issues.length > firstBars && (
        <Button look="quiet" size="small" onClick={() => setShowAll(!showAll)} aria-expanded={showAll}>
          {showAll ? t("fewer") : t("more", { count: issues.length - shown.length })}
        </Button>
      )}
    </>
  );
}

export interface ChosenIssue {
  code: IssueCode;
  field: string | null;
}

export interface ReviewFilter {
  status: "all" | "invalid" | "valid" | "skipped";
  issues: readonly ChosenIssue[];
  search: string;
  /** By columns: in each one of the values. */
  where: Readonly<Record<string, readonly string[]>>;
  /** Null: in the file's order. */
  sort: { field: string; order: "asc" | "desc" } | null;
}

/** Which rows of an import are looked at: by how they stand, by kinds of issue, by values, by a text in any cell; all of them at once. */
export const noFilter: ReviewFilter = { status: "all", issues: [], search: "", where: {}, sort: null };

export function isFiltered({ status, issues, search, where }: ReviewFilter): boolean {
  return status !== "all" || issues.length > 0 || search !== "" || Object.keys(where).length > 0;
}

export function isSameIssue(a: ChosenIssue | null, b: ChosenIssue | null): boolean {
  return a === b || (a !== null && b !== null && a.code === b.code && a.field === b.field);
}

/** One kind of issue instead of those chosen, or beside them; once more: without it. */
export function withIssue(chosen: readonly ChosenIssue[], issue: ChosenIssue, isBeside: boolean): ChosenIssue[] {
  const others = chosen.filter((each) => !isSameIssue(each, issue));
  if (others.length < chosen.length) return others;
  return isBeside ? [...chosen, issue] : [issue];
}

export function without(where: ReviewFilter["where"], field: string): ReviewFilter["where"] {
  return Object.fromEntries(Object.entries(where).filter(([each]) => each !== field));
}

/** As many values as a chip has room for. */
const valuesShown = 3;

function valuesTold(values: readonly string[], blank: string): string {
  const told = values.slice(0, valuesShown).map((value) => (value === "" ? blank : value.slice(0, 40)));
  return [...told, ...(values.length > valuesShown ? [`+${values.length - valuesShown}`] : [])].join(", ");
}

/** As the API asks for it. */
export function queryOf({ status, issues, search, where, sort }: ReviewFilter): RowFilter {
  return {
    ...(status !== "all" && { status }),
    ...(issues.length > 0 && {
      issues: issues.map(({ code, field }) => (field === null ? code : `${code}:${field}`)),
    }),
    ...(search !== "" && { search }),
    ...(Object.keys(where).length > 0 && { where }),
    ...(sort !== null && { sort: sort.field, order: sort.order }),
  };
}
