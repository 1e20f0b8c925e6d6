/** Notes the import that was made of a source's file, in the transaction that makes it: so a version of a file has one, whoever dies when. */
import { SluiceError, told } from "../../core/errors.ts";
import type { MadeOfFile } from "../../core/store/sources.ts";
import { type Session, sql } from "../connection/session.ts";
import { isVersion } from "./source-files.ts";

/** @throws SluiceError `conflict` when another version has come, or another worker was first. */
export async function noteMadeOf(
  session: Session,
  { sourceId, file, hash, fetchedTag }: MadeOfFile,
  jobId: number,
): Promise<void> {
  const rows = await session.change(sql`
    update sluice.source_files f set state = 'made', import_id = ${jobId}, hash = ${hash}, fetched_tag = ${fetchedTag}, error = null, failures = 0
    where ${isVersion(file)} and f.source_id = ${sourceId} and f.state = 'ready'
  `);
  if (rows === 0)
    throw new SluiceError(
      "conflict",
      told`The file has changed, or another worker has taken it in. It is looked at again.`,
    );
  await session.change(sql`update sluice.sources set import_id = ${jobId} where id = ${sourceId}`);
}
