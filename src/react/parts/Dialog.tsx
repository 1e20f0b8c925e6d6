/** A modal window. The platform's own `dialog`: it keeps the focus, gives it back, and closes with Escape (HTML, section 4.11.4). */
import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { useTexts } from "../foundation/texts.ts";
import { Button } from "./Button.tsx";

export interface DialogProps {
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
  /** Buttons at its foot; the one that most people press last. */
  actions?: ReactNode;
  wide?: boolean;
  className?: string;
  /** False: it can be left by its actions alone. */
  closable?: boolean;
}

/** It is open as long as it is rendered. */
export function Dialog({
  title,
  onClose,
  children,
  actions,
  wide = false,
  className = "",
  closable = true,
}: DialogProps): ReactNode {
  const t = useTexts("common");
  const titleId = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  // Not useEffect, which ends when the dialog is out of the document and can no longer give the focus back.
  useLayoutEffect(() => {
    const shown = dialog.current;
    if (shown !== null && !shown.open) shown.showModal();
    return () => shown?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the key that does the same, and the platform tells it by onCancel
    <dialog
      ref={dialog}
      className={`dialog${wide ? " wide" : ""} ${className}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        if (closable) onClose();
      }}
      // Events of a dialog within this one bubble through React's tree.
      onClick={(event) => {
        if (closable && event.target === dialog.current) onClose();
      }}
    >
      <div className="dialog-box">
        {/* Neither header nor footer: outside of a section of the page they would be its own (HTML-AAM, section 3.5). */}
        <div className="dialog-head">
          <h2 id={titleId}>{title}</h2>
          {closable && <Button look="quiet" size="small" icon="cross" aria-label={t("close")} onClick={onClose} />}
        </div>
        <div className="dialog-body">{children}</div>
        {actions !== undefined && <div className="dialog-foot row">{actions}</div>}
      </div>
    </dialog>
  );
}
