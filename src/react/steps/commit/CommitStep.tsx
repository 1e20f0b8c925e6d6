/** The records are written; then, what came of it. */
import type { ReactNode } from "react";
import type { Import } from "../../../client/index.ts";
import { StepHead } from "../../StepHead.tsx";
import { useTexts } from "../../texts.ts";

export function CommitStep(_props: { job: Import; onNew: () => void }): ReactNode {
  const t = useTexts("commit");
  return <StepHead title={t("title")} />;
}
