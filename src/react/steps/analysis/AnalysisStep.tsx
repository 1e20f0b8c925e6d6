/** The file is read and checked. */
import type { ReactNode } from "react";
import type { Import } from "../../../client/index.ts";
import { StepHead } from "../../StepHead.tsx";
import { useTexts } from "../../texts.ts";

export function AnalysisStep(_props: { job: Import; onNew: () => void }): ReactNode {
  const t = useTexts("analysis");
  return <StepHead title={t("title")} />;
}
