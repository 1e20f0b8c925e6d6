/** All there is to know about an import: its numbers, its timeline, what can be done with it. */
import type { ReactNode } from "react";
import { StepHead } from "../StepHead.tsx";
import { useTexts } from "../texts.ts";

export function JobPage(_props: { id: number }): ReactNode {
  const t = useTexts("history");
  return <StepHead title={t("title")} />;
}
