/**
 * A button with a menu of what can be done, by the keys that menus have (WAI-ARIA Authoring Practices, Menu Button): arrows, Home,
 * End, a letter, Escape. It is in the top layer, so nothing clips it.
 */
import { Fragment, type KeyboardEvent, type ReactNode, useId, useLayoutEffect, useRef, useState } from "react";
import type { Place } from "../foundation/Sluice.tsx";
import { useSluice } from "../foundation/Sluice.tsx";
import { Icon, type IconName } from "./Icon.tsx";

export interface MenuEntry {
  id: string;
  label: string;
  icon?: IconName;
  /** What it takes away cannot be had again. */
  danger?: boolean;
  /** A line above it parts it from those before. */
  parted?: boolean;
  /** Where it leads. */
  to?: Place;
  /** Of a file to take away. */
  href?: string;
  onChoose?: () => void;
}

export interface MenuProps {
  /** The button's label; always read out, and shown unless only `icon` is. */
  label: string;
  entries: readonly MenuEntry[];
  /** Default: three dots without words. */
  look?: "dots" | "words";
}

/** Space between the button and its menu, and between the menu and the edge of the window. */
const gapPx = 4;
const edgePx = 8;

export function Menu({ label, entries, look = "dots" }: MenuProps): ReactNode {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  useLayoutEffect(() => {
    const shown = menu.current;
    // By hand: React 18 knows neither the attribute nor the event.
    button.current?.setAttribute("popovertarget", id);
    const toggled = (event: Event): void => {
      if (event.target === shown) setOpen((event as ToggleEvent).newState === "open");
    };
    // Of a menu that is opened again at once, `toggle` says only that it is open, as it was (HTML, queue a popover toggle event task).
    const closes = (event: Event): void => {
      if ((event as ToggleEvent).newState === "closed") toggled(event);
    };
    shown?.addEventListener("beforetoggle", closes);
    shown?.addEventListener("toggle", toggled);
    return () => {
      shown?.removeEventListener("beforetoggle", closes);
      shown?.removeEventListener("toggle", toggled);
    };
  }, [id]);

  useLayoutEffect(() => {
    if (!open || menu.current === null || button.current === null) return;
    place(menu.current, button.current);
    itemsOf(menu.current)[0]?.focus({ preventScroll: true });
    const close = (event: Event): void => {
      // What scrolls within the menu moves it not.
      if (event.target !== menu.current) menu.current?.hidePopover();
    };
    addEventListener("scroll", close, true);
    addEventListener("resize", close);
    return () => {
      removeEventListener("scroll", close, true);
      removeEventListener("resize", close);
    };
  }, [open]);

  const leave = (): void => {
    button.current?.focus({ preventScroll: true });
    menu.current?.hidePopover();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Tab") {
      leave();
      return;
    }
    const items = menu.current === null ? [] : itemsOf(menu.current);
    const next = event.key === "Escape" ? null : itemOf(event, items);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (next === null) leave();
    else next.focus({ preventScroll: false });
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={look === "dots" ? "button quiet bare small-button menu-button" : "button plain"}
        aria-label={look === "dots" ? label : undefined}
        aria-haspopup="menu"
        aria-expanded={open}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          menu.current?.showPopover();
        }}
      >
        {look === "words" && label}
        <Icon name={look === "dots" ? "more" : "down"} />
      </button>
      <div
        ref={menu}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className={open ? "menu placed" : "menu"}
        onKeyDown={onKeyDown}
      >
        {open && entries.map((entry) => <Entry key={entry.id} entry={entry} onLeave={leave} />)}
      </div>
    </>
  );
}

function Entry({ entry, onLeave }: { entry: MenuEntry; onLeave: () => void }): ReactNode {
  const { places } = useSluice();
  const { label, icon, danger, parted, to, onChoose } = entry;
  const href = entry.href ?? (to === undefined ? null : (places?.hrefOf(to) ?? null));
  const className = danger ? "menu-item danger" : "menu-item";
  const words = (
    <>
      {icon === undefined ? <span className="menu-no-icon" /> : <Icon name={icon} />}
      <span>{label}</span>
    </>
  );
  const choose = (): void => {
    onLeave();
    if (to !== undefined) places?.go(to);
    onChoose?.();
  };
  return (
    <Fragment>
      {parted && <hr className="menu-line" />}
      {href === null ? (
        <button type="button" role="menuitem" tabIndex={-1} className={className} onClick={choose}>
          {words}
        </button>
      ) : (
        <a
          role="menuitem"
          tabIndex={-1}
          className={className}
          href={href}
          download={entry.href !== undefined ? "" : undefined}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
            if (to === undefined) return onLeave();
            event.preventDefault();
            choose();
          }}
        >
          {words}
        </a>
      )}
    </Fragment>
  );
}

function itemsOf(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('[role="menuitem"]')];
}

/** Which item a key leads to; undefined: it is no key of a menu. */
function itemOf({ key, altKey, ctrlKey, metaKey }: KeyboardEvent, items: HTMLElement[]): HTMLElement | undefined {
  const at = items.findIndex((item) => item.matches(":focus"));
  switch (key) {
    case "ArrowDown":
      return items[(at + 1) % items.length];
    case "ArrowUp":
      return items.at(at <= 0 ? -1 : at - 1);
    case "Home":
      return items[0];
    case "End":
      return items.at(-1);
    default: {
      if (key.length !== 1 || key === " " || altKey || ctrlKey || metaKey) return undefined;
      const behind = [...items.slice(at + 1), ...items.slice(0, at + 1)];
      return behind.find((item) => item.textContent?.trim().toLocaleLowerCase().startsWith(key.toLocaleLowerCase()));
    }
  }
}

/** Below the button, at its end; above it or further in where there is no room. */
function place(menu: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const isLeftwards = !button.matches(":dir(rtl)");
  const left = isLeftwards ? at.right - width : at.left;
  const below = at.bottom + gapPx;
  const top = below + height + edgePx <= innerHeight ? below : Math.max(edgePx, at.top - gapPx - height);
  menu.style.left = `${Math.max(edgePx, Math.min(left, innerWidth - width - edgePx))}px`;
  menu.style.top = `${top}px`;
}
