/** Which imports `sluice jobs` is about: those of a database, or of a running server. */
import { loadConfig, loadConfigToOpen } from "../server/config-file.ts";
import { NeedsDecision } from "./decision.ts";
import type { JobsBackend, JobsFlags } from "./jobs-backend.ts";
import type { Terminal } from "./terminal.ts";

/** By `--server` the server's, else the database's. @throws NeedsDecision where the flags contradict one another. */
export async function openJobsBackend(terminal: Terminal, flags: JobsFlags, forAction = false): Promise<JobsBackend> {
  if (flags.server === undefined) {
    if (flags.token !== undefined) throw new NeedsDecision("--token is for a server: pass its address with --server.");
    const { localJobs } = await import("./local-jobs.ts");
    return localJobs(terminal, await loadConfigToOpen(terminal, flags), forAction);
  }
  for (const [flag, value] of [
    ["--database-url", flags.databaseUrl],
    ["--data-dir", flags.dataDir],
  ]) {
    if (value !== undefined) throw new NeedsDecision(`--server asks a server, ${flag} a database: pass one of them.`);
  }
  const { serverJobs } = await import("./server-jobs.ts");
  const config = await loadConfig(terminal, flags);
  return serverJobs(terminal, {
    url: serverUrl(flags.server),
    token: flags.token ?? config.token,
    language: config.language,
  });
}

/** Without a slash at its end. */
export function serverUrl(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "" || url.search !== "" || url.hash !== "") {
    throw new NeedsDecision(`--server "${given}" is not the address of a server, such as http://localhost:3000.`);
  }
  return url.href.replace(/\/+$/, "");
}
