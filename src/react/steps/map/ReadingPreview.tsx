/** The first rows as they would be read, before it is decided. */
import type { ReactNode } from "react";
import { useTexts } from "../../foundation/texts.ts";
import { Icon } from "../../parts/Icon.tsx";
import { Problem } from "../../parts/Notice.tsx";
import { ScrollTable } from "../../parts/ScrollTable.tsx";
import { ClippedText } from "./Distribution.tsx";
import type { ReadingTrial } from "./use-reading-trial.ts";

/** Columns side by side; more are no help to anybody. */
const mostColumns = 20;

export function ReadingPreview({ trial: { reading, error, isFetching } }: { trial: ReadingTrial }): ReactNode {
  const t = useTexts("map");
  if (error !== null) return <Problem error={error} />;
  if (reading === undefined) return <p className="muted small">{t("trialLoading")}</p>;
  const { dialect, rows } = reading;
  const broken = rows.filter(({ intact }) => !intact).length;
  const columns = dialect.columns.slice(0, mostColumns);
  return (
    <div className="stack reading-preview" aria-busy={isFetching || undefined}>
      <p className="small" role="status">
        {t("trialColumns", { count: dialect.columns.length })}
        {broken > 0 && ` · ${t("trialBroken", { count: broken })}`}
      </p>
      <ScrollTable
        label={t("trialTable")}
        head={
          <>
            <th scope="col" className="number">
              {t("row")}
            </th>
            {columns.map((name, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place; two may have one name
              <th key={place} scope="col">
                <ClippedText text={name} most={30} />
              </th>
            ))}
          </>
        }
      >
        {rows.map(({ row, cells, intact }) => (
          <tr key={row} className={intact ? undefined : "map-bad-row"}>
            <th scope="row" className="number">
              {row}
              {!intact && (
                <>
                  <Icon name="warn" size={14} />
                  <span className="hidden-text">{t("broken")}</span>
                </>
              )}
            </th>
            {Array.from({ length: Math.max(columns.length, Math.min(cells.length, mostColumns)) }, (_, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
              <td key={place}>
                <ClippedText text={cells[place] ?? ""} most={60} />
              </td>
            ))}
          </tr>
        ))}
      </ScrollTable>
    </div>
  );
}
