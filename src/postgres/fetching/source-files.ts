/** What is known of a source's files, in `sluice.source_files`: one row for each name, of the version that was seen last. */
import { SluiceError, told } from "../../core/errors.ts";
import type { ListedFile } from "../../core/source.ts";
import type { FileSource, FileVersion, SettledFile, SourceFile, Sources } from "../../core/store/sources.ts";
import { boundedPage } from "../connection/bounded-rows.ts";
import type { Database } from "../connection/connect.ts";
import { jsonb, type Session, type Sql, sql } from "../connection/session.ts";
import type { Worker } from "../connection/workers.ts";
import { sourceToSinks } from "../outbox/written.ts";

type FilePart = "files" | "retryFile" | "note" | "looked" | "next" | "importedBytes" | "settle" | "finished" | "away";

const columns = sql`
  f.id, f.name, f.size_bytes as "sizeBytes", f.modified_at as "modifiedAt", f.tag, f.state, f.hash, f.fetched_tag as "fetchedTag",
  f.import_id as "importId", (select j.status from sluice.import_jobs j where j.id = f.import_id) as "importStatus", f.error, f.failures,
  f.first_seen_at as "firstSeenAt", f.away_at as "awayAt"`;

/** The import that source `s` made last, until it is over: then nothing of it waits for anybody. */
export const waitsFor = sql`(
  select j.id from sluice.import_jobs j where j.id = s.import_id and j.status not in ('completed', 'cancelled', 'undone'))`;

/** Whether file `f` is the version that was fetched. */
export const isVersion = ({ id, sizeBytes, modifiedAt, tag }: FileVersion): Sql => sql`
  f.id = ${id} and f.size_bytes is not distinct from ${sizeBytes}::int8 and f.modified_at is not distinct from ${modifiedAt}::timestamptz
  and f.tag is not distinct from ${tag}::text`;

export function sourceFiles(database: Database, worker: Worker): Pick<Sources, FilePart> {
  return {
    files(id, { state }, { after, limit }) {
      const wanted = state === undefined ? sql`true` : sql`f.state = ${state}`;
      return boundedPage<SourceFile>((last, most) => {
        const key = last?.id ?? after;
        return database.query<SourceFile>(sql`
          select ${columns} from sluice.source_files f
          where f.source_id = ${id} and ${wanted} and ${key === undefined ? sql`true` : sql`f.id < ${key}`} order by f.id desc limit ${most}
        `);
      }, limit);
    },
    async retryFile(id, fileId) {
      const rows = await database.change(sql`
        update sluice.source_files f set state = 'ready', was = null, hash = null, fetched_tag = null, error = null, failures = 0, next_at = now()
        where f.source_id = ${id} and f.id = ${fileId} and f.state not in ('new', 'made')
          and not exists (select from sluice.import_jobs j where j.id = f.import_id and j.status not in ('cancelled', 'undone') and f.state = 'imported')
      `);
      if (rows === 1) return;
      const [known] = await database.query<{ import: number | null }>(
        sql`select import_id as import from sluice.source_files where source_id = ${id} and id = ${fileId}`,
      );
      if (known === undefined) throw new SluiceError("not_found", told`The source has no file ${fileId}.`);
      throw new SluiceError(
        "conflict",
        told`The file is being fetched, or has an import: cancel or undo that one, and the file can be fetched again.`,
      );
    },
    note: (source, page, options) => note(database, source, page, options),
    async looked(source, { startedAt, ignored }) {
      await database.transaction(async (session) => {
        await session.change(sql`
          delete from sluice.source_files f
          where f.source_id = ${source.id} and f.seen_at < ${startedAt}::timestamptz and f.state in ('new', 'ready', 'empty', 'failed') and f.import_id is null
        `);
        await session.change(sql`
          update sluice.sources s set looked_at = ${startedAt}::timestamptz, ignored = ${ignored}, error = null, failures = 0,
            -- Somebody may have asked for another meanwhile.
            look_at = case when s.look_at > ${startedAt}::timestamptz then s.look_at
              when exists (select from sluice.source_files f where f.source_id = s.id and f.state = 'new')
                then now() + s.settle_seconds * interval '1 second' end
          where s.id = ${source.id} and s.turn_by = ${worker.id}
        `);
      });
    },
    async next(source) {
      const [made] = await database.query<SourceFile>(
        sql`select ${columns} from sluice.source_files f where f.source_id = ${source.id} and f.state = 'made' order by f.id limit 1`,
      );
      if (made !== undefined) return made;
      const free = source.parallel
        ? sql`f.next_at <= now()`
        : sql`(select ${waitsFor} from sluice.sources s where s.id = ${source.id}) is null`;
      const [ready] = await database.query<SourceFile & { isDue: boolean }>(sql`
        select ${columns}, f.next_at <= now() as "isDue" from sluice.source_files f
        where f.source_id = ${source.id} and f.state = 'ready' and ${free} order by f.modified_at nulls first, f.name limit 1
      `);
      return ready?.isDue === true ? ready : null;
    },
    async importedBytes(source, file, hash) {
      const [same] = await database.query<{ id: number }>(sql`
        select j.id from sluice.source_files f join sluice.import_jobs j on j.id = f.import_id
        where f.source_id = ${source.id} and f.hash = ${hash} and f.id <> ${file.id} and j.status not in ('cancelled', 'undone')
        order by j.id desc limit 1
      `);
      return same?.id ?? null;
    },
    settle: (source, file, as) => database.transaction((session) => settle(session, source, file, as)),
    finished: (source, limit) =>
      database.query<SourceFile>(sql`
        select ${columns} from sluice.source_files f join sluice.import_jobs j on j.id = f.import_id and j.status = 'completed'
        where f.source_id = ${source.id} and f.state in ('imported', 'same') and f.away_at is null order by f.id limit ${limit}
      `),
    async away(source, fileId) {
      await database.change(
        sql`update sluice.source_files set away_at = now() where source_id = ${source.id} and id = ${fileId}`,
      );
    },
  };
}

