/** Asks before an import is read again from its beginning: what was checked and edited goes. */
import type { ReactNode } from "react";
import type { Import } from "../../client/index.ts";
import { Ask } from "../parts/Ask.tsx";
import { useSluice } from "../Sluice.tsx";
import { useTexts } from "../texts.ts";
import { useJobActs } from "./use-job-acts.ts";

export function ReopenDialog({ job, onClose }: { job: Import; onClose: () => void }): ReactNode {
  const t = useTexts("history");
  const { places } = useSluice();
  const { act } = useJobActs(job);
  return (
    <Ask
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
    </Ask>
  );
}
