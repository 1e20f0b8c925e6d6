/** Asks before all that is kept of an import goes, and says what stays. */
import { type ReactNode, useState } from "react";
import type { Import } from "../../client/index.ts";
import { Button } from "../parts/Button.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { Problem } from "../parts/Problem.tsx";
import { useTexts } from "../texts.ts";
import { FileName } from "./CancelDialog.tsx";
import { numbersOf } from "./job-numbers.ts";
import { useJobActs } from "./use-job-acts.ts";

export interface DeleteDialogProps {
  job: Import;
  onClose: () => void;
  onDeleted?: () => void;
}

export function DeleteDialog({ job, onClose, onDeleted }: DeleteDialogProps): ReactNode {
  const t = useTexts("history");
  const { act, acting } = useJobActs(job);
  const [failure, setFailure] = useState<unknown>(null);
  const { imported } = numbersOf(job);
  const remove = (): void => {
    setFailure(null);
    act("delete").then(() => {
      onClose();
      onDeleted?.();
    }, setFailure);
  };
  return (
    <Dialog
      title={t("deleteTitle")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("deleteKeep")}</Button>
          <Button look="danger" icon="trash" busy={acting !== null} onClick={remove}>
            {t("deleteConfirm")}
          </Button>
        </>
      }
    >
      <div className="stack">
        <FileName name={job.fileName} />
        <p>{t("deleteWords")}</p>
        {imported > 0 && <p>{t("deleteRecords", { count: imported })}</p>}
        {failure !== null && <Problem error={failure} />}
      </div>
    </Dialog>
  );
}
