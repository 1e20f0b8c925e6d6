/** Places where an import stands still, in the middle of a transaction, for as long as a test wants: by triggers that wait for a lock. */
import pg from "pg";
import { expect, onTestFinished } from "vitest";
import type { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { ask, patience } from "../embedded/fixture.ts";

/** Each with its trigger: a batch of the file is staged, a chunk is written, taken back, a part of an edit of many rows is done; a request's key is claimed, its import made, its answer kept. */
const places = {
  parse: `after update of processed_rows on sluice.import_jobs for each row
    when (new.status = 'parsing' and old.processed_rows <= 1000 and new.processed_rows > 1000)`,
  commit: `after update of done_at on sluice.import_chunks for each row
    when (old.done_at is null and new.done_at is not null and new.chunk_no = 2)`,
  undo: `after update of undone_at on sluice.import_chunks for each row
    when (old.undone_at is null and new.undone_at is not null and new.chunk_no = 2)`,
  edit: `after update of through_row on sluice.import_edits for each row
    when (old.through_row <= 2000 and new.through_row > 2000)`,
  claim: "after insert on sluice.idempotency_keys for each row",
  create: "after insert on sluice.import_jobs for each row",
  answer: `after update of status on sluice.idempotency_keys for each row
    when (old.status is null and new.status is not null)`,
};
export type StandstillPlace = keyof typeof places;

const lockClass = 4711;
const keyOf = (place: StandstillPlace): number => Object.keys(places).indexOf(place);

/** Once for a database. */
export async function prepareStandstills(database: Database): Promise<void> {
  await database.query(
    sql.raw(`create function stand_still() returns trigger language plpgsql as
      $$ begin perform pg_advisory_xact_lock(${lockClass}, tg_argv[0]::int); return null; end $$`),
  );
  for (const [k, [name, event]] of Object.entries(places).entries())
    await database.query(sql.raw(`create trigger stand_still_${name} ${event} execute function stand_still(${k})`));
}

export interface Standstill {
  /** Resolves when something waits there. */
  reached(): Promise<void>;
  /** Lets it go on; nothing waits there any more. A database that was killed has done so already. */
  free(): Promise<void>;
}

export async function standstill(url: string, place: StandstillPlace): Promise<Standstill> {
  const holder = new pg.Client({ connectionString: url });
  // It goes with the database.
  holder.on("error", () => {});
  await holder.connect();
  await holder.query("select pg_advisory_lock($1, $2)", [lockClass, keyOf(place)]);
  const free = (): Promise<void> => holder.end().catch(() => {});
  onTestFinished(free);
  const waiting = `select count(*)::int from pg_locks where locktype = 'advisory' and classid = ${lockClass} and objid = ${keyOf(place)}
    and database = (select oid from pg_database where datname = current_database()) and not granted`;
  return {
    reached: () => expect.poll(() => ask(url, waiting), patience).toBeGreaterThan(0),
    free,
  };
}
