/** Rows that were left out because they sum up others, and not by a person: how many, and the press that takes them in all the same. */
import type { ReactNode } from "react";
import type { EditCounts, NewEdit } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Notice } from "../../parts/Notice.tsx";

export function LeftOutRows({
  count,
  isChanging,
  onShow,
  onChange,
}: {
  count: number;
  isChanging: boolean;
  onShow: () => void;
  onChange: (edit: NewEdit) => Promise<EditCounts>;
}): ReactNode {
  const t = useTexts("review");
  if (count <= 0) return null;
  return (
    <Notice
      tone="info"
      title={t("leftOutTitle", { count })}
      actions={
        <>
          <Button size="small" icon="filter" onClick={onShow}>
            {t("leftOutShow", { count })}
          </Button>
          <Button size="small" busy={isChanging} onClick={() => void onChange({ kind: "take_in" }).catch(() => {})}>
            {t("leftOutTakeIn", { count })}
          </Button>
        </>
      }
    >
      {t("leftOutHint")}
    </Notice>
  );
}
