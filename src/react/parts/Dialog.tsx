/** A window over the page; and one that asks before something is done that costs something. */
import { type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { useTexts } from "../foundation/texts.ts";
import { Button } from "./Button.tsx";
import type { IconName } from "./Icon.tsx";
import { Problem } from "./Notice.tsx";

interface DialogProps {
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
/** The platform's own `dialog`: it keeps the focus, gives it back, and closes with Escape (HTML, section 4.11.4). */
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

/** For what has a dialog and may be gone from the page while that asks, deleted by it or by somebody else: where the focus goes then. */
export function useGoneWhileAsking(asks: boolean, onGone: (() => void) | undefined): void {
  const isAsking = useRef(false);
  isAsking.current = asks;
  const gone = useRef(onGone);
  gone.current = onGone;
  useEffect(() => () => void (isAsking.current && gone.current?.()), []);
}

interface ConfirmDialogProps {
  title: string;
  /** What it is about. */
  fileName?: string;
  /** Words of the button that leaves all as it is. */
  keep: string;
  confirm: string;
  look?: "danger" | "primary";
  icon?: IconName;
  /** Does it; when it is done the dialog closes, then `onDone` is told. */
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
  onDone?: () => void;
  children: ReactNode;
}

/** Asks before something is done that costs something. It stays open, and says why, where that does not work. */
export function ConfirmDialog({
  title,
  fileName,
  keep,
  confirm,
  look = "danger",
  icon,
  onConfirm,
  onClose,
  onDone,
  children,
}: ConfirmDialogProps): ReactNode {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const press = (): void => {
    setBusy(true);
    setFailure(null);
    onConfirm()
      .then(() => {
        onClose();
        onDone?.();
      }, setFailure)
      .finally(() => setBusy(false));
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{keep}</Button>
          <Button look={look} icon={icon} busy={busy} onClick={press}>
            {confirm}
          </Button>
        </>
      }
    >
      <div className="stack">
        {fileName !== undefined && (
          <p>
            <strong>
              <bdi>{fileName}</bdi>
            </strong>
          </p>
        )}
        {children}
        {failure !== null && <Problem error={failure} />}
      </div>
    </Dialog>
  );
}
