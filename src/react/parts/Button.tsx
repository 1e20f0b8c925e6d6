/** A button: `primary` is what most people press next, `danger` what takes something away. While `busy` it takes no press. */
import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { Icon, type IconName } from "./Icon.tsx";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: "primary" | "plain" | "quiet" | "danger";
  size?: "normal" | "small";
  icon?: IconName;
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

/** With an icon alone it needs an `aria-label`. */
export function Button({
  look = "plain",
  size = "normal",
  icon,
  busy = false,
  children,
  onClick,
  ...rest
}: ButtonProps): ReactNode {
  const isBare = children === undefined || children === null;
  return (
    <button
      type="button"
      {...rest}
      className={`button ${look}${size === "small" ? " small-button" : ""}${isBare ? " bare" : ""}${rest.className ? ` ${rest.className}` : ""}`}
      // Not `disabled`, which would throw the focus away.
      aria-busy={busy || undefined}
      aria-disabled={busy || rest["aria-disabled"] || undefined}
      onClick={(event) => {
        if (busy || rest["aria-disabled"]) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy ? <span className="spinner" aria-hidden="true" /> : icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}
