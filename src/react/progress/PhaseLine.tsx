/** The phases of an import on one line, with the one that it is in. */
import type { ReactNode } from "react";
import type { Import } from "../../client/index.ts";
import { useTexts } from "../foundation/texts.ts";
import { phasesOf } from "./run-state.ts";

export function PhaseLine({ job }: { job: Pick<Import, "status" | "phase"> }): ReactNode {
  const t = useTexts("progress");
  const word = useTexts("status");
  const { stops, at } = phasesOf(job);
  return (
    <ol className="phase-line" aria-label={t("phases")}>
      {stops.map((stop, place) => (
        <li
          key={stop}
          className={place < at ? "done" : place === at ? "current" : "coming"}
          aria-current={place === at ? "step" : undefined}
        >
          <span>{word(stop)}</span>
        </li>
      ))}
    </ol>
  );
}
