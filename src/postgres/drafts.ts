/** Pending imports in `sluice.import_jobs`, changed as long as they are pending. */
import type { Drafts } from "../drafts.ts";
import { SluiceError } from "../errors.ts";
import type { ImportJob } from "../import.ts";
import { type Database, sql } from "./connect.ts";
import { appendEvent } from "./events.ts";
import { getImport, jobColumns } from "./imports.ts";

export function postgresDrafts(database: Database): Drafts {
  return {
    async describe(jobId, { fingerprint, parentId = null }) {
      await database.change(sql`
        update sluice.import_jobs set header_fingerprint = ${fingerprint}, parent_id = ${parentId} where id = ${jobId}
      `);
    },
    change(jobId, changes, actor) {
      const json = (value: unknown): string | undefined => (value === undefined ? undefined : JSON.stringify(value));
      const values: Record<string, unknown> = {
        dialect: json(changes.dialect),
        column_mapping: json(changes.mapping),
        assignment_config: json(changes.assignment),
        duplicate_config: json(changes.duplicates),
        context: json(changes.context),
        language: changes.language,
        auto_commit: changes.autoCommit,
        header_fingerprint: changes.fingerprint,
      };
      const given = Object.entries(values).filter(([, value]) => value !== undefined);
      return database.transaction(async (session) => {
        const [job] = await session.query<ImportJob>(sql`
          update sluice.import_jobs set updated_at = now()${sql.join(
            given.map(([column, value]) => sql`, ${sql.id(column)} = ${value}`),
            sql``,
          )}
          where id = ${jobId} and status = 'pending' returning ${jobColumns}
        `);
        if (job !== undefined) {
          const changed = Object.keys(changes).filter((name) => changes[name as keyof typeof changes] !== undefined);
          await appendEvent(session, jobId, "import.edited", { actor, data: { changed } });
          return job;
        }
        const { status } = await getImport(database, jobId);
        throw new SluiceError(
          "conflict",
          `Import ${jobId} is ${status}: its mapping and options stand. Cancel it and bring the file again to change them.`,
        );
      });
    },
  };
}
