/** A link to a place: a real address where the page has one, so that it can be opened in a tab of its own. */
import type { MouseEvent, ReactNode } from "react";
import type { Place } from "../foundation/Sluice.tsx";
import { useSluice } from "../foundation/Sluice.tsx";
import { Icon, type IconName } from "./Icon.tsx";

export interface PlaceLinkProps {
  to: Place;
  /** As a button looks; default: as a link. */
  look?: "link" | "primary" | "plain" | "quiet";
  icon?: IconName;
  children: ReactNode;
}

/** Where the page has no such place it is words alone. */
export function PlaceLink({ to, look = "link", icon, children }: PlaceLinkProps): ReactNode {
  const { places } = useSluice();
  const className = look === "link" ? "link" : `button ${look}`;
  const content = (
    <>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </>
  );
  if (places === null || places.has?.(to.page) === false) return look === "link" ? children : null;
  const href = places.hrefOf(to);
  if (href === null) {
    return (
      <button type="button" className={look === "link" ? "link as-link" : className} onClick={() => places.go(to)}>
        {content}
      </button>
    );
  }
  const follow = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    places.go(to);
  };
  return (
    <a href={href} className={className} onClick={follow}>
      {content}
    </a>
  );
}
