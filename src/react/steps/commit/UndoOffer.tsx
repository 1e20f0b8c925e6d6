/** The way back: an import can be taken back, after one has seen what that would do. */
import { lazy, type ReactNode, Suspense, useState } from "react";
import type { Import } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";

/** Rarely opened, so it comes when it is. */
const UndoDialog = lazy(() => import("./UndoDialog.tsx").then((file) => ({ default: file.UndoDialog })));

export function UndoOffer({ job, written }: { job: Import; written: number }): ReactNode {
  const t = useTexts("commit");
  const tc = useTexts("common");
  const [isOpen, setIsOpen] = useState(false);
  if (written === 0 || !job.actions.includes("undo")) return null;
  return (
    <section className="card offer">
      <div className="offer-words">
        <h2>{t("undoTitle")}</h2>
        <p className="muted">{t("undoHint")}</p>
      </div>
      <Button icon="undo" onClick={() => setIsOpen(true)}>
        {tc("undo")}
      </Button>
      {isOpen && (
        <Suspense>
          <UndoDialog job={job} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </section>
  );
}
