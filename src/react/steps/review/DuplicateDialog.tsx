/**
 * A duplicate beside the row or the record that it repeats: field by field what differs, what would be there after the import, and what is
 * to happen, decided for this row or for all like it. One after the other, as far as the rows that are shown are duplicates.
 */
// biome-ignore-all lint/a11y/noRedundantRoles: in a narrow window its parts are blocks, which are no table without them
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import type { Duplicate, DuplicateOptions, Edit, EditCounts, Import, NewEdit } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { choiceName } from "../../foundation/mappable-fields.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { useOptions } from "../../foundation/use-options.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Choice } from "../../parts/Labelled.tsx";
import { Notice, Problem } from "../../parts/Notice.tsx";
import { Placeholder } from "../../parts/Placeholder.tsx";
import type { GridColumn } from "./grid-columns.ts";

interface DuplicateDialogProps {
  job: Import;
  row: number;
  columns: readonly GridColumn[];
  edits: readonly Edit[];
  /** How many rows repeat others of the file, and records; undefined: they are counted. */
  counts: { inFile: number; inTable: number } | undefined;
  onChange: (edit: NewEdit) => Promise<EditCounts>;
  /** What becomes of all duplicates is another, so they are counted anew. */
  onRule: () => void;
  /** The duplicate before or after it, among the rows that are shown; null: there is none. */
  neighbour: (step: -1 | 1) => number | null;
  onRow: (row: number) => void;
  onClose: () => void;
}

/** What is to happen: as the rule for all says, the row alone left out or taken instead of its twin, or another rule for all. */
type Decision = "keep" | "update_row" | "skip_row" | "leave_out" | "instead" | DuplicateOptions["strategy"];

