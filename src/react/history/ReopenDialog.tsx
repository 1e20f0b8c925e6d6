/** Asks before an import is read again from its beginning: what was checked and edited goes. */
import { type ReactNode, useState } from "react";
import type { Import } from "../../client/index.ts";
import { Button } from "../parts/Button.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { Problem } from "../parts/Problem.tsx";
import { useSluice } from "../Sluice.tsx";
import { useTexts } from "../texts.ts";
import { FileName } from "./CancelDialog.tsx";
import { useJobActs } from "./use-job-acts.ts";

export function ReopenDialog({ job, onClose }: { job: Import; onClose: () => void }): ReactNode {
  const t = useTexts("history");
  const { places } = useSluice();
  const { act, acting } = useJobActs(job);
  const [failure, setFailure] = useState<unknown>(null);
  const reopen = (): void => {
    setFailure(null);
    act("reopen").then(() => {
      onClose();
      places?.go({ page: "import", id: job.id });
    }, setFailure);
  };
  return (
    <Dialog
      title={t("reopenTitle")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("reopenKeep")}</Button>
          <Button look="primary" icon="edit" busy={acting !== null} onClick={reopen}>
            {t("reopen")}
          </Button>
        </>
      }
    >
      <div className="stack">
        <FileName name={job.fileName} />
        <p>{t("reopenWords")}</p>
        {failure !== null && <Problem error={failure} />}
      </div>
    </Dialog>
  );
}
