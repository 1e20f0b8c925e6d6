/** The tab's title: where one is, and of an import its state and how far it is, to be read while another tab is shown. */
import { type ReactNode, useEffect } from "react";
import { useFormats } from "../src/react/foundation/format.ts";
import { isRunning } from "../src/react/foundation/is-running.ts";
import { useTexts } from "../src/react/foundation/texts.ts";
import { useImport, useImportProgress } from "../src/react/foundation/use-import.ts";
import { progressOf } from "../src/react/progress/run-state.ts";

/** @example usePageTitle("History") // "History – Sluice" */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – Sluice`;
  }, [title]);
}

export type TitledPage = "newImport" | "history" | "notifications" | "sources";

export function PageTitle({ page }: { page: TitledPage }): ReactNode {
  usePageTitle(useTexts("page")(page));
  return null;
}

/** `37% · Importing · leads.csv`: what changes comes first, since a tab shows little. */
export function ImportTitle({ id }: { id: number }): ReactNode {
  const t = useTexts("status");
  const title = useTexts("history");
  const { percent } = useFormats();
  const { data: job } = useImport(id);
  const progress = useImportProgress(id);
  const share = job !== undefined && isRunning(job) ? (progressOf(job, progress)?.percent ?? null) : null;
  usePageTitle(
    job === undefined
      ? title("number", { id: String(id) })
      : [share === null ? null : percent(Math.floor(share) / 100), t(job.status), job.fileName]
          .filter((each) => each !== null)
          .join(" · "),
  );
  return null;
}
