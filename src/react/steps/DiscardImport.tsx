/** The way out of an import that has written nothing yet, the same on each step before it does. */
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { Import } from "../../client/index.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { importKey } from "../foundation/use-import.ts";
import { Button } from "../parts/Button.tsx";
import { ConfirmDialog } from "../parts/Dialog.tsx";

export function DiscardImport({ job }: { job: Import }): ReactNode {
  const t = useTexts("map");
  const tc = useTexts("common");
  const { client, places } = useSluice();
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const isDeletable = job.actions.includes("delete");
  if (!isDeletable && !job.actions.includes("cancel")) return null;
  const discard = async (): Promise<void> => {
    // What has been checked is cancelled first: nobody can begin to write it then.
    if (!isDeletable) await client.imports.cancel(job.id);
    await client.imports.delete(job.id);
  };
  return (
    <>
      <Button look="quiet" icon="trash" onClick={() => setAsking(true)}>
        {t("discard")}
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={t("discardTitle")}
          keep={tc("cancel")}
          confirm={t("discardDo")}
          onConfirm={discard}
          onClose={() => setAsking(false)}
          onDone={() => {
            places?.go({ page: "new" });
            queries.removeQueries({ queryKey: importKey(job.id) });
          }}
        >
          <p>{t("discardWords", { file: job.fileName })}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
