/** Where problems are found and fixed: figures, issues as bars that filter the rows, the rows as a grid, and edits of one or many. */
import {
  lazy,
  type ReactNode,
  Suspense,
  useDeferredValue,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import type { Import, IssueCount, Row } from "../../../client/index.ts";
import { choiceName } from "../../foundation/mappable-fields.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { later } from "../../parts/later.tsx";
import { Problem } from "../../parts/Notice.tsx";
import { Empty, Placeholder } from "../../parts/Placeholder.tsx";
import { leadsOn, SkipLink, StepFoot, StepHead } from "../../parts/Step.tsx";
import { DiscardImport } from "../DiscardImport.tsx";
import {
  type ChosenIssue,
  FilterBar,
  IssueBars,
  isSameIssue,
  noFilter,
  type ReviewFilter,
  withIssue,
} from "./FilterBar.tsx";
import { isDuplicate } from "./grid-columns.ts";
import { LeftOutRows } from "./LeftOutRows.tsx";
import {
  CorrectedDownload,
  type Duplicates,
  RejectedDownload,
  ReviewTotals,
  ReviewVerdict,
  useDuplicates,
} from "./ReviewTotals.tsx";
import { useUndoKey } from "./review-keys.ts";
import { useFullWindow } from "./use-full-window.ts";
import { useRepairs } from "./use-repairs.ts";
import { type UsedReview, useReview } from "./use-review.ts";

/** Not with the page, whose first load needs no grid; the wizard fetches it soon after. */
export const RowGrid = later(async () => (await import("./RowGrid.tsx")).RowGrid);
const FixValues = later(async () => (await import("./FixValues.tsx")).FixValues);
const FindReplace = lazy(() => import("./ReviewDialogs.tsx").then((found) => ({ default: found.FindReplace })));
const EditHistory = lazy(() => import("./ReviewDialogs.tsx").then((found) => ({ default: found.EditHistory })));
const RepairDialog = lazy(() => import("./RepairDialog.tsx").then((found) => ({ default: found.RepairDialog })));
const DuplicateDialog = lazy(() =>
  import("./DuplicateDialog.tsx").then((found) => ({ default: found.DuplicateDialog })),
);
const ReopenDialog = lazy(() => import("./ReviewDialogs.tsx").then((found) => ({ default: found.ReopenDialog })));

export function ReviewStep({ job, onNext }: { job: Import; onNext: () => void }): ReactNode {
  const t = useTexts("review");
  const common = useTexts("common");
  const [filter, setFilter] = useState<ReviewFilter>(noFilter);
  const [open, setOpen] = useState<"find" | "changes" | "reopen" | "repair" | "duplicate" | null>(null);
  /** The row that is beside what it repeats. */
  const [compared, setCompared] = useState(0);
  /** The kind of issue whose repairs are looked at; null: all of them. */
  const [repaired, setRepaired] = useState<ChosenIssue | null>(null);
  const review = useReview(job, filter);
  const { columns, report, edits, rows, isChanging } = review;
  const duplicates = useDuplicates(job.id, review.editsKnown ? edits : undefined);
  const issues = useMemo(() => barsOf(report?.issues, duplicates.data, t), [report, duplicates.data, t]);
  const repairs = useRepairs(job, edits, review.editsKnown && open !== "repair");
  const repair = (issue: ChosenIssue | null): void => {
    setRepaired(issue);
    setOpen("repair");
  };
  const newest = edits.find(({ status }) => status === "done");
  useUndoKey(newest !== undefined && !isChanging && open === null, () => review.undo());

  const choose = (issue: ChosenIssue, isBeside = false): void =>
    setFilter((before) => ({ ...before, issues: withIssue(before.issues, issue, isBeside) }));
  // Duplicates stand among the figures: they are counted later, and nothing may jump then.
  const bars = issues?.filter(({ severity }) => severity !== "info") ?? [];
  const only = filter.issues.length === 1 ? filter.issues[0] : null;
  const present = issues?.find((issue) => isSameIssue(issue, only));
  // An issue whose last row was just fixed stays visible, with the result, while it is selected.
  const latest = useRef(present);
  if (present !== undefined) latest.current = present;
  const chosen = latest.current !== undefined && isSameIssue(latest.current, only) ? latest.current : undefined;
  const column = columns?.find(({ field }) => field === chosen?.field);
  const isFixable = chosen?.severity === "error" && column !== undefined;
  const all = job.validRows + job.invalidRows + job.skippedRows;
  const byHand = report?.issues.find(({ code }) => code === "row_left_out")?.count ?? 0;
  const close = (): void => setOpen(null);
  /** The next duplicate among the rows that are shown. */
  const neighbourOf = (row: number, step: -1 | 1): number | null => {
    const place = rows.placeOf(row);
    const next = place < 0 ? undefined : rows.at(place + step);
    return next !== undefined && isDuplicate(next) ? next.row : null;
  };
  const full = useFullWindow();
  return (
    <div className="stack review">
      <StepHead title={t("title")}>
        {t("intro")}
        <SkipLink to={leadsOn}>{common("skipToEnd")}</SkipLink>
      </StepHead>
      <ReviewVerdict job={job} />
      <LeftOutRows
        count={job.skippedRows - byHand}
        isChanging={isChanging}
        onShow={() => setFilter({ ...noFilter, status: "skipped" })}
        onChange={review.change}
      />
      <ReviewTotals
        job={job}
        warnings={report && sumOf(report.issues.filter(({ severity }) => severity === "warning"))}
        duplicates={duplicates}
        chosen={filter.issues}
        onChoose={choose}
      />
      {issues === null && (
        <div className="review-wrong">
          <Placeholder lines={6} />
        </div>
      )}
      {(bars.length > 0 || isFixable) && (
        <Card title={t("issuesTitle")} className="review-wrong">
          <div className={isFixable ? "review-issues two" : "review-issues"}>
            <div className="stack issue-side">
              <p className="muted small">{t("issuesHint")}</p>
              <IssueBars issues={bars} chosen={filter.issues} repairs={repairs} onChoose={choose} onRepair={repair} />
              {repairs.length > 0 && (
                <div className="row">
                  <Button look="primary" onClick={() => repair(null)}>
                    {t("fixAll")}
                  </Button>
                </div>
              )}
            </div>
            {isFixable && (
              <FixValues
                key={`${column.field} ${chosen.code}`}
                id={job.id}
                column={column}
                code={chosen.code}
                isChanging={isChanging}
                onChange={review.change}
              />
            )}
          </div>
        </Card>
      )}
      {all > 0 && (
        // biome-ignore lint/a11y/noStaticElementInteractions: keys of what is in it
        <div ref={full.part} className={full.isFull ? "review-rows full" : "review-rows"} onKeyDown={full.onKeyDown}>
          <Card title={t("rowsTitle")}>
            <div className="stack">
              <ShownFilter {...{ job, filter, setFilter, chosen, issues, columns, rows }}>
                {filter.status === "skipped" && (
                  <Button
                    size="small"
                    icon="plus"
                    busy={isChanging}
                    onClick={() => void review.put({ kind: "put_back", within: { status: ["skipped"] } })}
                  >
                    {t("putAllBack")}
                  </Button>
                )}
                <Button size="small" icon="search" onClick={() => setOpen("find")}>
                  {t("findTitle")}
                </Button>
                <Button
                  size="small"
                  icon="undo"
                  busy={isChanging}
                  aria-disabled={newest === undefined || undefined}
                  title={t("undoHint")}
                  onClick={() => review.undo()}
                >
                  {t("undo")}
                </Button>
                <Button size="small" icon="clock" onClick={() => setOpen("changes")}>
                  {t("changes", { count: edits.filter(({ status }) => status !== "undone").length })}
                </Button>
                <Button
                  size="small"
                  icon="expand"
                  aria-label={t("fullWindow")}
                  title={t("fullWindow")}
                  aria-pressed={full.isFull}
                  onClick={full.toggle}
                />
              </ShownFilter>
              {review.error !== null && (
                <Problem error={review.error} actions={<Button onClick={review.retry}>{common("close")}</Button>} />
              )}
              <Rows
                {...{ id: job.id, importer: job.importer, review, filter, most: all }}
                onFilter={setFilter}
                onCompare={({ row }) => {
                  setCompared(row);
                  setOpen("duplicate");
                }}
              />
            </div>
          </Card>
        </div>
      )}
      {job.invalidRows > 0 && <RejectedDownload id={job.id} count={job.invalidRows} />}
      {newest !== undefined && job.hasFile && <CorrectedDownload id={job.id} />}
      <StepFoot
        back={
          <>
            {job.actions.includes("reopen") && (
              <Button look="quiet" icon="back" onClick={() => setOpen("reopen")}>
                {t("toColumns")}
              </Button>
            )}
            <DiscardImport job={job} />
          </>
        }
      >
        <Button look="primary" aria-disabled={job.validRows === 0 || undefined} onClick={onNext}>
          {job.validRows === 0 ? common("next") : t("continue", { count: job.validRows })}
        </Button>
      </StepFoot>
      <Suspense fallback={null}>
        {open === "find" && columns !== null && (
          <FindReplace id={job.id} columns={columns} filter={filter} onChange={review.change} onClose={close} />
        )}
        {open === "repair" && columns !== null && (
          <RepairDialog
            repairs={repairs.filter(
              ({ issue, field }) => repaired === null || isSameIssue({ code: issue, field }, repaired),
            )}
            issues={bars}
            columns={columns}
            onChange={review.change}
            onClose={close}
          />
        )}
        {open === "duplicate" && columns !== null && (
          <DuplicateDialog
            job={job}
            row={compared}
            columns={columns}
            edits={edits}
            counts={duplicates.data}
            onChange={review.change}
            onRule={duplicates.countAgain}
            neighbour={(step) => neighbourOf(compared, step)}
            onRow={setCompared}
            onClose={close}
          />
        )}
        {open === "changes" && columns !== null && (
          <EditHistory edits={edits} columns={columns} isChanging={isChanging} onUndo={review.undo} onClose={close} />
        )}
        {open === "reopen" && <ReopenDialog job={job} edits={edits.length} onClose={close} />}
      </Suspense>
    </div>
  );
}

/** The filter, with the number of rows it finds. */
function ShownFilter({
  job,
  filter,
  setFilter,
  chosen,
  issues,
  columns,
  rows,
  children,
}: {
  job: Import;
  filter: ReviewFilter;
  setFilter: (filter: ReviewFilter) => void;
  chosen: IssueCount | undefined;
  issues: readonly IssueCount[] | null;
  columns: UsedReview["columns"];
  rows: UsedReview["rows"];
  children: ReactNode;
}): ReactNode {
  useSyncExternalStore(rows.subscribe, rows.version, rows.version);
  const nameOf = (issue: ChosenIssue): string => {
    const known = chosen ?? issues?.find((each) => isSameIssue(each, issue));
    return [known?.label, known?.title ?? issue.code].filter(Boolean).join(" · ");
  };
  return (
    <FilterBar
      job={job}
      filter={filter}
      onFilter={setFilter}
      issueNames={filter.issues.map(nameOf)}
      labelOf={(field) => columns?.find((column) => column.field === field)?.label ?? field}
      nameOf={(field, value) => choiceName(columns?.find((column) => column.field === field)?.choices ?? null, value)}
      shown={rows.total}
      found={rows.found}
    >
      {children}
    </FilterBar>
  );
}

function Rows({
  review: { rows, columns, saving, save, put },
  id,
  importer,
  filter,
  most,
  onFilter,
  onCompare,
}: {
  review: UsedReview;
  id: number;
  importer: string;
  filter: ReviewFilter;
  most: number;
  onFilter: (filter: ReviewFilter) => void;
  onCompare: (row: Row) => void;
}): ReactNode {
  const t = useTexts("review");
  useSyncExternalStore(rows.subscribe, rows.version, rows.version);
  // A page that others wait behind is drawn when there is time.
  const shown = useDeferredValue(columns);
  if (shown === null) return <Placeholder lines={14} />;
  if (rows.error !== null && rows.total === null) {
    return <Problem error={rows.error} onRetry={() => rows.reload()} />;
  }
  if (rows.total === 0) {
    return (
      <Empty
        icon="filter"
        title={t("noRows")}
        actions={<Button onClick={() => onFilter({ ...noFilter, sort: filter.sort })}>{t("clearAll")}</Button>}
      >
        {t(
          filter.status === "invalid" && filter.search === "" && Object.keys(filter.where).length === 0
            ? "noWrongRows"
            : "noRowsHint",
        )}
      </Empty>
    );
  }
  return (
    <>
      {rows.error !== null && <Problem error={rows.error} onRetry={() => rows.reload()} />}
      <RowGrid
        rows={rows}
        columns={shown}
        importer={importer}
        most={most}
        saving={saving}
        onSave={save}
        onPut={put}
        field={filter.issues.length === 1 ? filter.issues[0].field : null}
        id={id}
        filter={filter}
        onFilter={onFilter}
        onCompare={onCompare}
      />
    </>
  );
}

function sumOf(issues: readonly IssueCount[]): number {
  return issues.reduce((sum, { count }) => sum + count, 0);
}

const ranks = { error: 0, warning: 1, info: 2 } as const;

/** What is wrong, then what is to be looked at, then duplicates; what is said of the file as a whole has no rows. */
function barsOf(
  issues: readonly IssueCount[] | undefined,
  duplicates: Duplicates | undefined,
  t: ReturnType<typeof useTexts<"review">>,
): IssueCount[] | null {
  if (issues === undefined) return null;
  const ofRows = issues.filter(({ severity }) => severity !== "info");
  const info = { field: null, label: null, severity: "info" } as const;
  const twice: IssueCount[] = [
    { ...info, code: "duplicate_in_file", title: t("inFileTitle"), count: duplicates?.inFile ?? 0, next: null },
    { ...info, code: "duplicate_in_table", title: t("inTableTitle"), count: duplicates?.inTable ?? 0, next: null },
  ];
  return [...ofRows, ...(duplicates?.others ?? []), ...twice.filter(({ count }) => count > 0)].sort(
    (a, b) => ranks[a.severity] - ranks[b.severity] || b.count - a.count,
  );
}
