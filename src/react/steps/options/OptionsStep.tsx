/** What becomes of duplicates, and who gets the records. */
import type { ReactNode } from "react";
import type { Import } from "../../../client/index.ts";
import { StepHead } from "../../StepHead.tsx";
import { useTexts } from "../../texts.ts";

export function OptionsStep(_props: { job: Import; onBack: () => void }): ReactNode {
  const t = useTexts("options");
  return <StepHead title={t("title")} />;
}
