/**
 * The queue on pg-boss, in a schema of its own: any number of workers, priorities, a limit on one person's imports at a time,
 * retries of deliveries that failed and a place for those that failed for good. Each channel is a queue of pg-boss. Workers look
 * every two seconds and are woken when something comes.
 */
import { setTimeout } from "node:timers/promises";
import { PgBoss } from "pg-boss";
import type { PullQueue, QueueDatabase, QueueOptions, Reminder, Task } from "../core/queue.ts";
import { imports, messageOf, schema } from "./pg-boss-message.ts";
import { Places } from "./pg-boss-places.ts";

/** A delivery that nobody has said so of for this long is in no living hands. */
const deadAfterMs = 8000;
/** A worker that has taken a delivery has said so on the import within this time: a younger one may be the dead worker's successor's. */
const begunMs = 1000;
/** pg-boss gives a delivery to another worker after this; what died is found sooner, by its job. At least 10. */
const heartbeatSeconds = 15;
/** How soon a process whose turn it is not looks again. */
const turnAgainMs = 100;

const deadOf = (channel: string): string => `${channel}-dead`;
const isDead = (queue: string): boolean => queue.endsWith("-dead");

/**
 * @param isWorker false where tasks are only put in: pg-boss's own upkeep is left to the workers.
 * @throws whatever keeps pg-boss from making its tables.
 */
export async function pgBossQueue(
  database: QueueDatabase,
  { isWorker, onError = () => {} }: { isWorker: boolean; onError?: (error: Error) => void },
): Promise<PullQueue> {
  const { rows: citus } = await database.query("select from pg_extension where extname = 'citus'");
  const boss = new PgBoss({
    ...(citus.length > 0 && { backend: "citus" }),
    db: { executeSql: (text, values) => database.query(text, values as unknown[]) },
    schema,
    supervise: isWorker,
    schedule: false,
    superviseIntervalSeconds: heartbeatSeconds,
    monitorIntervalSeconds: heartbeatSeconds,
  });
  boss.on("error", onError);
  const channels = new Channels(boss, database);
  await channels.start();

  const enqueue = async (task: Task, options: QueueOptions = {}): Promise<void> => {
    const { afterSeconds = 0 } = options;
    const { channel, data, place } = messageOf(task, options);
    await channels.open(channel);
    await boss.send(channel, data, { ...place, ...(afterSeconds > 0 && { startAfter: Math.ceil(afterSeconds) }) });
    if (afterSeconds <= 0) await database.wake();
  };

  const redrive = async (dead: readonly string[]): Promise<number> => {
    let deliveries = 0;
    for (const queue of dead) {
      // Up to this many at a time; one whose task waits already is not enqueued again.
      for (let some = -1; some !== 0; deliveries += some) some = await boss.redrive(queue);
    }
    if (deliveries > 0) await database.wake();
    return deliveries;
  };

  return {
    enqueue,
    async redrive() {
      return redrive((await boss.getQueues()).map(({ name }) => name).filter(isDead));
    },
    async remind(tasks) {
      if (tasks.length === 0) return;
      await dropDead(boss, tasks, database);
      const byChannel = Map.groupBy(
        tasks.map(({ task, ...options }) => messageOf(task, options)),
        ({ channel }) => channel,
      );
      for (const [channel, messages] of byChannel) {
        await channels.open(channel);
        await boss.insert(
          channel,
          messages.map(({ data, place }) => ({ data, ...place })),
        );
      }
      await database.wake();
    },
    async work(handler, options) {
      const known = options.channels ?? [imports];
      for (const channel of known) await channels.open(channel);
      // What a worker before this one gave up, this one may know how to do.
      await redrive(known.map(deadOf));
      await new Places(boss, database, handler, enqueue, options, onError).run();
    },
    // Read from pg-boss's table: `getQueueStats` answers from a cache that is up to a minute old.
    async depth() {
      const { rows } = await database.query(
        `select name, state::text as state, count(*)::int as jobs from ${schema}.job
         where state in ('created', 'retry', 'active') and name not like '\\_\\_%' group by name, state`,
      );
      const sum = (dead: boolean, states: string[]): number =>
        rows
          .filter((row) => isDead(row.name as string) === dead && states.includes(row.state as string))
          .reduce((total, row) => total + Number(row.jobs), 0);
      return {
        waiting: sum(false, ["created", "retry"]),
        active: sum(false, ["active"]),
        dead: sum(true, ["created", "retry"]),
      };
    },
    async close() {
      await boss.stop({ graceful: false, close: false });
    },
  };
}

