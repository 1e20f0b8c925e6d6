/** A table from the clipboard: as a file, and a window to paste it into where the keys for it are not at hand. */
import { type ReactNode, useState } from "react";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Labelled } from "../../parts/Labelled.tsx";

/** Where a window puts the focus when it opens (HTML, section 6.6.7); React's own comes before the window is open. */
function focused(area: HTMLTextAreaElement | null): void {
  area?.setAttribute("autofocus", "");
}

export function PasteTable({ onTable, onClose }: { onTable: (tsv: string) => void; onClose: () => void }): ReactNode {
  const t = useTexts("upload");
  const common = useTexts("common");
  const [text, setText] = useState("");
  const [isRefused, setRefused] = useState(false);
  const add = (): void => {
    const table = tableOf({ text, html: "" });
    if (table === null) setRefused(true);
    else onTable(table);
  };
  return (
    <Dialog
      title={t("paste")}
      onClose={onClose}
      wide
      actions={
        <>
          <Button onClick={onClose}>{common("cancel")}</Button>
          <Button look="primary" onClick={add}>
            {t("pasteAdd")}
          </Button>
        </>
      }
    >
      <Labelled
        label={t("pasteLabel")}
        hint={t("pasteLabelHint")}
        problem={isRefused ? `${t("notATable")}. ${t("notATableHint")}` : undefined}
      >
        {(control) => (
          <textarea
            className="textarea paste-area"
            {...control}
            ref={focused}
            rows={9}
            dir="auto"
            spellCheck={false}
            wrap="off"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setRefused(false);
            }}
            onPaste={(event) => {
              // Of a table that has no tabs in its plain form, the cells come from its other form.
              const { clipboardData } = event;
              const table = tableOf({
                text: clipboardData.getData("text/plain"),
                html: clipboardData.getData("text/html"),
              });
              if (text !== "" || table === null) return;
              event.preventDefault();
              setText(table);
              setRefused(false);
            }}
          />
        )}
      </Labelled>
    </Dialog>
  );
}

/** A table that was copied out of a spreadsheet or a page, as a file of tab-separated values. */

export interface Clipboard {
  text: string;
  html: string;
}

/**
 * The cells as a TSV text; null where it is no table: a word, or a sentence.
 *
 * Spreadsheets put both forms on the clipboard. The plain one is taken where it has tabs: it is what people see, and a cell with a
 * line break is quoted in it.
 */
export function tableOf({ text, html }: Clipboard): string | null {
  const plain = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
  if (plain.includes("\t")) return plain;
  const fromHtml = html.includes("<t") ? tableOfHtml(html) : null;
  if (fromHtml !== null) return fromHtml;
  return plain.split("\n").length > 1 ? plain : null;
}

/** Of several tables the one with most rows. It is parsed, never shown: its scripts do not run (HTML, section 8.5). */
function tableOfHtml(html: string): string | null {
  const tables = [...new DOMParser().parseFromString(html, "text/html").querySelectorAll("table")];
  const table = tables.sort((a, b) => b.rows.length - a.rows.length)[0];
  if (table === undefined) return null;
  const rows = [...table.rows].map((row) => [...row.cells].flatMap(cellsOf));
  if (rows.length < 2 && (rows[0]?.length ?? 0) < 2) return null;
  return rows.map((cells) => cells.map(quoted).join("\t")).join("\n");
}

/** A cell that spans columns, and the blank ones that it covers. */
function cellsOf(cell: HTMLTableCellElement): string[] {
  for (const lineBreak of cell.querySelectorAll("br")) lineBreak.replaceWith("\n");
  const text = (cell.textContent ?? "").replaceAll("\u00a0", " ").trim();
  return [text, ...Array<string>(Math.min(cell.colSpan, 1000) - 1).fill("")];
}

function quoted(cell: string): string {
  return /[\t\n"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
