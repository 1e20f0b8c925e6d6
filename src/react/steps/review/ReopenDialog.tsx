/** The way back to the columns, which costs the edits: asked first. */
import type { ReactNode } from "react";
import type { Import } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { useImport } from "../../foundation/use-import.ts";
import { ConfirmDialog } from "../../parts/ConfirmDialog.tsx";

export function ReopenDialog({ job, edits, onClose }: { job: Import; edits: number; onClose: () => void }): ReactNode {
  const t = useTexts("review");
  const { act } = useImport(job.id);
  return (
    <ConfirmDialog
      title={t("reopenTitle")}
      keep={t("stayHere")}
      confirm={t("reopen")}
      look={edits > 0 ? "danger" : "primary"}
      onConfirm={() => act("reopen")}
      onClose={onClose}
    >
      <p>{edits > 0 ? t("reopenLoses", { count: edits }) : t("reopenHint")}</p>
    </ConfirmDialog>
  );
}
