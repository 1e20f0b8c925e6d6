/** Uploads in `sluice.uploads`, and the leases of those who write them in `sluice.upload_locks`. */
import { SluiceError, type Telling, told } from "../../core/errors.ts";
import {
  type SameFile,
  type StoredBytes,
  type Upload,
  type UploadQuota,
  type Uploads,
  unfinishedUpload,
} from "../../core/store/uploads.ts";
import type { Database } from "../connection/connect.ts";
import type { Listener } from "../connection/listener.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { isWithin } from "../connection/within.ts";

/** The channel on which one process asks another to release an upload. The payload is its id. */
const wantedChannel = "sluice_upload_wanted";
/** Uploads that a refusal names, for their owner to delete. */
const namedUploads = 3;
/** Expired uploads whose files cannot be taken away, after which a call gives up: the storage is most likely away. */
const mostFailures = 3;

const uploadColumns = sql`
  id, user_id as "userId", file_name as "fileName", metadata, size_bytes as "sizeBytes", received_bytes as "receivedBytes",
  status, file_hash as hash, storage_path as "storagePath", writer, job_id as "jobId", created_at as "createdAt",
  changed_at as "changedAt", expires_at as "expiresAt"
`;

const ms = (duration: number): Sql => sql`${duration} * interval '1 millisecond'`;

/** An import can be made of it. `taken` without one: by an earlier version, whose process died. */
const isReady = sql`status in ('complete', 'taken') and job_id is null`;

