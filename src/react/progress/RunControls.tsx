/** What can be done with an import that is under way: hold it, let it go on, cancel it. */
import { type ReactNode, useState } from "react";
import type { Import, Progress } from "../../client/index.ts";
import { Button } from "../parts/Button.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { useTexts } from "../texts.ts";
import type { Act, UsedImport } from "../use-import.ts";

export interface RunControlsProps {
  job: Import;
  progress: Progress | null;
  act: UsedImport["act"];
  acting: Act | null;
  onError: (error: unknown) => void;
}

export function RunControls({ job, progress, act, acting, onError }: RunControlsProps): ReactNode {
  const t = useTexts("progress");
  const [asks, setAsks] = useState(false);
  const may = new Set(job.actions);
  const toggle = may.has("pause") ? "pause" : may.has("resume") ? "resume" : null;
  // An undo is no import that could be cancelled: what is out is out, the rest is held.
  const mayCancel = may.has("cancel") && job.phase !== "undo";
  const press = (action: Act): void => {
    onError(null);
    act(action).catch(onError);
  };
  return (
    <div className="row running-controls">
      {mayCancel && (
        <Button look="quiet" onClick={() => setAsks(true)}>
          {t("cancel")}
        </Button>
      )}
      {toggle !== null && (
        // One button for both, so that the focus stays on it.
        <Button
          look={toggle === "resume" ? "primary" : "plain"}
          icon={toggle === "resume" ? "play" : "pause"}
          busy={acting === toggle}
          onClick={() => press(toggle)}
        >
          {t(toggle)}
        </Button>
      )}
      {asks && mayCancel && (
        <Dialog
          title={t("cancelTitle")}
          onClose={() => setAsks(false)}
          actions={
            <>
              <Button onClick={() => setAsks(false)}>{t("keepGoing")}</Button>
              <Button
                look="danger"
                busy={acting === "cancel"}
                onClick={() => {
                  setAsks(false);
                  press("cancel");
                }}
              >
                {t("cancel")}
              </Button>
            </>
          }
        >
          <WhatStays job={job} progress={progress} />
        </Dialog>
      )}
    </div>
  );
}

function WhatStays({ job, progress }: { job: Import; progress: Progress | null }): ReactNode {
  const t = useTexts("progress");
  if (job.phase !== "commit") return <p>{t("cancelParse")}</p>;
  const counts = progress?.counts ?? job.counts;
  const written = (counts?.created ?? 0) + (counts?.updated ?? 0);
  if (written === 0) return <p>{t("cancelCommitNone")}</p>;
  const left = (progress?.total ?? 0) - (progress?.processed ?? 0);
  return (
    <div className="stack">
      <p>{t("cancelCommit", { count: written })}</p>
      {left > 0 && <p>{t("cancelRest", { count: left })}</p>}
    </div>
  );
}
