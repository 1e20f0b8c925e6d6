/** A new import begins: its importer is chosen, and its file brought. */
import type { ReactNode } from "react";
import { StepHead } from "../../StepHead.tsx";
import { useTexts } from "../../texts.ts";

export function UploadStep(_props: {
  importer?: string;
  context?: Readonly<Record<string, string>>;
  onCreated: (id: number) => void;
}): ReactNode {
  const t = useTexts("upload");
  return <StepHead title={t("title")} />;
}
