/**
 * A file was just checked: is there anything to look at before the options? Where nothing was rejected, warned of, left out or taken as
 * suggested, the match alone can still find something. Until it has said so, nothing can be committed here.
 */
import { type ReactNode, useEffect } from "react";
import type { DryRun, Import } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { useOptions } from "../../foundation/use-options.ts";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { Meter } from "../../parts/Meter.tsx";
import { Placeholder } from "../../parts/Placeholder.tsx";
import { StepHead } from "../../parts/Step.tsx";
import { useDryRun } from "../options/use-dry-run.ts";

export interface ReviewNeedProps {
  job: Import;
  onDecided: (step: "review" | "options") => void;
}

export function ReviewNeed(props: ReviewNeedProps): ReactNode {
  const { job, onDecided } = props;
  const isPlain = isPlainFile(job);
  useEffect(() => {
    if (isPlain === false) onDecided("review");
  }, [isPlain, onDecided]);
  return isPlain === true ? <MatchAwaited {...props} /> : <Placeholder lines={12} isPage />;
}

function MatchAwaited({ job, onDecided }: ReviewNeedProps): ReactNode {
  const t = useTexts("analysis");
  const { options, error: optionsError } = useOptions(job.id);
  const { data, error: countError, isCounting } = useDryRun(job, options, false);
  const found = isCounting || data === undefined ? null : isPlainMatch(job, data);
  const hasFailed = (optionsError ?? countError) !== null;
  useEffect(() => {
    if (found !== null || hasFailed) onDecided(found === true ? "options" : "review");
  }, [found, hasFailed, onDecided]);
  return (
    <div className="stack">
      <StepHead title={t("title")}>{t("matchHint", { count: job.validRows })}</StepHead>
      <Card className="running stack">
        <h2>{t("matchTitle")}</h2>
        <Meter label={t("matchTitle")} percent={null} />
        <div className="row">
          <Button onClick={() => onDecided("review")}>{t("lookNow")}</Button>
        </div>
      </Card>
    </div>
  );
}

/** Whether the check of the file found nothing to look at; null: it is not known yet. */
function isPlainFile({ validRows, invalidRows, skippedRows, warnings, undecided }: Import): boolean | null {
  if (validRows === 0 || invalidRows + skippedRows + undecided > 0) return false;
  return warnings === undefined ? null : warnings === 0;
}

/** Whether each row makes a record of its own, and the match has nothing to say about any. */
function isPlainMatch({ validRows }: Import, { counts, issues }: DryRun): boolean {
  return counts.created === validRows && issues.every(({ severity }) => severity !== "warning");
}