export function DuplicateDialog(props: DuplicateDialogProps): ReactNode {
  const { job, row, columns, edits, counts, onChange, onRule, neighbour, onRow, onClose } = props;
  const t = useTexts("review");
  const { number } = useFormats();
  const { client, language } = useSluice();
  const { options, change } = useOptions(job.id);
  const newest = `${edits[0]?.id} ${edits[0]?.status}`;
  const strategy = options?.duplicates.strategy;
  const { data, error } = useQuery({
    queryKey: ["duplicate", job.id, row, language, newest, strategy],
    queryFn: ({ signal }) => client.imports.duplicate(job.id, row, { lang: language, signal }),
    // A record may have changed since.
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const [chosen, setChosen] = useState<{ of: number; decision: Decision; all: boolean } | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const { decision, all } = chosen?.of === row ? chosen : { decision: "keep" as const, all: false };
  const choose = (next: Partial<{ decision: Decision; all: boolean }>): void =>
    setChosen({ of: row, decision, all, ...next });
  const before = neighbour(-1);
  const after = neighbour(1);
  const isRule = decision === "skip" || decision === "update" || decision === "create";
  const apply = async (): Promise<void> => {
    if (data === undefined) return;
    setBusy(true);
    setFailure(null);
    try {
      const issue = data.record === null ? "duplicate_in_file" : "duplicate_in_table";
      const which = all ? { within: { issues: [{ issue } as const] } } : { rows: [row] };
      if (isRule && options !== undefined) {
        await change({ duplicates: { ...options.duplicates, strategy: decision } });
        onRule();
      } else if (decision === "leave_out") {
        await onChange({ kind: "leave_out", ...which });
      } else if (decision === "update_row" || decision === "skip_row") {
        await onChange({ kind: "decide", decision: decision === "update_row" ? "update" : "rule", ...which });
      } else if (decision === "instead" && data.twin !== null) {
        await onChange({ kind: "leave_out", rows: [data.twin] });
      }
      setChosen(null);
      if (all || isRule || after === null) onClose();
      else onRow(after);
    } catch (wrong) {
      setFailure(wrong);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={data === undefined ? t("compareRow", { row: number(row) }) : titleOf(data, t, number)}
      onClose={onClose}
      wide
      className="duplicate"
      actions={
        <>
          <Button
            icon="back"
            aria-disabled={before === null || undefined}
            onClick={() => before !== null && onRow(before)}
          >
            {t("compareBefore")}
          </Button>
          <Button aria-disabled={after === null || undefined} onClick={() => after !== null && onRow(after)}>
            {t("compareNext")}
          </Button>
          <Button
            className="push"
            look="primary"
            busy={busy}
            aria-disabled={data === undefined || undefined}
            onClick={() => (decision === "keep" ? onClose() : void apply())}
          >
            {decision === "keep" ? t("done") : t("decideApply")}
          </Button>
        </>
      }
    >
      <div className="stack">
        {error !== null && <Problem error={error} />}
        {data === undefined && error === null && <Placeholder lines={8} />}
        {data !== undefined && (
          <>
            <Sides key={row} duplicate={data} columns={columns} decision={decision} />
            <Decisions
              duplicate={data}
              count={data.record === null ? counts?.inFile : counts?.inTable}
              mayRule={options?.mode === "upsert"}
              decision={decision}
              all={all}
              onChoose={choose}
            />
          </>
        )}
        {failure !== null && <Problem error={failure} />}
      </div>
    </Dialog>
  );
}

type Texts = ReturnType<typeof useTexts<"review">>;
type Written = (value: number) => string;

function titleOf({ row, twin, record }: Duplicate, t: Texts, number: Written): string {
  if (record !== null) return t("compareRecord", { row: number(row), record: record.id });
  return t("compareRows", { row: number(row), twin: number(twin ?? row) });
}

/** The value that is there after the import, as a decision has it. */
function valueAfter(duplicate: Duplicate, field: Duplicate["fields"][number], decision: Decision): string | null {
  if (decision === "instead") return field.row;
  if (decision === "create") return field.row;
  const updates = decision === "update" || decision === "update_row" || (decision === "keep" && duplicate.isUpdate);
  return updates ? field.updated : field.without;
}

/** Both beside each other, field by field. */
function Sides({
  duplicate,
  columns,
  decision,
}: {
  duplicate: Duplicate;
  columns: readonly GridColumn[];
  decision: Decision;
}): ReactNode {
  const t = useTexts("review");
  const { number } = useFormats();
  const { row, twin, record, others, fields } = duplicate;
  const differing = fields.filter(({ differs }) => differs);
  const [onlyDiffering, setOnlyDiffering] = useState(differing.length > 0);
  const isShown = record === null || record.state === "shown";
  const hasOther = isShown || twin !== null;
  const placeOf = (field: string): number => {
    const place = columns.findIndex((column) => column.field === field);
    return place < 0 ? columns.length : place;
  };
  const shown = [...(onlyDiffering ? differing : fields)].sort((a, b) => placeOf(a.field) - placeOf(b.field));
  const other =
    record?.state === "shown" ? t("compareNow", { record: record.id }) : t("compareTwin", { row: number(twin ?? row) });
  const heads = { row: t("compareTwin", { row: number(row) }), other, after: t("compareAfter") };
  const cell = (name: keyof typeof heads, field: string, value: string | null, mark?: boolean): ReactNode => {
    const choices = columns.find((column) => column.field === field)?.choices ?? null;
    return (
      <td role="cell" data-head={heads[name]} className={mark ? "differs" : undefined}>
        {value === null || value === "" ? (
          <em className="muted">{t("blank")}</em>
        ) : (
          <span dir="auto">{choiceName(choices, value)}</span>
        )}
      </td>
    );
  };
  return (
    <>
      {record?.state === "hidden" && (
        <Notice tone="info" title={t("compareHidden")}>
          {t("compareHiddenHint")}
        </Notice>
      )}
      {record?.state === "gone" && (
        <Notice tone="info" title={t("compareGone")}>
          {t("compareGoneHint")}
        </Notice>
      )}
      {hasOther && differing.length > 0 && differing.length < fields.length && (
        <Choice type="checkbox" checked={onlyDiffering} onChange={(event) => setOnlyDiffering(event.target.checked)}>
          {t("compareOnly", { count: fields.length - differing.length })}
        </Choice>
      )}
      {hasOther && differing.length === 0 && <p className="muted">{t("compareSame")}</p>}
      <table className="duplicate-sides" role="table">
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">
              {t("compareField")}
            </th>
            <th scope="col" role="columnheader">
              {heads.row}
            </th>
            {hasOther && (
              <th scope="col" role="columnheader">
                {heads.other}
              </th>
            )}
            {isShown && (
              <th scope="col" role="columnheader">
                {heads.after}
              </th>
            )}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {shown.map((each) => (
            <tr key={each.field} role="row">
              <th scope="row" role="rowheader">
                {each.label}
                {each.differs && <span className="hidden-text"> ({t("compareDiffers")})</span>}
              </th>
              {cell("row", each.field, each.row, each.differs)}
              {hasOther && cell("other", each.field, each.other, each.differs)}
              {isShown && cell("after", each.field, valueAfter(duplicate, each, decision))}
            </tr>
          ))}
        </tbody>
      </table>
      {others > 0 && <p className="muted small">{t("compareOthers", { count: others })}</p>}
    </>
  );
}

/** What can be decided. The rule for all is where it was made; here it is told, and can be another. */
function Decisions({
  duplicate: { row, twin, record, isUpdate, decision: decided },
  count,
  mayRule,
  decision,
  all,
  onChoose,
}: {
  duplicate: Duplicate;
  /** Rows that are duplicates as this one is; undefined: they are counted. */
  count: number | undefined;
  mayRule: boolean;
  decision: Decision;
  all: boolean;
  onChoose: (next: Partial<{ decision: Decision; all: boolean }>) => void;
}): ReactNode {
  const t = useTexts("review");
  const { number } = useFormats();
  const name = useId();
  const numbers = { row: number(row), twin: number(twin ?? row) };
  const updating = t(record === null ? "decideMerge" : "decideUpdate", numbers);
  const skipping = t(record === null ? "decideFirst" : "decideSkip", numbers);
  const offered: [Decision, string][] = [
    ["keep", isUpdate ? updating : skipping],
    ...(isUpdate && decided === null ? [["leave_out", t("decideLeaveOut", numbers)] as [Decision, string]] : []),
    ...(isUpdate && decided !== null ? [["skip_row", skipping] as [Decision, string]] : []),
    ...(!isUpdate && decided !== null ? [["update_row", updating] as [Decision, string]] : []),
    ...(!isUpdate && record === null ? [["instead", t("decideInstead", numbers)] as [Decision, string]] : []),
  ];
  const rules: [Decision, string][] = [
    isUpdate && decided === null ? ["skip", t("ruleSkip")] : ["update", t("ruleUpdate")],
    ["create", t("ruleCreate")],
  ];
  const choice = ([value, words]: [Decision, string]): ReactNode => (
    <Choice
      key={value}
      type="radio"
      name={name}
      checked={decision === value}
      onChange={() => onChoose({ decision: value, all: false })}
    >
      {words}{" "}
      {value === "keep" && <span className="muted">· {t(decided === "update" ? "decideNowRow" : "decideNow")}</span>}
    </Choice>
  );
  return (
    <>
      <fieldset className="duplicate-decisions">
        <legend>
          <strong>{t("decideRow", numbers)}</strong>
        </legend>
        {offered.map(choice)}
        {(decision === "leave_out" || decision === "update_row" || decision === "skip_row") &&
          count !== undefined &&
          count > 1 && (
            <div className="duplicate-all">
              <Choice type="checkbox" checked={all} onChange={(event) => onChoose({ all: event.target.checked })}>
                {t(record === null ? "decideAllInFile" : "decideAllInTable", { count })}
              </Choice>
            </div>
          )}
      </fieldset>
      {mayRule && (
        <fieldset className="duplicate-decisions">
          <legend>
            <strong>{t("decideAll")}</strong>
          </legend>
          {rules.map(choice)}
        </fieldset>
      )}
    </>
  );
}
