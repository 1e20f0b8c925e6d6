/** What is shown where there is nothing: not yet, or at all. */
import type { ReactNode } from "react";
import { useTexts } from "../foundation/texts.ts";
import { Icon, type IconName } from "./Icon.tsx";

/**
 * @param lines how many lines of text it is as high as
 * @param isPage nothing else is there yet: its words are the page's heading
 */
export function Placeholder({ lines = 3, isPage = false }: { lines?: number; isPage?: boolean }): ReactNode {
  const t = useTexts("common");
  return (
    <div className="waiting" style={{ minHeight: `calc(${lines * 1.5} * var(--rem))` }}>
      {isPage ? <h1 className="hidden-text">{t("loading")}</h1> : <span className="hidden-text">{t("loading")}</span>}
    </div>
  );
}

/** An empty state: what would be shown here, and what to do. */
export function Empty({
  icon,
  title,
  children,
  actions,
  level = 3,
}: {
  icon: IconName;
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  /** Level of the heading. Default 3. */
  level?: 1 | 2 | 3;
}): ReactNode {
  const Heading = `h${level}` as const;
  return (
    <div className="empty">
      <div className="empty-icon">
        <Icon name={icon} size={28} />
      </div>
      <Heading className="empty-title">{title}</Heading>
      {children !== undefined && <p className="muted">{children}</p>}
      {actions !== undefined && <div className="row">{actions}</div>}
    </div>
  );
}
