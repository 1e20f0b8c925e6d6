/** Asks before all that is kept of an import goes, and says what stays. */
import type { ReactNode } from "react";
import type { Import } from "../../client/index.ts";
import { useTexts } from "../foundation/texts.ts";
import { ConfirmDialog } from "../parts/ConfirmDialog.tsx";
import { numbersOf } from "./job-numbers.ts";
import { useJobActs } from "./use-job-acts.ts";

export interface DeleteDialogProps {
  job: Import;
  onClose: () => void;
  onDeleted?: () => void;
}

export function DeleteDialog({ job, onClose, onDeleted }: DeleteDialogProps): ReactNode {
  const t = useTexts("history");
  const { act } = useJobActs(job);
  const { imported } = numbersOf(job);
  return (
    <ConfirmDialog
      title={t("deleteTitle")}
      fileName={job.fileName}
      keep={t("deleteKeep")}
      confirm={t("deleteConfirm")}
      icon="trash"
      onConfirm={() => act("delete")}
      onClose={onClose}
      onDone={onDeleted}
    >
      <p>{t("deleteWords")}</p>
      {imported > 0 && <p>{t("deleteRecords", { count: imported })}</p>}
    </ConfirmDialog>
  );
}
