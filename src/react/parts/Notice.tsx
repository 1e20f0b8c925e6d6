/** Something to know, with what to do about it: in general, of the connection, of an error. */
import type { ReactNode } from "react";
import { useConnection } from "../foundation/server-state.tsx";
import { useReason, useTexts } from "../foundation/texts.ts";
import { Button } from "./Button.tsx";
import { Icon } from "./Icon.tsx";

interface NoticeProps {
  tone: "info" | "good" | "warn" | "bad";
  title: ReactNode;
  children?: ReactNode;
  /** Buttons and links. */
  actions?: ReactNode;
}

const icons = { info: "info", good: "check", warn: "warn", bad: "warn" } as const;

/** `bad` and `warn` are said at once to a screen reader when they appear. */
export function Notice({ tone, title, children, actions }: NoticeProps): ReactNode {
  return (
    <div className={`notice ${tone}`} role={tone === "bad" || tone === "warn" ? "alert" : undefined}>
      <Icon name={icons[tone]} size={20} />
      <div className="notice-words">
        <strong>{title}</strong>
        {children !== undefined && <div>{children}</div>}
      </div>
      {actions !== undefined && <div className="notice-actions row">{actions}</div>}
    </div>
  );
}

const away = {
  offline: ["offline", "offlineHint"],
  server_gone: ["serverGone", "serverGoneHint"],
  kept_out: ["keptOut", "keptOutHint"],
} as const;

/** Says that the browser is offline or the server away, as long as it is; nothing below it is lost. */
export function OfflineNotice(): ReactNode {
  const t = useTexts("common");
  const { reach } = useConnection();
  if (reach === "reached") return null;
  const [title, hint] = away[reach];
  return (
    // In sight wherever one is on the page: far down in a grid too.
    <div className="reach">
      <Notice tone="warn" title={t(title)}>
        {t(hint, { origin: location.origin })}
      </Notice>
    </div>
  );
}

/** An error where the page has nothing else: with the heading that it would lack. */
export function PageProblem({ error }: { error: unknown }): ReactNode {
  const t = useTexts("common");
  return (
    <>
      <h1 className="hidden-text">{t("wentWrong")}</h1>
      <Problem error={error} />
    </>
  );
}

/** An error as a person reads it: what happened and what to do next, with a way to try again where that may help. */
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