export function postgresUploads(database: Database, listener: Listener): Uploads {
  /** Changes an open upload, if whoever asks still holds it. */
  const change = async (
    id: string,
    { receivedBytes, writer, keepMs, holder }: StoredBytes,
    more: Sql,
  ): Promise<boolean> => {
    const held = sql`exists (select from sluice.upload_locks l where l.upload_id = u.id and l.holder = ${holder})`;
    const changed = await database.change(sql`
      update sluice.uploads u set received_bytes = ${receivedBytes}, writer = ${writer}, changed_at = now(),
        expires_at = now() + ${ms(keepMs)} ${more}
      where id = ${id} and status = 'open' ${holder === null ? sql`` : sql`and ${held}`}
    `);
    return changed === 1;
  };

  return {
    create: (fresh, quota) =>
      database.transaction(async (session) => {
        await refuseExcess(session, fresh.userId, fresh.reservedBytes, quota);
        const [upload] = await session.query<Upload>(sql`
          insert into sluice.uploads (id, user_id, file_name, metadata, size_bytes, reserved_bytes, storage_path, expires_at)
          values (${fresh.id}, ${fresh.userId}, ${fresh.fileName}, ${JSON.stringify(fresh.metadata)}, ${fresh.sizeBytes},
            ${fresh.reservedBytes}, ${fresh.storagePath}, now() + ${ms(fresh.keepMs)})
          returning ${uploadColumns}
        `);
        return upload;
      }),
    get: (id) => getUpload(database, id),
    list: (userId) =>
      database.query<Upload>(sql`
        select ${uploadColumns} from sluice.uploads
        where user_id = ${userId} and status <> 'taken' and expires_at > now() order by created_at desc, id
      `),
    store: (id, stored) => change(id, stored, sql``),
    async move(id, { from, to }) {
      const moved = await database.change(sql`
        update sluice.uploads set storage_path = ${to} where id = ${id} and status = 'open' and storage_path = ${from}
      `);
      return moved === 1;
    },
    complete: (id, { hash, storagePath, ...stored }) =>
      change(
        id,
        stored,
        sql`, status = 'complete', size_bytes = ${stored.receivedBytes}, reserved_bytes = ${stored.receivedBytes},
          file_hash = ${hash}, storage_path = ${storagePath}`,
      ),
    async ready(id, userId) {
      const upload = await getUpload(database, id);
      if (upload.userId !== userId) throw gone(id);
      refuseUnready(upload);
      return upload;
    },
    discard: (id, files) =>
      database.transaction(async (session) => {
        const [upload] = await session.query<Upload>(
          sql`select ${uploadColumns} from sluice.uploads where id = ${id} for update`,
        );
        if (upload === undefined) return;
        if (upload.jobId !== null) {
          throw new SluiceError(
            "conflict",
            told`Upload ${id} was used for import ${upload.jobId}. Delete the import instead.`,
            { importId: upload.jobId },
          );
        }
        // The file first: a process that dies in between leaves a row that is looked at again, not a file that nobody knows.
        await files.abortUpload(upload.storagePath);
        await session.change(sql`delete from sluice.uploads where id = ${id}`);
      }),
    async expire(files) {
      await database.change(sql`delete from sluice.upload_locks where expires_at < now() - interval '1 hour'`);
      /** Whose files could not be taken away. */
      const left: string[] = [];
      let failure: unknown;
      for (let expired = 0; ; ) {
        let id: string | undefined;
        try {
          // One at a time: a storage far away takes its time for each, and a transaction that waits is ended after ten seconds.
          await database.transaction(async (session) => {
            const [upload] = await session.query<{ id: string; path: string; isOpen: boolean; needed: boolean }>(sql`
              select u.id, u.storage_path as path, u.status = 'open' as "isOpen",
                exists (select from sluice.import_jobs j where j.storage_path = u.storage_path) as needed
              from sluice.uploads u
              where u.expires_at < now() and not u.id = any (${left})
                and not exists (select from sluice.upload_locks l where l.upload_id = u.id and l.expires_at > now())
              order by u.expires_at limit 1 for update skip locked
            `);
            if (upload === undefined) return;
            id = upload.id;
            // The file first: a process that dies in between leaves a row that is looked at again, not a file that nobody knows.
            if (!upload.needed) await (upload.isOpen ? files.abortUpload(upload.path) : files.remove(upload.path));
            await session.change(sql`delete from sluice.uploads where id = ${id}`);
          });
          if (id === undefined) {
            if (failure !== undefined) throw failure;
            return expired;
          }
          expired++;
        } catch (error) {
          if (id === undefined || left.push(id) >= mostFailures) throw failure ?? error;
          failure ??= error;
        }
      }
    },
    async sameFile({ hash, createdBy, importer, context, bounds }) {
      const [same] = await database.query<SameFile>(sql`
        select id as "jobId", importer, status, created_at as "createdAt", completed_at as "completedAt"
        from sluice.import_jobs
        where file_hash = ${hash} and created_by = ${createdBy} and status not in ('cancelled', 'undone') and not dry_run
          ${importer === undefined ? sql`` : sql`and importer = ${importer}`}
          ${context === undefined ? sql`` : sql`and context = ${JSON.stringify(context)}::jsonb`}
          ${bounds === undefined || bounds === null ? sql`` : sql`and ${isWithin(bounds)}`}
        order by id desc limit 1
      `);
      return same ?? null;
    },

    async lock(id, holder, leaseMs) {
      const locked = await database.change(sql`
        insert into sluice.upload_locks as l (upload_id, holder, expires_at) values (${id}, ${holder}, now() + ${ms(leaseMs)})
        on conflict (upload_id) do update set holder = excluded.holder, expires_at = excluded.expires_at, release_asked = false
          where l.expires_at < now()
      `);
      if (locked === 1) return true;
      await database.query(sql`
        with asked as (
          update sluice.upload_locks set release_asked = true where upload_id = ${id} and not release_asked returning upload_id
        ) select pg_notify(${wantedChannel}, upload_id) from asked
      `);
      return false;
    },
    async renewLock(id, holder, leaseMs) {
      const [lock] = await database.query<{ asked: boolean }>(sql`
        update sluice.upload_locks set expires_at = now() + ${ms(leaseMs)} where upload_id = ${id} and holder = ${holder}
        returning release_asked as asked
      `);
      if (lock === undefined) return "lost";
      return lock.asked ? "asked" : "held";
    },
    async unlock(id, holder) {
      await database.change(sql`delete from sluice.upload_locks where upload_id = ${id} and holder = ${holder}`);
    },
    onLockWanted: (onWanted) => listener.subscribe(wantedChannel, onWanted, () => {}),
  };
}

