/** The records that an import has written, page by page. */
import type { ReactNode } from "react";
import { StepHead } from "../StepHead.tsx";
import { useTexts } from "../texts.ts";

export function RecordsPage(_props: { id: number }): ReactNode {
  const t = useTexts("records");
  return <StepHead title={t("title")} />;
}
