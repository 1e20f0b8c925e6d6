/** An error as a person reads it: what happened and what to do next, with a way to try again where that may help. */
import type { ReactNode } from "react";
import { useReason } from "../foundation/reason.ts";
import { useTexts } from "../foundation/texts.ts";
import { Button } from "./Button.tsx";
import { Notice } from "./Notice.tsx";

export function Problem({
  error,
  title,
  onRetry,
  actions,
}: {
  error: unknown;
  title?: string;
  onRetry?: () => void;
  actions?: ReactNode;
}): ReactNode {
  const t = useTexts("common");
  const reason = useReason();
  return (
    <Notice
      tone="bad"
      title={title ?? t("wentWrong")}
      actions={
        (onRetry !== undefined || actions !== undefined) && (
          <>
            {onRetry !== undefined && <Button onClick={onRetry}>{t("tryAgain")}</Button>}
            {actions}
          </>
        )
      }
    >
      {reason(error)}
    </Notice>
  );
}
