/** The press that writes: it says how many rows go in, and waits until that is true of the options as they are. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useId } from "react";
import { ClientError, type Import } from "../../../client/index.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { importKey } from "../../foundation/use-import.ts";
import { Button } from "../../parts/Button.tsx";
import { Problem } from "../../parts/Notice.tsx";
import { StepFoot } from "../../parts/Step.tsx";
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
  const count = data === undefined ? null : data.counts.created + data.counts.updated;
  const why =
    job.status !== "ready"
      ? t("whyReading")
      : isUnfinished
        ? t("whyUnfinished")
        : error !== null
          ? t("whyFailed")
          : isCounting
            ? t("whyCounting")
            : count === 0
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
          <Button icon="back" onClick={onBack}>
            {t("toReview")}
          </Button>
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
          onClick={commit}
        >
          {count === null ? t("import") : t("importRows", { count })}
        </Button>
      </StepFoot>
    </>
  );
}

/** The press of commit. Who comes too late sees what has become of the import meanwhile. */
function useCommit(id: number): { commit: () => void; isCommitting: boolean; error: ClientError | null } {
  const { client } = useSluice();
  const queries = useQueryClient();
  const { mutate, isPending, error } = useMutation<Import, ClientError>({
    mutationFn: () => client.imports.commit(id),
    onSuccess: (changed) => queries.setQueryData(importKey(id), changed),
    onSettled: () => queries.invalidateQueries({ queryKey: importKey(id) }),
  });
  return { commit: () => mutate(), isCommitting: isPending, error };
}
