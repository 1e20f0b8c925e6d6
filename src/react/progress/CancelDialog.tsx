/** Asks before an import is cancelled: what stays, and what will not go in. */
import type { ReactNode } from "react";
import type { Import } from "../../client/index.ts";
import { useTexts } from "../foundation/texts.ts";
import { ConfirmDialog } from "../parts/ConfirmDialog.tsx";

export interface CancelDialogProps {
  job: Pick<Import, "fileName" | "phase">;
  /** Records that were created or updated so far. */
  written: number;
  /** Rows that it has not come to; 0: nobody knows. */
  left?: number;
  onCancel: () => Promise<unknown>;
  onClose: () => void;
}

export function CancelDialog({ job, written, left = 0, onCancel, onClose }: CancelDialogProps): ReactNode {
  const t = useTexts("progress");
  const isCommit = job.phase === "commit";
  return (
    <ConfirmDialog
      title={t("cancelTitle")}
      fileName={job.fileName}
      keep={t("keepGoing")}
      confirm={t("cancel")}
      onConfirm={onCancel}
      onClose={onClose}
    >
      <p>
        {!isCommit ? t("cancelParse") : written === 0 ? t("cancelCommitNone") : t("cancelCommit", { count: written })}
      </p>
      {isCommit && written > 0 && left > 0 && <p>{t("cancelRest", { count: left })}</p>}
    </ConfirmDialog>
  );
}
