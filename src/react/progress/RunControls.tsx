/** What can be done with an import that is under way: hold it, let it go on, cancel it. */
import { type ReactNode, useState } from "react";
import type { Import, Progress } from "../../client/index.ts";
import { useTexts } from "../foundation/texts.ts";
import type { Act, UsedImport } from "../foundation/use-import.ts";
import { Button } from "../parts/Button.tsx";
import { CancelDialog } from "./CancelDialog.tsx";

export interface RunControlsProps {
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
