/** Where there is nothing to show: what would stand here, and what to do. */
import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon.tsx";

export function Empty({
  icon,
  title,
  children,
  actions,
}: {
  icon: IconName;
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
}): ReactNode {
  return (
    <div className="empty">
      <div className="empty-icon">
        <Icon name={icon} size={28} />
      </div>
      <h3>{title}</h3>
      {children !== undefined && <p className="muted">{children}</p>}
      {actions !== undefined && <div className="row">{actions}</div>}
    </div>
  );
}
