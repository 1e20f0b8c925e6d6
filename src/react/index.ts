/** What a React page imports: the wizard, the history, and hooks for what a page builds itself. */

export type { Place, Places } from "./foundation/Sluice.tsx";
export { Sluice, type SluiceOptions, type Theme } from "./foundation/Sluice.tsx";
export { type Act, type UsedImport, useImport, useImportProgress } from "./foundation/use-import.ts";
export { ImportDialog, type ImportDialogProps } from "./ImportDialog.tsx";
export { ImportHistory, type ImportHistoryProps } from "./ImportHistory.tsx";
export { ImportWizard, type ImportWizardProps } from "./ImportWizard.tsx";
export type { ReadyStep } from "./Stepper.tsx";
