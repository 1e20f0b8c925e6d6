/** A button: `primary` is what most people press next, `danger` what takes something away. While `busy` it takes no press. */
import { type ButtonHTMLAttributes, forwardRef } from "react";
import { Icon, type IconName } from "./Icon.tsx";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: "primary" | "plain" | "quiet" | "danger";
  size?: "normal" | "small";
  icon?: IconName;
  busy?: boolean;
}

/** With an icon alone it needs an `aria-label`. */
export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  { look = "plain", size = "normal", icon, busy = false, children, onClick, ...rest },
  ref,
) {
  const isBare = children === undefined || children === null;
  return (
    <button
      ref={ref}
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
});
