/** Where there is nothing to show: what would stand here, and what to do. */
import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon.tsx";

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
