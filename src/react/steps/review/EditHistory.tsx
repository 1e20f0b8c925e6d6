/** What was edited in an import, the newest first, by whom, and what became of it. The newest can be taken back. */
import type { ReactNode } from "react";
import type { Edit } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import type { GridColumn } from "./grid-columns.ts";
import { resultOf } from "./use-review.ts";

export interface EditHistoryProps {
  edits: readonly Edit[];
  columns: readonly GridColumn[];
  isChanging: boolean;
  onUndo: () => void;
  onClose: () => void;
}

export function EditHistory({ edits, columns, isChanging, onUndo, onClose }: EditHistoryProps): ReactNode {
  const t = useTexts("review");
  const formats = useFormats();
  const newest = edits.find(({ status }) => status === "done");
  return (
    <Dialog title={t("changesTitle")} onClose={onClose} wide>
      {edits.length === 0 && <p className="muted">{t("noChanges")}</p>}
      <ol className="changes">
        {edits.map((edit) => (
          <li key={edit.id} className={edit.status === "undone" ? "undone" : undefined}>
            <div className="change-words">
              <span dir="auto">{wordsOf(edit, columns, t)}</span>
              <span className="muted small">
                {formats.moment(edit.at)} · {resultOf(edit, t)}
              </span>
            </div>
            {edit.status === "undone" && <Badge>{t("takenBack")}</Badge>}
            {(edit.status === "under_way" || edit.status === "undoing") && <Badge tone="info">{t("underWay")}</Badge>}
            {edit === newest && (
              <Button size="small" icon="undo" busy={isChanging} onClick={onUndo}>
                {t("undo")}
              </Button>
            )}
          </li>
        ))}
      </ol>
    </Dialog>
  );
}

function wordsOf(edit: Edit, columns: readonly GridColumn[], t: ReturnType<typeof useTexts<"review">>): string {
  const { kind, row, from, to } = edit;
  const field = columns.find((column) => column.field === edit.field)?.label ?? edit.field ?? t("allFields");
  const quoted = (text: string | null): string => (text === null || text === "" ? t("blank") : `“${text}”`);
  switch (kind) {
    case "cell":
      return t("editedCell", { row: row ?? 0, field, to: quoted(to) });
    case "replace":
    case "find":
      return t("editedMany", { field, from: quoted(from), to: quoted(to) });
    default:
      return t("checkedAgain");
  }
}
