/** A window to paste a table into, where the keys for it are not at hand. */
import { type ReactNode, useState } from "react";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Labelled } from "../../parts/Labelled.tsx";
import { tableOf } from "./pasted-table.ts";

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