/**
 * On Supabase, functions whose search path is the caller's are a warning of the dashboard (Splinter 0011). pg-boss's name everything with
 * its schema. Elsewhere they stay as they are, for Postgres inlines `job_now` only without a setting of its own.
 */
const fixedSearchPaths = `
  do $$
  declare
    each regprocedure;
  begin
    if to_regprocedure('auth.uid()') is null then
      return;
    end if;
    for each in
      select oid from pg_proc where pronamespace = '${schema}'::regnamespace and prokind = 'f' and pg_has_role(proowner, 'usage')
        and array_to_string(proconfig, ',') like '%search_path=%' is not true
    loop
      execute format('alter function %s set search_path = %L', each, '');
    end loop;
  end
  $$`;

/** The queues of pg-boss, one for each channel with one for what failed in it for good, made where they are missing. */
class Channels {
  readonly #boss: PgBoss;
  readonly #database: QueueDatabase;
  readonly #open = new Set<string>();

  constructor(boss: PgBoss, database: QueueDatabase) {
    this.#boss = boss;
    this.#database = database;
  }

  async start(): Promise<void> {
    await this.#inTurn(async () => {
      await this.#boss.start();
      await this.#database.query(fixedSearchPaths);
      await this.#make(imports);
    });
  }

  async open(channel: string): Promise<void> {
    if (this.#open.has(channel)) return;
    // What it puts its failures in is made before it.
    if ((await this.#boss.getQueue(channel)) === null) await this.#inTurn(() => this.#make(channel));
    this.#open.add(channel);
  }

  /**
   * One after the other: of processes that start at the same moment, the first makes the tables. Nobody waits within a transaction: pg-boss
   * makes them on a connection of its own, and those who wait could hold all that a pool or a pooler has.
   */
  async #inTurn(make: () => Promise<void>): Promise<void> {
    const isDone = await this.#database.transaction(async (query) => {
      const { rows } = await query(
        `select pg_try_advisory_xact_lock(hashtextextended('sluice queue start', 0)) as "isMine"`,
      );
      if (rows[0].isMine === true) await make();
      return rows[0].isMine === true;
    });
    if (isDone) return;
    await setTimeout(turnAgainMs);
    await this.#inTurn(make);
  }

  async #make(channel: string): Promise<void> {
    if ((await this.#boss.getQueue(channel)) === null) {
      await this.#boss.createQueue(deadOf(channel), { retentionSeconds: 30 * 24 * 3600 });
      await this.#boss.createQueue(channel, {
        // One that waits for a task is enough, however often it is put in.
        policy: "short",
        deadLetter: deadOf(channel),
        heartbeatSeconds,
        retryLimit: 5,
        retryDelay: 2,
        retryBackoff: true,
        retryDelayMax: 60,
        deleteAfterSeconds: 3600,
      });
    }
  }
}

/**
 * Deliveries of these tasks in the hands of workers that died keep nobody's place any longer. They are looked up in pg-boss's
 * table: its `findJobs` looks for one key at a time, and asked for all of them also returns an hour of finished ones.
 */
async function dropDead(boss: PgBoss, tasks: readonly Reminder[], database: QueueDatabase): Promise<void> {
  const asked = tasks.map(({ task, workerDied = false, ...options }) => ({ ...messageOf(task, options), workerDied }));
  const { rows } = await database.query(
    `select job.name, job.id from ${schema}.job
     join unnest($1::text[], $2::text[], $3::boolean[]) as asked (name, singleton_key, worker_died) using (name, singleton_key)
     where state = 'active' and (
       coalesce(heartbeat_on, started_on) < now() - $4 * interval '1 millisecond'
       or (worker_died and started_on < now() - $5 * interval '1 millisecond')
     )`,
    [
      asked.map(({ channel }) => channel),
      asked.map(({ place }) => place.singletonKey),
      asked.map(({ workerDied }) => workerDied),
      deadAfterMs,
      begunMs,
    ],
  );
  for (const [channel, dead] of Map.groupBy(rows, ({ name }) => name as string))
    await boss.cancel(
      channel,
      dead.map(({ id }) => id as string),
    );
}
