/** Asks before something is done that costs something. It stays open, and says why, where that does not work. */
import { type ReactNode, useState } from "react";
import { Button } from "./Button.tsx";
import { Dialog } from "./Dialog.tsx";
import type { IconName } from "./Icon.tsx";
import { Problem } from "./Problem.tsx";

export interface ConfirmDialogProps {
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
