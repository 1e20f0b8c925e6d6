/** A page of records: a row for each, a column for each field. */
import type { ReactNode } from "react";
import type { ImportedRecord, RecordPage } from "../../client/index.ts";
import { useTexts } from "../foundation/texts.ts";
import { Badge } from "../parts/Badge.tsx";
import { ScrollTable } from "../parts/ScrollTable.tsx";

export interface RecordTableProps {
  /** The first one is the record's id. */
  columns: RecordPage["columns"];
  records: readonly ImportedRecord[];
  page: number;
  /** Where there are both kinds. */
  showsOutcome: boolean;
}

export function RecordTable({ columns, records, page, showsOutcome }: RecordTableProps): ReactNode {
  const t = useTexts("records");
  return (
    <ScrollTable
      label={t("table", { page })}
      head={[...columns.map(({ label }) => label), ...(showsOutcome ? [t("outcome")] : [])]}
    >
      {records.map(({ id, outcome, values }) => (
        <tr key={`${outcome} ${id}`}>
          {columns.map(({ name }, place) => (
            <td key={name} dir="auto" className={place === 0 ? "record-id mono muted" : undefined}>
              <div className="record-value" title={values[name] ?? undefined}>
                {values[name] ?? <span className="muted">–</span>}
              </div>
            </td>
          ))}
          {showsOutcome && (
            <td>
              <Badge tone={outcome === "created" ? "good" : "info"}>
                {t(outcome === "created" ? "wasCreated" : "wasUpdated")}
              </Badge>
            </td>
          )}
        </tr>
      ))}
    </ScrollTable>
  );
}
