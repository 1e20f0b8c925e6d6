/** Which rows the grid shows: how they stand, a text in them, and the kind of issue that was chosen; all plain to see, and cleared with one press. */
import { type ReactNode, useId } from "react";
import type { Import } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { useTexts } from "../../foundation/texts.ts";
import { useSettled } from "../../foundation/use-settled.ts";
import { Button } from "../../parts/Button.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { isFiltered, noFilter, type ReviewFilter } from "./review-filter.ts";

export interface FilterBarProps {
  job: Import;
  filter: ReviewFilter;
  onFilter: (filter: ReviewFilter) => void;
  /** What the chosen kind of issue is called. */
  issueName: string | null;
  /** Rows that are shown; null: not known yet. */
  shown: number | null;
  children: ReactNode;
}

export function FilterBar({ job, filter, onFilter, issueName, shown, children }: FilterBarProps): ReactNode {
  const t = useTexts("review");
  const formats = useFormats();
  const name = useId();
  const [typed, setTyped] = useSettled(filter.search, (search) => onFilter({ ...filter, search }));
  const counts = { all: job.validRows + job.invalidRows, invalid: job.invalidRows, valid: job.validRows };
  return (
    <div className="stack filter-bar">
      <div className="row">
        <fieldset className="segments">
          <legend className="hidden-text">{t("whichRows")}</legend>
          {(["all", "invalid", "valid"] as const).map((status) => (
            <label key={status} className="segment">
              <input
                type="radio"
                name={name}
                checked={filter.status === status}
                onChange={() => onFilter({ ...filter, status })}
              />
              <span>
                {t(status === "all" ? "showAll" : status === "invalid" ? "showWrong" : "showRight")}{" "}
                <span className="segment-count">{formats.number(counts[status])}</span>
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
        <span role="status">
          {shown === null
            ? t("looking")
            : isFiltered(filter)
              ? t("shownOf", { count: shown, all: counts.all })
              : t("shownAll", { count: shown })}
        </span>
        {issueName !== null && (
          <Chip label={issueName} onClear={() => onFilter({ ...filter, issue: null })} clear={t("clearOne")} />
        )}
        {filter.search !== "" && (
          <Chip
            label={`“${filter.search}”`}
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
              onFilter(noFilter);
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
