/** Nothing would be imported: why, and what can be done. */
import type { ReactNode } from "react";
import type { Counts } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Notice } from "../../parts/Notice.tsx";

export type NothingReason = "empty" | "invalid" | "duplicates" | "unchanged";

/** Null: there is something to import. */
export function nothingReason({ created, updated, unchanged, skipped, invalid, failed }: Counts): NothingReason | null {
  if (created + updated > 0) return null;
  if (unchanged + skipped + invalid + failed === 0) return "empty";
  if (unchanged + skipped === 0) return "invalid";
  return unchanged > skipped ? "unchanged" : "duplicates";
}

export function NothingToImport({ reason, onBack }: { reason: NothingReason; onBack: () => void }): ReactNode {
  const t = useTexts("options");
  return (
    <Notice
      tone="warn"
      title={t(`nothing_${reason}`)}
      actions={reason === "invalid" && <Button onClick={onBack}>{t("toReview")}</Button>}
    >
      {t(`nothing_${reason}_hint`)}
    </Notice>
  );
}
