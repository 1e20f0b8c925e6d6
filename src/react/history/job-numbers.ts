/** The numbers of an import as a list shows them, of the moment while it runs. */
import type { Import } from "../../client/index.ts";

export interface JobNumbers {
  rows: number;
  imported: number;
  errors: number;
  /** 0 to 100 while it runs; null: nothing is known, or it does not run. */
  percent: number | null;
}

export function isRunning({ status }: Pick<Import, "status">): boolean {
  return status === "parsing" || status === "committing" || status === "undoing";
}

export function numbersOf(job: Import): JobNumbers {
  const { progress } = job;
  const running = isRunning(job) && progress !== null && progress.phase === job.phase ? progress : null;
  const inCommit = progress !== null && progress.phase === "commit" && job.phase === "commit" ? progress.counts : null;
  return {
    rows: Math.max(job.totalRows, job.processedRows, running?.phase === "parse" ? running.processed : 0),
    imported: Math.max(job.importedRows, inCommit === null ? 0 : inCommit.created + inCommit.updated),
    errors: Math.max(
      job.invalidRows + (inCommit?.failed ?? 0),
      running?.phase === "parse" ? running.counts.invalid : 0,
    ),
    percent: running?.percent ?? null,
  };
}
