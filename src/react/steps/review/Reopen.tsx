/** The way back to the columns, which costs the edits: asked first. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Import } from "../../../client/index.ts";
import { importKey } from "../../live.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Problem } from "../../parts/Problem.tsx";
import { useSluice } from "../../Sluice.tsx";
import { useTexts } from "../../texts.ts";

export function Reopen({ job, edits, onClose }: { job: Import; edits: number; onClose: () => void }): ReactNode {
  const t = useTexts("review");
  const { client } = useSluice();
  const queries = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => client.imports.reopen(job.id),
    onSuccess: (changed) => {
      queries.setQueryData(importKey(job.id), changed);
      void queries.invalidateQueries({ queryKey: importKey(job.id) });
    },
  });
  return (
    <Dialog
      title={t("reopenTitle")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("stayHere")}</Button>
          <Button look={edits > 0 ? "danger" : "primary"} busy={isPending} onClick={() => mutate()}>
            {t("reopen")}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>{edits > 0 ? t("reopenLoses", { count: edits }) : t("reopenHint")}</p>
        {error !== null && <Problem error={error} />}
      </div>
    </Dialog>
  );
}
