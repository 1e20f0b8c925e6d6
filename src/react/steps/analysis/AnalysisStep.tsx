/** The file is read and checked; or it could not be, or was not wanted after all. */
import { type ReactNode, useState } from "react";
import type { Import } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { useImport } from "../../foundation/use-import.ts";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { Problem } from "../../parts/Notice.tsx";
import { Empty } from "../../parts/Placeholder.tsx";
import { PlaceLink } from "../../parts/PlaceLink.tsx";
import { StepHead, useFocusKept } from "../../parts/Step.tsx";
import { RunFailure } from "../../progress/RunFailure.tsx";
import { RunProgress } from "../../progress/RunProgress.tsx";

export function AnalysisStep({ job, onNew }: { job: Import; onNew: () => void }): ReactNode {
  const t = useTexts("analysis");
  const view = job.status === "failed" || job.status === "cancelled" ? job.status : "running";
  const top = useFocusKept(view);
  return (
    <div className="stack" ref={top}>
      {view === "running" && (
        <>
          <StepHead title={t("title")}>{t(job.dryRun ? "hintTrial" : "hint", { file: job.fileName })}</StepHead>
          <RunProgress job={job} />
        </>
      )}
      {view === "failed" && (
        <>
          <StepHead title={t("failedTitle")}>{job.fileName}</StepHead>
          <Unread job={job} onNew={onNew} />
        </>
      )}
      {view === "cancelled" && (
        <>
          <StepHead title={t("cancelledTitle")}>{job.fileName}</StepHead>
          <Card>
            <Empty
              icon="cross"
              level={2}
              title={t("cancelledNothing")}
              actions={
                <>
                  <Button look="primary" icon="upload" onClick={onNew}>
                    {t("otherFile")}
                  </Button>
                  <AllImports />
                </>
              }
            >
              {t("cancelledHint")}
            </Empty>
          </Card>
        </>
      )}
    </div>
  );
}

function AllImports(): ReactNode {
  const tc = useTexts("common");
  return (
    <PlaceLink to={{ page: "history" }} look="quiet">
      {tc("allImports")}
    </PlaceLink>
  );
}

/** Its file could not be read to the end. */
function Unread({ job, onNew }: { job: Import; onNew: () => void }): ReactNode {
  const t = useTexts("analysis");
  const tc = useTexts("common");
  const { act, acting } = useImport(job.id);
  const [error, setError] = useState<unknown>(null);
  const reopen = (): void => {
    setError(null);
    act("reopen").catch(setError);
  };
  const mayReopen = job.actions.includes("reopen");
  return (
    <RunFailure
      job={job}
      actions={
        <>
          {mayReopen && (
            <Button icon="edit" busy={acting === "reopen"} onClick={reopen}>
              {tc("changeReading")}
            </Button>
          )}
          <Button icon="upload" onClick={onNew}>
            {t("otherFile")}
          </Button>
        </>
      }
    >
      <div>
        <h2 className="advice-head">{t("whatToDo")}</h2>
        <ul className="advice">
          {mayReopen && <li>{t("tryFormat")}</li>}
          <li>{t("tryFile")}</li>
          <li>{t("tryAgainHint")}</li>
        </ul>
      </div>
      {error !== null && <Problem error={error} onRetry={reopen} />}
    </RunFailure>
  );
}
