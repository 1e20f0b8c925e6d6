/** What is wrong is found and mended. */
import type { ReactNode } from "react";
import type { Import } from "../../../client/index.ts";
import { StepHead } from "../../StepHead.tsx";
import { useTexts } from "../../texts.ts";

export function ReviewStep(_props: { job: Import; onNext: () => void }): ReactNode {
  const t = useTexts("review");
  return <StepHead title={t("title")} />;
}
