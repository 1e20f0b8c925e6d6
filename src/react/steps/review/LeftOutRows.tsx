/** Rows that were left out because they sum up others: how many, and the press that takes them in all the same. */
import type { ReactNode } from "react";
import type { EditCounts, Import, NewEdit } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Notice } from "../../parts/Notice.tsx";

export function LeftOutRows({
  job: { skippedRows },
  isChanging,
  onShow,
  onChange,
}: {
  job: Import;
  isChanging: boolean;
  onShow: () => void;
  onChange: (edit: NewEdit) => Promise<EditCounts>;
}): ReactNode {
  const t = useTexts("review");
  if (skippedRows === 0) return null;
  return (
    <Notice
      tone="info"
      title={t("leftOutTitle", { count: skippedRows })}
      actions={
        <>
          <Button size="small" icon="filter" onClick={onShow}>
            {t("leftOutShow", { count: skippedRows })}
          </Button>
          <Button size="small" busy={isChanging} onClick={() => void onChange({ kind: "take_in" }).catch(() => {})}>
            {t("leftOutTakeIn", { count: skippedRows })}
          </Button>
        </>
      }
    >
      {t("leftOutHint")}
    </Notice>
  );
}
