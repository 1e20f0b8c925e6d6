/** The records are written, or taken back; then, what came of it. */
import type { ReactNode } from "react";
import type { Import } from "../../../client/index.ts";
import { Button } from "../../parts/Button.tsx";
import { Failed } from "../../progress/Failed.tsx";
import { useFocusKept } from "../../progress/focus-kept.ts";
import { Running } from "../../progress/Running.tsx";
import { StepHead } from "../../StepHead.tsx";
import { useTexts } from "../../texts.ts";
import { Summary } from "./Summary.tsx";
import { Undone } from "./Undone.tsx";

const endings: readonly string[] = ["completed", "cancelled", "undone", "failed"];

export function CommitStep({ job, onNew }: { job: Import; onNew: () => void }): ReactNode {
  const view = endings.includes(job.status) ? job.status : "running";
  const top = useFocusKept(view);
  return (
    <div className="stack" ref={top}>
      {view === "running" && <UnderWay job={job} />}
      {view === "failed" && <Stopped job={job} onNew={onNew} />}
      {view === "undone" && <Undone job={job} onNew={onNew} />}
      {(view === "completed" || view === "cancelled") && <Summary job={job} onNew={onNew} />}
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
      <Running job={job} />
    </>
  );
}

function Stopped({ job, onNew }: { job: Import; onNew: () => void }): ReactNode {
  const t = useTexts("commit");
  return (
    <>
      <StepHead title={t(job.phase === "undo" ? "undoingTitle" : "title")}>{job.fileName}</StepHead>
      <Failed
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
