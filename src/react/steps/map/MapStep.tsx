/** Which column feeds which field. */
import type { ReactNode } from "react";
import type { Import } from "../../../client/index.ts";
import { StepHead } from "../../StepHead.tsx";
import { useTexts } from "../../texts.ts";

export function MapStep(_props: { job: Import }): ReactNode {
  const t = useTexts("map");
  return <StepHead title={t("title")} />;
}
