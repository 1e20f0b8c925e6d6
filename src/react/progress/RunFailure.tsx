/** An import that failed for good: what happened, what stands, and what can be done about it. */
import { type ReactNode, useState } from "react";
import type { Import } from "../../client/index.ts";
import { useWithStep } from "../foundation/next-step.ts";
import { useTexts } from "../foundation/texts.ts";
import { useImport } from "../foundation/use-import.ts";
import { Button } from "../parts/Button.tsx";
import { Card } from "../parts/Card.tsx";
import { Notice, Problem } from "../parts/Notice.tsx";
import { PhaseLine } from "./PhaseLine.tsx";

/** `children`: advice; `actions`: what else can be done, beside trying again. */
export function RunFailure({
  job,
  children,
  actions,
}: {
  job: Import;
  children?: ReactNode;
  actions?: ReactNode;
}): ReactNode {
  const t = useTexts("progress");
  const common = useTexts("common");
  const withStep = useWithStep();
  const { act, acting } = useImport(job.id);
  const [error, setError] = useState<unknown>(null);
  const { created = 0, updated = 0 } = job.counts ?? {};
  const written = created + updated;
  const name = ({ parse: "failedParse", commit: "failedCommit", undo: "failedUndo" } as const)[job.phase];
  const retry = (): void => {
    setError(null);
    act("retry").catch(setError);
  };
  return (
    <Card className="running stack">
      <PhaseLine job={job} />
      <Notice tone="bad" title={t(name)}>
        {withStep(job.errorMessage ?? "", job.next)}
      </Notice>
      <p>{name === "failedCommit" && written === 0 ? t("failedCommitNone") : t(`${name}Hint`, { count: written })}</p>
      {children}
      <div className="row">
        {job.actions.includes("retry") && (
          <Button look="primary" icon="refresh" busy={acting === "retry"} onClick={retry}>
            {common("tryAgain")}
          </Button>
        )}
        {actions}
      </div>
      {error !== null && <Problem error={error} />}
    </Card>
  );
}
