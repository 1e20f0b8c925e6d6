/** Asks before an import is cancelled: what stays, and what will not go in. */
import { type ReactNode, useState } from "react";
import type { Import } from "../../client/index.ts";
import { Button } from "../parts/Button.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { Problem } from "../parts/Problem.tsx";
import { useTexts } from "../texts.ts";
import { numbersOf } from "./job-numbers.ts";
import { useJobActs } from "./use-job-acts.ts";

export function CancelDialog({ job, onClose }: { job: Import; onClose: () => void }): ReactNode {
  const t = useTexts("progress");
  const { act, acting } = useJobActs(job);
  const [failure, setFailure] = useState<unknown>(null);
  const { imported } = numbersOf(job);
  return (
    <Dialog
      title={t("cancelTitle")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("keepGoing")}</Button>
          <Button look="danger" busy={acting !== null} onClick={() => void act("cancel").then(onClose, setFailure)}>
            {t("cancel")}
          </Button>
        </>
      }
    >
      <div className="stack">
        <FileName name={job.fileName} />
        <p>
          {job.phase === "parse"
            ? t("cancelParse")
            : imported === 0
              ? t("cancelCommitNone")
              : t("cancelCommit", { count: imported })}
        </p>
        {failure !== null && <Problem error={failure} />}
      </div>
    </Dialog>
  );
}

/** Which file it is about. */
export function FileName({ name }: { name: string }): ReactNode {
  return (
    <p className="history-about">
      <bdi>{name}</bdi>
    </p>
  );
}
