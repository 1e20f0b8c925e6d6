/** How an import steps in among those that write to its target. */
import type { ImportJob } from "../../core/import.ts";
import { again } from "../connection/again.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { moveImportIn } from "../jobs/move-import.ts";
import { getImport } from "../jobs/read-import.ts";
import { lockTargetFor } from "../tables/target-lock.ts";
import { forgiveChunks } from "./chunks.ts";

/** Under the target's exclusive lock: no chunk of another import is under way, and those that follow see this one. */
export function enterCommit(
  database: Database,
  { id, target }: ImportJob,
  workerId: string,
  signal?: AbortSignal,
): Promise<ImportJob> {
  return again(() =>
    database.transaction(
      async (session) => {
        await lockTargetFor(session, target, "exclusive");
        const [{ status }] = await session.query<{ status: string }>(
          sql`select status from sluice.import_jobs where id = ${id}`,
        );
        // Another worker has stepped in for this job already: its match counts.
        if (status === "committing") return getImport(session, id);
        await moveImportIn(session, id, "committing", { phase: "commit", workerId, errorMessage: null });
        await session.change(sql`
          update sluice.import_jobs set registered_at = clock_timestamp(), matched_at = null,
            commit_started_at = coalesce(commit_started_at, now())
          where id = ${id}
        `);
        await forgiveChunks(session, id);
        return getImport(session, id);
      },
      { signal },
    ),
  );
}
