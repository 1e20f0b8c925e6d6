/** The cell that has the grid's focus, in full: its text however long, and what is wrong with it and its row. */
import type { ReactNode } from "react";
import type { Issue, Row } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Icon } from "../../parts/Icon.tsx";
import type { GridColumn } from "./grid-columns.ts";

export function CellDetail({
  row,
  column,
  onEdit,
}: {
  row: Row | undefined;
  /** Undefined: the row's number. */
  column: GridColumn | undefined;
  onEdit: () => void;
}): ReactNode {
  const t = useTexts("review");
  if (row === undefined) return <div className="cell-detail muted small">{t("detailHint")}</div>;
  const value = column === undefined ? null : (row.values?.[column.field] ?? "");
  const own = row.issues.filter(({ field }) => column !== undefined && field === column.field);
  const rest = row.issues.filter((issue) => !own.includes(issue));
  return (
    <section className="cell-detail" aria-label={t("detailLabel")}>
      <div className="cell-detail-head">
        <span className="muted small">
          {column === undefined
            ? t("detailRow", { row: row.row })
            : t("detailCell", { row: row.row, field: column.label })}
        </span>
        {column !== undefined && (
          <Button size="small" look="quiet" icon="edit" onClick={onEdit}>
            {t("edit")}
          </Button>
        )}
      </div>
      {value !== null && (
        <div className="cell-detail-text" dir={value === "" ? undefined : "auto"}>
          {value === "" ? <span className="muted">{t("blank")}</span> : value}
        </div>
      )}
      {(own.length > 0 || rest.length > 0) && (
        <ul className="cell-detail-issues small">
          {own.map((issue) => (
            <Told key={`${issue.code} ${issue.field}`} issue={issue} />
          ))}
          {rest.map((issue) => (
            <Told key={`${issue.code} ${issue.field}`} issue={issue} isElsewhere />
          ))}
        </ul>
      )}
    </section>
  );
}

function Told({ issue, isElsewhere = false }: { issue: Issue; isElsewhere?: boolean }): ReactNode {
  return (
    <li className={`${issue.severity}${isElsewhere ? " elsewhere" : ""}`}>
      <Icon name={issue.severity === "info" ? "info" : "warn"} size={15} />
      <span>{issue.message}</span>
    </li>
  );
}