async function note(
  database: Database,
  source: FileSource,
  page: readonly ListedFile[],
  { startedAt, grows }: { startedAt: Date; grows: boolean },
): Promise<void> {
  if (page.length === 0) return;
  const fresh = grows ? sql`'new'` : sql`'ready'`;
  // Where the place says nothing of a file, every look is at a new version until its bytes are known.
  const isOther = sql`(f.away_at is not null or num_nonnulls(excluded.size_bytes, excluded.modified_at, excluded.tag) = 0
    or (f.size_bytes, f.modified_at, f.tag) is distinct from (excluded.size_bytes, excluded.modified_at, excluded.tag))`;
  await database.change(sql`
    insert into sluice.source_files as f (source_id, name, size_bytes, modified_at, tag, state, changed_at, seen_at)
    select ${source.id}, l.name, l.size, l.at, l.tag, ${fresh}, ${startedAt}::timestamptz, ${startedAt}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(page.map(({ name, sizeBytes, modifiedAt, tag }) => ({ name, size: sizeBytes, at: modifiedAt, tag })))}::jsonb)
      as l (name text, size int8, at timestamptz, tag text)
    on conflict (source_id, name) do update set
      size_bytes = excluded.size_bytes, modified_at = excluded.modified_at, tag = excluded.tag, seen_at = excluded.seen_at, away_at = null,
      changed_at = case when ${isOther} then excluded.changed_at else f.changed_at end,
      was = case when ${isOther} and f.state in ('imported', 'same', 'empty', 'failed') then f.state else f.was end,
      failures = case when ${isOther} then 0 else f.failures end,
      next_at = case when ${isOther} then now() else f.next_at end,
      state = case when ${isOther} then ${fresh}
        when f.state = 'new' and f.changed_at <= excluded.seen_at - ${source.settleSeconds}::float8 * interval '1 second' then 'ready'
        else f.state end
    -- One whose import is about to start is looked at the next time.
    where f.state <> 'made'
  `);
}

async function settle(session: Session, source: FileSource, file: FileVersion, as: SettledFile): Promise<boolean> {
  const from = as.state === "imported" || as.state === "waits" ? sql`f.state = 'made'` : sql`f.state = 'ready'`;
  if (as.state === "gone") {
    const forgotten = await session.change(
      sql`delete from sluice.source_files f where ${isVersion(file)} and ${from} and f.import_id is null`,
    );
    if (forgotten === 1) return true;
  }
  const [settled] = await session.query<{ name: string; importId: number | null }>(sql`
    update sluice.source_files f set ${setsOf(as)} where ${isVersion(file)} and f.source_id = ${source.id} and ${from}
    returning f.name, f.import_id as "importId"
  `);
  if (settled === undefined) return false;
  const isTold = as.state === "waits" || (as.state === "failed" && as.seconds === null);
  if (isTold)
    await sourceToSinks(session, "source.waits", source, {
      error: as.error,
      fileName: settled.name,
      importId: as.state === "waits" ? settled.importId : null,
    });
  return true;
}

function setsOf(as: SettledFile): Sql {
  switch (as.state) {
    case "imported":
      return sql`state = 'imported', error = null, failures = 0`;
    case "waits":
      return sql`state = 'imported', error = ${jsonb(as.error)}`;
    case "same":
      return sql`state = 'same', hash = ${as.hash}, fetched_tag = ${as.fetchedTag}, import_id = ${as.importId}, error = null, failures = 0`;
    case "gone":
    case "unchanged":
      return sql`state = coalesce(was, case when import_id is null then 'same' else 'imported' end), failures = 0`;
    case "empty":
      return sql`state = 'empty', error = null, failures = 0`;
    case "new":
      return sql`state = 'new', changed_at = clock_timestamp()`;
    case "failed":
      return as.seconds === null
        ? sql`state = 'failed', error = ${jsonb(as.error)}, failures = failures + 1, import_id = null,
            hash = ${as.hash ?? null}, fetched_tag = ${as.fetchedTag ?? null}`
        : sql`error = ${jsonb(as.error)}, failures = failures + 1, next_at = now() + ${as.seconds}::float8 * interval '1 second'`;
  }
}
