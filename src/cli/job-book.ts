/** The imports as `sluice jobs` sees them: those of a database, or those that a running server tells of. */
import type { ImportJob, Phase, Status } from "../import.ts";
import type { ReportedRow } from "../store.ts";
import { type CommonFlags, loadConfig, loadConfigToOpen } from "./config-file.ts";
import { NeedsDecision } from "./decision.ts";
import type { Summary } from "./summary.ts";
import type { Terminal } from "./terminal.ts";
import type { UndoOutcome } from "./undo.ts";

export interface JobsFlags extends CommonFlags {
  /** A server to ask instead of the database. */
  server?: string;
  token?: string;
}

/** What is done to an import as a whole, by whoever is at it. */
export type JobAction = "pause" | "resume" | "reject" | "retry" | "cancel";

/** An import as a line of the list. As JSON there is more: all that its database, or its server, tells. */
export interface ListedJob extends Pick<ImportJob, "id" | "importer" | "fileName" | "totalRows" | "importedRows"> {
  status: Status;
  createdAt: Date | string;
}

export interface ShownJob {
  summary: Summary;
  job: ListedJob & { phase: Phase; errorMessage: string | null };
  /** Null where none was begun. */
  undo: UndoOutcome | null;
  /** A field in the reader's language. */
  label(field: string): string;
  /** What can be done about one that does not go on, as a line; empty where there is nothing. */
  next: string;
}

/** `warning`: rows that went in, of which something is to be said. */
export type ReportOutcome = ReportedRow["outcome"] | "warning";

export interface JobBook {
  /** Of what it says to a person. */
  language: string;
  /** The newest first, at most `limit`. */
  list(limit: number): Promise<ListedJob[]>;
  /** @throws SluiceError `not_found` */
  show(id: number): Promise<ShownJob>;
  /** Rows and why, as pieces of a CSV file. */
  report(id: number, outcomes: readonly ReportOutcome[]): AsyncIterable<string>;
  /** The import as it is then. @throws SluiceError `conflict` when its status does not allow it. */
  act(id: number, action: JobAction): Promise<ListedJob>;
  /** Said to a person after `act`; null: nothing. */
  afterwards(job: Pick<ListedJob, "id" | "importer">, action: JobAction): string | null;
  close(): Promise<void>;
}

/** By `--server` the server's, else the database's. @throws NeedsDecision where the flags contradict one another. */
export async function openJobBook(terminal: Terminal, flags: JobsFlags, forAction = false): Promise<JobBook> {
  if (flags.server === undefined) {
    if (flags.token !== undefined) throw new NeedsDecision("--token is for a server: pass its address with --server.");
    const { localJobBook } = await import("./local-job-book.ts");
    return localJobBook(terminal, await loadConfigToOpen(terminal, flags), forAction);
  }
  for (const [flag, value] of [
    ["--database-url", flags.databaseUrl],
    ["--data-dir", flags.dataDir],
  ]) {
    if (value !== undefined) throw new NeedsDecision(`--server asks a server, ${flag} a database: pass one of them.`);
  }
  const { serverJobBook } = await import("./server-job-book.ts");
  const config = await loadConfig(terminal, flags);
  return serverJobBook(terminal, {
    url: serverUrl(flags.server),
    token: flags.token ?? config.token,
    language: config.language,
  });
}

/** Without a slash at its end. */
function serverUrl(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "" || url.search !== "" || url.hash !== "") {
    throw new NeedsDecision(`--server "${given}" is no address of a server, such as http://localhost:3000.`);
  }
  return url.href.replace(/\/+$/, "");
}
