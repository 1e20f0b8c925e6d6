/** The press that writes: it says how many rows go in, and waits until that is true of the options as they are. */
import { type ReactNode, useId } from "react";
import { ClientError, type Import } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Problem } from "../../parts/Problem.tsx";
import { StepFoot } from "../../parts/Step.tsx";
import { useCommit } from "./use-commit.ts";
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
