/** A job deleted with everything that is kept of it. */
import { SluiceError, told } from "../../core/errors.ts";
import { type ImportJob, type Status, statusWords } from "../../core/import.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { tellChange } from "./events.ts";
import { getImport, jobColumns } from "./read-import.ts";

/** Deletes a job and everything that is kept of it. */
export async function deleteImport(database: Database, id: number): Promise<void> {
  await database.change(sql`delete from sluice.import_jobs where id = ${id}`);
}

/** Deletes a job that is at rest. @throws SluiceError `conflict` when it is not at rest. */
export async function removeImport(database: Database, id: number, from: readonly Status[]): Promise<ImportJob> {
  const job = await database.transaction(async (session) => {
    const [removed] = await session.query<ImportJob>(
      sql`delete from sluice.import_jobs where id = ${id} and status = any (${from}) returning ${jobColumns}`,
    );
    if (removed !== undefined) await tellChange(session, { jobId: id, deleted: true });
    return removed;
  });
  if (job === undefined) {
    const { status } = await getImport(database, id);
    throw new SluiceError(
      "conflict",
      told`Import ${id} is ${statusWords[status]}; only an import that is ${from.map((each) => statusWords[each])} can be deleted. Cancel it first.`,
    );
  }
  return job;
}
