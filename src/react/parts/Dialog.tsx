/** A modal window. The platform's own `dialog`: it keeps the focus, gives it back, and closes with Escape (HTML, section 4.11.4). */
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useTexts } from "../texts.ts";
import { Button } from "./Button.tsx";

export interface DialogProps {
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
  /** Buttons at its foot; the one that most people press last. */
  actions?: ReactNode;
  wide?: boolean;
  /** False: it can be left by its actions alone. */
  closable?: boolean;
}

/** It is open as long as it is rendered. */
export function Dialog({ title, onClose, children, actions, wide = false, closable = true }: DialogProps): ReactNode {
  const t = useTexts("common");
  const titleId = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    if (shown !== null && !shown.open) shown.showModal();
    return () => shown?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the key that does the same, and the platform tells it by onCancel
    <dialog
      ref={dialog}
      className={wide ? "dialog wide" : "dialog"}
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
        <header className="dialog-head">
          <h2 id={titleId}>{title}</h2>
          {closable && <Button look="quiet" size="small" icon="cross" aria-label={t("close")} onClick={onClose} />}
        </header>
        <div className="dialog-body">{children}</div>
        {actions !== undefined && <footer className="dialog-foot row">{actions}</footer>}
      </div>
    </dialog>
  );
}