function gone(id: string): SluiceError {
  return new SluiceError("not_found", told`There is no upload ${id}, or it has expired. Upload the file again.`);
}

function refuseUnready(upload: Upload): void {
  const { id, status, jobId } = upload;
  if (status === "open") throw unfinishedUpload(upload);
  if (jobId === null) return;
  throw new SluiceError(
    "conflict",
    told`Upload ${id} was used for import ${jobId}. Upload the file again for another import.`,
    { importId: jobId },
  );
}

/**
 * Gives an upload to the import that is being made of it, in that one's transaction; of two at the same moment the second waits, and is
 * told of the first's.
 *
 * @throws SluiceError `not_found`; `conflict` when an import has it.
 */
export async function takeUpload(
  session: Session,
  id: string,
  { jobId, userId }: { jobId: number; userId: string | null },
): Promise<void> {
  const taken = await session.change(sql`
    update sluice.uploads set status = 'taken', job_id = ${jobId}, changed_at = now()
    where id = ${id} and user_id = ${userId} and expires_at > now() and ${isReady}
  `);
  if (taken === 1) return;
  const upload = await getUpload(session, id);
  refuseUnready(upload);
  throw gone(id);
}

async function getUpload(database: Database | Session, id: string): Promise<Upload> {
  const [upload] = await database.query<Upload>(sql`
    select ${uploadColumns} from sluice.uploads where id = ${id} and expires_at > now()
  `);
  if (upload === undefined) throw gone(id);
  return upload;
}

/** Keeps what one person has waiting below the quota, whoever uploads at the same moment. */
async function refuseExcess(session: Session, userId: string, bytes: number, quota: UploadQuota): Promise<void> {
  await session.query(sql`select pg_advisory_xact_lock(hashtextextended('sluice uploads ' || ${userId}::text, 0))`);
  const mine = sql`user_id = ${userId} and status <> 'taken' and expires_at > now()`;
  const [waiting] = await session.query<{ files: number; bytes: number; freeSeconds: number }>(sql`
    select count(*) as files, coalesce(sum(reserved_bytes), 0)::int8 as bytes,
      ceil(extract(epoch from min(expires_at) - now()))::int8 as "freeSeconds"
    from sluice.uploads where ${mine}
  `);
  const isFull = waiting.files >= quota.files;
  if (!isFull && waiting.bytes + bytes <= quota.bytes) return;
  if (bytes > quota.bytes) {
    throw new SluiceError(
      "too_large",
      told`The file is larger than ${megabytes(quota.bytes)}, the limit for all your uploads together. Split it, or compress it with gzip.`,
    );
  }
  const oldest = await session.query<{ id: string; fileName: string }>(
    sql`select id, file_name as "fileName" from sluice.uploads where ${mine} order by created_at, id limit ${namedUploads}`,
  );
  const named = oldest.map(({ fileName }) => told`"${fileName}"`);
  throw new SluiceError(
    "too_many",
    isFull
      ? told`${waiting.files} of your uploads are already waiting to be imported, and at most ${quota.files} are kept. Import or delete some of them first. The oldest: ${named}.`
      : told`Your uploads waiting to be imported take up ${megabytes(waiting.bytes)}; this file would push them over the limit of ${megabytes(quota.bytes)}. Import or delete some of them first. The oldest: ${named}.`,
    {
      retryAfterSeconds: Math.max(1, waiting.freeSeconds),
      next: { code: "delete_uploads", uploadIds: oldest.map(({ id }) => id).join(", ") },
    },
  );
}

function megabytes(bytes: number): Telling {
  return told`${Math.ceil(bytes / 1024 ** 2)} MB`;
}
