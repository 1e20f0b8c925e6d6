/** What a React page imports: the wizard, the history, and hooks for what a page builds itself. */

export { ImportDialog, type ImportDialogProps } from "./ImportDialog.tsx";
export { ImportHistory, type ImportHistoryProps } from "./ImportHistory.tsx";
export { ImportWizard, type ImportWizardProps } from "./ImportWizard.tsx";
export type { Place, Places } from "./places.ts";
export { Sluice, type SluiceOptions, type Theme } from "./Sluice.tsx";
export { type Act, type UsedImport, useImport, useImportProgress } from "./use-import.ts";
export type { ReadyStep } from "./wizard-step.ts";
