/** Asks before an import is read again from its beginning: what was checked and edited goes. */
import type { ReactNode } from "react";
import type { Import } from "../../client/index.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { ConfirmDialog } from "../parts/ConfirmDialog.tsx";
import { useJobActs } from "./use-job-acts.ts";

export function ReopenDialog({ job, onClose }: { job: Import; onClose: () => void }): ReactNode {
  const t = useTexts("history");
  const { places } = useSluice();
  const { act } = useJobActs(job);
  return (
    <ConfirmDialog
      title={t("reopenTitle")}
      fileName={job.fileName}
      keep={t("reopenKeep")}
      confirm={t("reopen")}
      look="primary"
      icon="edit"
      onConfirm={() => act("reopen")}
      onClose={onClose}
      onDone={() => places?.go({ page: "import", id: job.id })}
    >
      <p>{t("reopenWords")}</p>
    </ConfirmDialog>
  );
}
