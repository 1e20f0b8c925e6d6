/** The press that writes: it says how many rows go in, and waits until that is true of the options as they are. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { ClientError, type Import } from "../../../client/index.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { importKey } from "../../foundation/use-import.ts";
import { Button } from "../../parts/Button.tsx";
import { ConfirmDialog } from "../../parts/Dialog.tsx";
import { Problem } from "../../parts/Notice.tsx";
import { StepFoot } from "../../parts/Step.tsx";
import { DiscardImport } from "../DiscardImport.tsx";
import type { UsedDryRun } from "./use-dry-run.ts";

export function OptionsFoot({
  job,
  dryRun: { data, error, isCounting },
  isUnfinished,
  onBack,
}: {
  job: Import;
  dryRun: UsedDryRun;
  isUnfinished: boolean;
  onBack: () => void;
}): ReactNode {
  const t = useTexts("options");
  const id = useId();
  const { commit, isCommitting, error: refused } = useCommit(job.id);
  const [asks, setAsks] = useState(false);
  const removal = data?.removal;
  const count = data === undefined ? null : data.counts.created + data.counts.updated;
  const isNothing = count === 0 && (removal === undefined || removal.records === 0);
  const why =
    job.status !== "ready"
      ? t("whyReading")
      : isUnfinished
        ? t("whyUnfinished")
        : error !== null
          ? t("whyFailed")
          : isCounting
            ? t("whyCounting")
            : isNothing
              ? t("whyNothing")
              : job.dryRun
                ? t("whyDryRun")
                : "";
  return (
    <>
      {refused !== null && refused.status !== 401 && (
        <Problem
          error={refused}
          title={refused instanceof ClientError && refused.status === 409 ? t("quicker") : undefined}
        />
      )}
      <StepFoot
        back={
          <>
            <Button icon="back" onClick={onBack}>
              {t("toReview")}
            </Button>
            <DiscardImport job={job} />
          </>
        }
      >
        <span className="muted small options-why" id={`${id}-why`}>
          {why}
        </span>
        <Button
          look="primary"
          busy={isCommitting}
          aria-disabled={why !== "" || undefined}
          aria-describedby={why === "" ? undefined : `${id}-why`}
          onClick={() => (removal?.confirm ? setAsks(true) : commit())}
        >
          {count === null ? t("import") : t("importRows", { count })}
        </Button>
      </StepFoot>
      {asks && removal?.confirm && (
        <ConfirmDialog
          title={t("removeTitle", { count: removal.records })}
          fileName={job.fileName}
          keep={t("removeKeep")}
          confirm={t("removeConfirm", { count: removal.records })}
          onConfirm={() => commit(removal.records)}
          onClose={() => setAsks(false)}
        >
          <p>{t(`remove_${removal.confirm}`, { count: removal.records, of: removal.of })}</p>
          <p>{t("removeUndo")}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

/** The press of commit. Who comes too late sees what has become of the import meanwhile. */
function useCommit(id: number): {
  commit: (confirmRemovals?: number) => Promise<unknown>;
  isCommitting: boolean;
  error: ClientError | null;
} {
  const { client } = useSluice();
  const queries = useQueryClient();
  const { mutateAsync, isPending, error } = useMutation<Import, ClientError, number | undefined>({
    mutationFn: (confirmRemovals) => client.imports.commit(id, { confirmRemovals }),
    onSuccess: (changed) => queries.setQueryData(importKey(id), changed),
    onSettled: () => queries.invalidateQueries({ queryKey: importKey(id) }),
  });
  // What went wrong stands in `error`.
  return { commit: (confirmRemovals) => mutateAsync(confirmRemovals).catch(() => {}), isCommitting: isPending, error };
}
