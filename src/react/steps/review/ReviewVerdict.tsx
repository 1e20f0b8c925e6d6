/** How the import stands as a whole, where there is something to say: all is right, or nothing is. */
import type { ReactNode } from "react";
import type { Import } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Notice } from "../../parts/Notice.tsx";

export function ReviewVerdict({ job: { validRows, invalidRows } }: { job: Import }): ReactNode {
  const t = useTexts("review");
  if (validRows + invalidRows === 0) {
    return (
      <Notice tone="warn" title={t("emptyTitle")}>
        {t("emptyHint")}
      </Notice>
    );
  }
  if (validRows === 0) {
    return (
      <Notice tone="warn" title={t("noneRight")}>
        {t("noneRightHint")}
      </Notice>
    );
  }
  if (invalidRows > 0) return null;
  return (
    <Notice tone="good" title={t("allRight")}>
      {t("allRightHint", { count: validRows })}
    </Notice>
  );
}
