/** One of several tables that a file holds, a workbook's sheet or an archive's file, with its first rows: one is chosen. */
import { type ReactNode, useId } from "react";
import { useTexts } from "../../foundation/texts.ts";

/** How many rows and columns are shown. */
const shownRows = 4;
const shownColumns = 6;

export interface LookCardProps {
  name: string;
  /** What is to be known of it beside its name. */
  mark?: ReactNode;
  look: { columns: number; rows: string[][]; more: boolean };
  /** Why it cannot be chosen. */
  problem?: string | null;
  /** Of the radio buttons, one of which this is. */
  group: string;
  isChosen: boolean;
  onChoose: () => void;
}

export function LookCard({ name, mark, look, problem = null, group, isChosen, onChoose }: LookCardProps): ReactNode {
  const t = useTexts("upload");
  const problemId = useId();
  const { columns, rows, more } = look;
  const width = Math.min(
    shownColumns,
    rows.reduce((widest, cells) => Math.max(widest, cells.length), 0),
  );
  return (
    <div className={problem === null ? "sheet-card" : "sheet-card sheet-card-closed"}>
      <label className="sheet-name">
        <input
          type="radio"
          name={group}
          checked={isChosen}
          disabled={problem !== null}
          aria-describedby={problem === null ? undefined : problemId}
          onChange={onChoose}
        />
        <strong dir="auto">{name}</strong>
        {mark}
      </label>
      {problem !== null ? (
        <p className="muted small" id={problemId}>
          {problem}
        </p>
      ) : (
        columns > 0 && (
          <p className="muted small">
            {t("sheetColumns", { count: columns })}
            {!more && `, ${t("sheetEnds", { count: rows.length })}`}
          </p>
        )
      )}
      {rows.length > 0 && (
        <div className="sheet-rows">
          <table aria-label={t("sheetFirstRows", { name })}>
            <tbody>
              {rows.slice(0, shownRows).map((cells, r) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a row of a look that never changes has no other name
                <tr key={r}>
                  {Array.from({ length: width }, (_, c) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: as above
                    <td key={c} dir="auto">
                      {cells[c] ?? ""}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
