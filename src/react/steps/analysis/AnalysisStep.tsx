/** The file is read and checked; or it could not be, or was not wanted after all. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ClientError, Import } from "../../../client/index.ts";
import { importKey } from "../../live.ts";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { Go } from "../../parts/Go.tsx";
import { Problem } from "../../parts/Problem.tsx";
import { Failed } from "../../progress/Failed.tsx";
import { useFocusKept } from "../../progress/focus-kept.ts";
import { Running } from "../../progress/Running.tsx";
import { useSluice } from "../../Sluice.tsx";
import { StepHead } from "../../StepHead.tsx";
import { useTexts } from "../../texts.ts";

export function AnalysisStep({ job, onNew }: { job: Import; onNew: () => void }): ReactNode {
  const t = useTexts("analysis");
  const view = job.status === "failed" || job.status === "cancelled" ? job.status : "running";
  const top = useFocusKept(view);
  return (
    <div className="stack" ref={top}>
      {view === "running" && (
        <>
          <StepHead title={t("title")}>{t(job.dryRun ? "hintTrial" : "hint", { file: job.fileName })}</StepHead>
          <Running job={job} />
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
    <Go to={{ page: "history" }} look="quiet">
      {tc("allImports")}
    </Go>
  );
}

/** Its file could not be read to the end. */
function Unread({ job, onNew }: { job: Import; onNew: () => void }): ReactNode {
  const t = useTexts("analysis");
  const tc = useTexts("common");
  const { client } = useSluice();
  const queries = useQueryClient();
  const reopen = useMutation<Import, ClientError>({
    mutationFn: () => client.imports.reopen(job.id),
    onSuccess: (changed) => {
      queries.setQueryData(importKey(job.id), changed);
      void queries.invalidateQueries({ queryKey: importKey(job.id) });
    },
  });
  const mayReopen = job.actions.includes("reopen");
  return (
    <Failed
      job={job}
      actions={
        <>
          {mayReopen && (
            <Button icon="edit" busy={reopen.isPending} onClick={() => reopen.mutate()}>
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
      {reopen.error !== null && <Problem error={reopen.error} onRetry={() => reopen.mutate()} />}
    </Failed>
  );
}
