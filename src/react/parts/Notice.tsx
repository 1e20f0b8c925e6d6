/** Something to know, with what to do about it. `bad` and `warn` are said at once to a screen reader when they appear. */
import type { ReactNode } from "react";
import { Icon } from "./Icon.tsx";

export interface NoticeProps {
  tone: "info" | "good" | "warn" | "bad";
  title: ReactNode;
  children?: ReactNode;
  /** Buttons and links. */
  actions?: ReactNode;
}

const icons = { info: "info", good: "check", warn: "warn", bad: "warn" } as const;

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
