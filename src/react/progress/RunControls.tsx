/** What can be done with an import that is under way: hold it, let it go on, cancel it after a question. */
import { type ReactNode, useState } from "react";
import type { Import, Progress } from "../../client/index.ts";
import { useTexts } from "../foundation/texts.ts";
import type { Act, UsedImport } from "../foundation/use-import.ts";
import { Button } from "../parts/Button.tsx";
import { ConfirmDialog } from "../parts/Dialog.tsx";

interface RunControlsProps {
  job: Import;
  progress: Progress | null;
  act: UsedImport["act"];
  acting: Act | null;
  onError: (error: unknown) => void;
}

export function RunControls({ job, progress, act, acting, onError }: RunControlsProps): ReactNode {
  const t = useTexts("progress");
  const tc = useTexts("common");
  const [asks, setAsks] = useState(false);
  const may = new Set(job.actions);
  const toggle = may.has("pause") ? "pause" : may.has("resume") ? "resume" : null;
  // What a replace or a mirror waits for somebody to confirm.
  const removals = job.next?.code === "confirm_removals" ? Number(job.next.records) : null;
  const counts = progress?.counts ?? job.counts;
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
      {may.has("reject") && (
        <Button icon="play" busy={acting === "reject"} onClick={() => press("reject")}>
          {tc("reject")}
        </Button>
      )}
      {toggle === "resume" && removals !== null && (
        <Button
          icon="play"
          busy={acting === "resume"}
          onClick={() => {
            onError(null);
            act("resume", { confirmRemovals: removals }).catch(onError);
          }}
        >
          {t("confirmRemovals", { count: removals })}
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
          {tc(toggle)}
        </Button>
      )}
      {asks && mayCancel && (
        <CancelDialog
          job={job}
          written={(counts?.created ?? 0) + (counts?.updated ?? 0)}
          left={(progress?.total ?? 0) - (progress?.processed ?? 0)}
          onCancel={() => act("cancel")}
          onClose={() => setAsks(false)}
        />
      )}
    </div>
  );
}

interface CancelDialogProps {
  job: Pick<Import, "fileName" | "phase">;
  /** Records that were created or updated so far. */
  written: number;
  /** Rows that it has not come to; 0: nobody knows. */
  left?: number;
  onCancel: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks before an import is cancelled: what stays, and what will not go in. */
export function CancelDialog({ job, written, left = 0, onCancel, onClose }: CancelDialogProps): ReactNode {
  const t = useTexts("progress");
  const isCommit = job.phase === "commit";
  return (
    <ConfirmDialog
      title={t("cancelTitle")}
      fileName={job.fileName}
      keep={t("keepGoing")}
      confirm={t("cancel")}
      onConfirm={onCancel}
      onClose={onClose}
    >
      <p>
        {!isCommit ? t("cancelParse") : written === 0 ? t("cancelCommitNone") : t("cancelCommit", { count: written })}
      </p>
      {isCommit && written > 0 && left > 0 && <p>{t("cancelRest", { count: left })}</p>}
    </ConfirmDialog>
  );
}
