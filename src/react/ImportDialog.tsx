/** The wizard in a window of its own over the page. Closing it loses nothing: the import stays where it is, and is in the history. */
import type { ReactNode } from "react";
import { Frame } from "./foundation/Frame.tsx";
import { WithSluice } from "./foundation/Sluice.tsx";
import { useTexts } from "./foundation/texts.ts";
import { ImportWizard, type ImportWizardProps } from "./ImportWizard.tsx";
import { Dialog } from "./parts/Dialog.tsx";

export interface ImportDialogProps extends ImportWizardProps {
  /** It is there as long as it is rendered: stop rendering it when this is called. */
  onClose: () => void;
  /** Default: `Import`, in the reader's language. */
  title?: string;
}

/**
 * @example
 * {isOpen && <ImportDialog importer="leads" onClose={() => setOpen(false)} onComplete={refresh} />}
 */
export function ImportDialog({ onClose, title, ...wizard }: ImportDialogProps): ReactNode {
  return (
    <WithSluice {...wizard}>
      <Frame bare>
        <WizardWindow onClose={onClose} title={title}>
          <ImportWizard {...wizard} />
        </WizardWindow>
      </Frame>
    </WithSluice>
  );
}

function WizardWindow({
  onClose,
  title,
  children,
}: Pick<ImportDialogProps, "onClose" | "title"> & { children: ReactNode }): ReactNode {
  const t = useTexts("wizard");
  return (
    <Dialog title={title ?? t("commit")} wide className="wizard-window" onClose={onClose}>
      {children}
    </Dialog>
  );
}
