/** The wake-ups of a provider that calls by HTTP, in Postgres: which are on their way, at work, done, or failed for good. */
import { randomUUID } from "node:crypto";
import type { WakeUps } from "../core/push-queue.ts";
import { type QueueDatabase, type QueueDepth, readTask, type Task, taskKey } from "../core/queue.ts";

/** Whoever works on one says so this often; who has not for `staleSeconds` was killed, or frozen by its host. */
const beatMs = 2000;
const staleSeconds = 10;
/** One that nobody has begun by then counts as lost: providers deliver within seconds. */
const lostAfterSeconds = 120;
/** Replays are known for this long. A signature holds for minutes, a provider's longest delay between two attempts for a day. */
const keepDoneDays = 3;
const keepDeadDays = 30;
/** Longer than any provider delays a message (QStash: 7 days on its free plan). */
const keepOpenDays = 8;

export interface KeptWakeUps extends WakeUps {
  depth(): Promise<QueueDepth>;
  /** Those that failed for good, which are forgotten here. */
  takeDead(): Promise<Task[]>;
  /** Forgets what nobody asks for any more. */
  tidy(): Promise<void>;
  /** True once in `days` for the same text: whoever gets it does what it stands for. */
  isDue(what: string, days: number): Promise<boolean>;
  /** What `isDue` stood for has not worked. */
  forget(what: string): Promise<void>;
  close(): void;
}

const aboutOf = (task: Task): string => `${task.kind}:${taskKey(task)}`;

export function keptWakeUps(database: QueueDatabase): KeptWakeUps {
  const worker = randomUUID();
  const atWork = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const beat = (): void => {
    const text = "update sluice.wake_ups set beat_at = now() where id = any ($1) and worker = $2";
    // A database that is away does not keep anything up.
    void database.query(text, [[...atWork], worker]).catch(() => {});
  };
  const enter = (id: string): void => {
    atWork.add(id);
    timer ??= setInterval(beat, beatMs);
    timer.unref();
  };
  const leave = (id: string): void => {
    atWork.delete(id);
    if (atWork.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  return {
    async published(id, task, afterSeconds) {
      const { rows } = await database.query(
        `insert into sluice.wake_ups (id, task, about, due_at) values ($1, $2, $3, now() + $4::float8 * interval '1 second')
         on conflict (id) do nothing returning id`,
        [id, JSON.stringify(task), aboutOf(task), afterSeconds],
      );
      return rows.length === 1;
    },
    async isOnItsWay(task, withinSeconds) {
      const { rows } = await database.query(
        `select from sluice.wake_ups where about = $1 and done_at is null and dead_at is null and attempts = 0
           and due_at between now() - $2::float8 * interval '1 second' and now() + ($3::float8 + 1) * interval '1 second' limit 1`,
        [aboutOf(task), lostAfterSeconds, withinSeconds],
      );
      return rows.length === 1;
    },
    async forgotten(id) {
      await database.query("delete from sluice.wake_ups where id = $1 and attempts = 0 and done_at is null", [id]);
    },
    async begin(id, task) {
      const { rows } = await database.query(
        `insert into sluice.wake_ups as w (id, task, about, attempts, worker, beat_at) values ($1, $2, $3, 1, $4, now())
         on conflict (id) do update
         set attempts = w.attempts + 1, worker = excluded.worker, beat_at = now(), dead_at = null, reason = null
         where w.done_at is null and (w.beat_at is null or w.beat_at < now() - $5::float8 * interval '1 second')
         returning id`,
        [id, JSON.stringify(task), aboutOf(task), worker, staleSeconds],
      );
      if (rows.length === 1) {
        enter(id);
        return "mine";
      }
      const { rows: done } = await database.query("select from sluice.wake_ups where id = $1 and done_at is not null", [
        id,
      ]);
      return done.length === 1 ? "done" : "under_way";
    },
    async done(id) {
      leave(id);
      await database.query(
        `update sluice.wake_ups set done_at = coalesce(done_at, now()), dead_at = null, reason = null, beat_at = null
         where id = $1`,
        [id],
      );
    },
    async release(id) {
      leave(id);
      await database.query("update sluice.wake_ups set beat_at = null where id = $1 and worker = $2", [id, worker]);
    },
    async dead(id, task, reason) {
      // One that was done after all, and only its answer lost, is none.
      await database.query(
        `insert into sluice.wake_ups as w (id, task, about, dead_at, reason) values ($1, $2, $3, now(), $4)
         on conflict (id) do update set dead_at = coalesce(w.dead_at, now()), reason = excluded.reason, beat_at = null
         where w.done_at is null`,
        [id, JSON.stringify(task), aboutOf(task), reason.slice(0, 1000)],
      );
    },
    async depth() {
      const { rows } = await database.query(
        `select count(*) filter (where dead_at is null and attempts = 0)::int as waiting,
           count(*) filter (where dead_at is null and beat_at > now() - $1::float8 * interval '1 second')::int as active,
           count(*) filter (where dead_at is not null)::int as dead
         from sluice.wake_ups where done_at is null`,
        [staleSeconds],
      );
      return rows[0] as unknown as QueueDepth;
    },
    async takeDead() {
      const { rows } = await database.query(
        "delete from sluice.wake_ups where dead_at is not null and done_at is null returning task, about",
      );
      const byAbout = new Map(rows.map(({ about, task }) => [about, readTask(task)]));
      return [...byAbout.values()].filter((task) => task !== null);
    },
    async tidy() {
      await database.query(
        `delete from sluice.wake_ups where
           (done_at < now() - $1::int * interval '1 day')
           or (done_at is null and dead_at < now() - $2::int * interval '1 day')
           or (done_at is null and dead_at is null and greatest(due_at, beat_at) < now() - $3::int * interval '1 day')`,
        [keepDoneDays, keepDeadDays, keepOpenDays],
      );
    },
    async isDue(what, days) {
      const { rows } = await database.query(
        `insert into sluice.wake_ups as w (id, task, about, done_at) values ($1, 'null', $1, now())
         on conflict (id) do update set done_at = now() where w.done_at < now() - $2::float8 * interval '1 day' returning id`,
        [what, days],
      );
      return rows.length === 1;
    },
    async forget(what) {
      await database.query("delete from sluice.wake_ups where id = $1", [what]);
    },
    close() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
