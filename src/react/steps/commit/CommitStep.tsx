/** The records are written, or taken back; then, what came of it. */
import type { ReactNode } from "react";
import type { Import } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { StepHead, useFocusKept } from "../../parts/Step.tsx";
import { RunFailure } from "../../progress/RunFailure.tsx";
import { RunProgress } from "../../progress/RunProgress.tsx";
import { CommitSummary } from "./CommitSummary.tsx";
import { UndoSummary } from "./UndoSummary.tsx";

const endings: readonly string[] = ["completed", "cancelled", "undone", "failed"];

export function CommitStep({ job, onNew }: { job: Import; onNew: () => void }): ReactNode {
  const view = endings.includes(job.status) ? job.status : "running";
  const top = useFocusKept(view);
  return (
    <div className="stack" ref={top}>
      {view === "running" && <UnderWay job={job} />}
      {view === "failed" && <Stopped job={job} onNew={onNew} />}
      {view === "undone" && <UndoSummary job={job} onNew={onNew} />}
      {(view === "completed" || view === "cancelled") && <CommitSummary job={job} onNew={onNew} />}
    </div>
  );
}

function UnderWay({ job }: { job: Import }): ReactNode {
  const t = useTexts("commit");
  const isUndo = job.phase === "undo";
  return (
    <>
      <StepHead title={t(isUndo ? "undoingTitle" : "title")}>
        {t(isUndo ? "undoingHint" : "hint", { file: job.fileName })}
      </StepHead>
      <RunProgress job={job} />
    </>
  );
}

function Stopped({ job, onNew }: { job: Import; onNew: () => void }): ReactNode {
  const t = useTexts("commit");
  return (
    <>
      <StepHead title={t(job.phase === "undo" ? "undoingTitle" : "title")}>{job.fileName}</StepHead>
      <RunFailure
        job={job}
        actions={
          <Button icon="upload" onClick={onNew}>
            {t("another")}
          </Button>
        }
      />
    </>
  );
}
