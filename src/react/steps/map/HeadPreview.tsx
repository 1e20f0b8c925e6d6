/** The first rows of the file: as they will be imported, or as the file has them. */
import { type ReactNode, useId, useState } from "react";
import type { ImporterField, Preview, PreviewRow } from "../../../client/index.ts";
import { cellNames, ownerName } from "../../foundation/mappable-fields.ts";
import { useTexts } from "../../foundation/texts.ts";
import { useWritten } from "../../foundation/written.ts";
import { Icon } from "../../parts/Icon.tsx";
import { Choice } from "../../parts/Labelled.tsx";
import { Empty } from "../../parts/Placeholder.tsx";
import { ScrollTable } from "../../parts/ScrollTable.tsx";
import type { ColumnView } from "./column-view.ts";
import { ClippedText } from "./Distribution.tsx";

/** Columns side by side; more are no help to anybody. */
const mostColumns = 40;

export interface HeadPreviewProps {
  preview: Preview;
  views: readonly ColumnView[];
  /** Fields that are not one column's. */
  made: readonly ImporterField[];
  /** Of the rows at most, in rem. */
  height: number;
}

export function HeadPreview({ preview, views, made: all, height }: HeadPreviewProps): ReactNode {
  const t = useTexts("map");
  const name = useId();
  const [isRaw, setRaw] = useState(false);
  const wanted = isRaw ? views : views.filter(({ field }) => field !== undefined);
  const shown = wanted.slice(0, mostColumns);
  const made = isRaw ? [] : all;
  const names = cellNames(views.map(({ column }) => column));
  return (
    <div className="stack map-preview">
      <fieldset className="row">
        <legend className="hidden-text">{t("previewAs")}</legend>
        <Choice type="radio" name={name} checked={!isRaw} onChange={() => setRaw(false)}>
          {t("previewRead")}
        </Choice>
        <Choice type="radio" name={name} checked={isRaw} onChange={() => setRaw(true)}>
          {t("previewRaw")}
        </Choice>
      </fieldset>
      {preview.rows.length === 0 ? (
        <Empty icon="table" title={t("noRows")} />
      ) : shown.length + made.length === 0 ? (
        <Empty icon="table" title={t("noneMapped")}>
          {t("noneMappedHint")}
        </Empty>
      ) : (
        <ScrollTable
          label={t("previewTable")}
          maxHeight={height}
          head={
            <>
              <th scope="col" className="number">
                {t("row")}
              </th>
              {shown.map(({ column, field }) => (
                <th key={column.index} scope="col" className="map-preview-head">
                  {field !== undefined && <strong>{field.label}</strong>}
                  <span className="muted">
                    <ClippedText text={column.column} most={30} />
                    {isRaw && field === undefined && ` (${t("leftOut")})`}
                  </span>
                </th>
              ))}
              {made.map(({ name: field, label }) => (
                <th key={field} scope="col" className="map-preview-head">
                  <strong>{label}</strong>
                  <span className="muted">{t("noColumn")}</span>
                </th>
              ))}
            </>
          }
        >
          {preview.rows.map((row) => (
            <Row key={row.row} {...{ row, shown, made, names, isRaw }} />
          ))}
        </ScrollTable>
      )}
      {wanted.length > shown.length && (
        <p className="muted small">{t("columnsCut", { count: wanted.length - shown.length })}</p>
      )}
    </div>
  );
}

interface RowProps {
  row: PreviewRow;
  shown: readonly ColumnView[];
  made: readonly ImporterField[];
  /** What each column's cell is called among the values. */
  names: readonly (string | null)[];
  isRaw: boolean;
}

function Row({ row, shown, made, names, isRaw }: RowProps): ReactNode {
  const t = useTexts("map");
  const write = useWritten();
  const { cells, values, intact, issues } = row;
  const errors = issues.filter(({ severity }) => severity === "error");
  const about = intact ? errors.filter(({ field }) => field === null).map(({ message }) => message) : [t("broken")];
  return (
    <tr className={intact && errors.length === 0 ? undefined : "map-bad-row"}>
      <th scope="row" className="number">
        {row.row}
        {(!intact || errors.length > 0) && (
          <>
            <Icon name="warn" size={14} />
            <span className="hidden-text">{t("rejected")}</span>
          </>
        )}
      </th>
      {shown.map(({ column, field }, k) => {
        const wrong = errors.filter((each) => field !== undefined && each.field === ownerName(field.name));
        const value = field === undefined || isRaw ? undefined : values?.[names[column.index] ?? field.name];
        const text = field !== undefined && typeof value === "string" ? write(field, value) : cells[column.index];
        return <Cell key={column.index} text={text} wrong={wrong} about={k === 0 ? about : []} />;
      })}
      {made.map((field) => {
        const wrong = errors.filter((each) => each.field === field.name);
        const value = values?.[field.name];
        const text = typeof value === "string" && value !== "" ? write(field, value) : undefined;
        return <Cell key={field.name} text={text} wrong={wrong} />;
      })}
    </tr>
  );
}

interface CellProps {
  text: string | undefined;
  wrong: PreviewRow["issues"];
  /** What is said of the row as a whole. */
  about?: readonly string[];
}

function Cell({ text, wrong, about = [] }: CellProps): ReactNode {
  return (
    <td className={wrong.length > 0 ? "map-bad-cell" : undefined}>
      {text !== undefined && text !== "" && <ClippedText text={text} most={60} />}
      {[...wrong.map(({ message }) => message), ...about].map((words) => (
        <span key={words} className="map-cell-problem">
          {words}
        </span>
      ))}
    </td>
  );
}
