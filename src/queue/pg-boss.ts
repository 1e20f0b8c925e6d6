/**
 * The queue on pg-boss, in a schema of its own: any number of workers, priorities, so many imports of one person at a time,
 * retries of deliveries that failed and a place for those that failed for good. Workers look every two seconds and are woken
 * when something comes.
 */
import { type JobWithMetadata, PgBoss } from "pg-boss";
import { smallImportPriority } from "../core/import.ts";
import type { Delivered, Delivery, Queue, QueueDatabase, QueueOptions, WorkOptions } from "../core/ports.ts";

const schema = "sluice_queue";
const queueName = "imports";
const deadQueueName = "imports-dead";

/** How often a worker looks when nothing wakes it. */
const pollMs = 2000;
/** How often a worker says that it is still at its deliveries. */
const touchMs = 3000;
/** A delivery that nobody has said so of for this long is in no living hands. */
const deadAfterMs = 8000;
/** A worker that has taken a delivery has said so on the import within this time: a younger one may be the dead worker's successor's. */
const begunMs = 1000;
/** pg-boss gives a delivery to another worker after this; what died is found sooner, by its job. At least 10. */
const heartbeatSeconds = 15;
/** Waiting makes an import rise: one step for so many seconds. */
const risingSeconds = 30;

interface Message {
  jobId: number;
  /** Before it rose by waiting. */
  priority: number;
}

/**
 * @param isWorker false where imports are only put in: pg-boss's own upkeep is left to the workers.
 * @throws whatever keeps pg-boss from making its tables.
 */
export async function pgBossQueue(
  database: QueueDatabase,
  { isWorker, onError = () => {} }: { isWorker: boolean; onError?: (error: Error) => void },
): Promise<Queue> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => database.query(text, values as unknown[]) },
    schema,
    supervise: isWorker,
    schedule: false,
    superviseIntervalSeconds: heartbeatSeconds,
    monitorIntervalSeconds: heartbeatSeconds,
  });
  boss.on("error", onError);
  // One after the other: of processes that start at the same moment, the first makes the tables.
  await database.transaction(async (query) => {
    await query(`select pg_advisory_xact_lock(hashtextextended('sluice queue start', 0))`);
    await boss.start();
    if ((await boss.getQueue(queueName)) !== null) return;
    await boss.createQueue(deadQueueName, { retentionSeconds: 30 * 24 * 3600 });
    await boss.createQueue(queueName, {
      // One that waits for an import is enough, however often it is put in.
      policy: "short",
      deadLetter: deadQueueName,
      heartbeatSeconds,
      retryLimit: 5,
      retryDelay: 2,
      retryBackoff: true,
      retryDelayMax: 60,
      deleteAfterSeconds: 3600,
    });
  });

  const enqueue = async (jobId: number, options: QueueOptions = {}): Promise<void> => {
    const { afterSeconds = 0 } = options;
    const { data, ...place } = messageOf(jobId, options);
    await boss.send(queueName, data, {
      ...place,
      ...(afterSeconds > 0 && { startAfter: Math.ceil(afterSeconds) }),
    });
    if (afterSeconds <= 0) await database.wake();
  };

  const redrive = async (): Promise<number> => {
    let deliveries = 0;
    // So many at a time; one whose import waits already is not put in beside it.
    for (let some = -1; some !== 0; deliveries += some) some = await boss.redrive(deadQueueName);
    if (deliveries > 0) await database.wake();
    return deliveries;
  };

  return {
    enqueue,
    redrive,
    async remind(jobs) {
      if (jobs.length === 0) return;
      await dropDead(boss, jobs, database);
      await boss.insert(
        queueName,
        jobs.map(({ jobId, workerDied: _, ...options }) => messageOf(jobId, options)),
      );
      await rise(database);
      await database.wake();
    },
    async work(handler, options) {
      // What a worker before this one gave up, this one may know how to do.
      await redrive();
      await new Turns(boss, database, handler, enqueue, options, onError).run();
    },
    async depth() {
      const { rows } = await database.query(
        `select name, state::text as state, count(*)::int as jobs from ${schema}.job
         where state in ('created', 'retry', 'active') group by name, state`,
      );
      const sum = (name: string, states: string[]): number =>
        rows
          .filter((row) => row.name === name && states.includes(row.state as string))
          .reduce((total, row) => total + Number(row.jobs), 0);
      return {
        waiting: sum(queueName, ["created", "retry"]),
        active: sum(queueName, ["active"]),
        dead: sum(deadQueueName, ["created", "retry"]),
      };
    },
    async close() {
      await boss.stop({ graceful: false, close: false });
    },
  };
}

/** An import as pg-boss takes it. */
function messageOf(jobId: number, { group = null, priority = 0 }: QueueOptions) {
  return {
    data: { jobId, priority } satisfies Message,
    singletonKey: String(jobId),
    priority,
    ...(group !== null && group !== "" && { group: { id: group } }),
  };
}

/** Deliveries of these imports in the hands of workers that died keep nobody's place any longer. */
async function dropDead(
  boss: PgBoss,
  jobs: readonly { jobId: number; workerDied?: boolean }[],
  database: QueueDatabase,
): Promise<void> {
  const { rows } = await database.query(
    `select job.id from ${schema}.job
     join unnest($2::text[], $3::boolean[]) as asked (singleton_key, worker_died) using (singleton_key)
     where name = $1 and state = 'active' and (
       coalesce(heartbeat_on, started_on) < now() - $4 * interval '1 millisecond'
       or (worker_died and started_on < now() - $5 * interval '1 millisecond')
     )`,
    [
      queueName,
      jobs.map(({ jobId }) => String(jobId)),
      jobs.map(({ workerDied = false }) => workerDied),
      deadAfterMs,
      begunMs,
    ],
  );
  if (rows.length > 0)
    await boss.cancel(
      queueName,
      rows.map(({ id }) => id as string),
    );
}

/** A large import that has waited for long comes before others of its kind; the place of the small ones stays theirs. */
async function rise(database: QueueDatabase): Promise<void> {
  await database.query(
    `update ${schema}.job set priority = risen.priority
     from (
       select id, least(
         (data ->> 'priority')::int + floor(extract(epoch from now() - created_on) / $2)::int,
         case when (data ->> 'priority')::int >= $3 then 1000 else $3 - 1 end
       ) as priority
       from ${schema}.job where name = $1 and state = 'created' and created_on < now() - $2 * interval '1 second'
     ) risen
     where job.name = $1 and job.id = risen.id and job.state = 'created' and job.priority < risen.priority`,
    [queueName, risingSeconds, smallImportPriority],
  );
}

/** One worker's places, and who is in them. */
class Turns {
  readonly #boss: PgBoss;
  readonly #database: QueueDatabase;
  readonly #handler: (delivery: Delivery) => Promise<Delivered>;
  readonly #enqueue: Queue["enqueue"];
  readonly #places: number;
  readonly #groupConcurrency: number;
  readonly #signal: AbortSignal;
  readonly #onError: (error: Error) => void;
  readonly #taken = new Map<JobWithMetadata<Message>, Promise<void>>();
  /** The one in the place that is kept for small imports. */
  #small: JobWithMetadata<Message> | null = null;
  #othersWait = false;
  #wake: () => void = () => {};
  #isWoken = false;

  constructor(
    boss: PgBoss,
    database: QueueDatabase,
    handler: (delivery: Delivery) => Promise<Delivered>,
    enqueue: Queue["enqueue"],
    { concurrency = 4, groupConcurrency = 3, signal }: WorkOptions,
    onError: (error: Error) => void,
  ) {
    this.#boss = boss;
    this.#database = database;
    this.#handler = handler;
    this.#enqueue = enqueue;
    this.#places = concurrency;
    this.#groupConcurrency = groupConcurrency;
    this.#signal = signal;
    this.#onError = onError;
  }

  async run(): Promise<void> {
    const wake = (): void => {
      this.#isWoken = true;
      this.#wake();
    };
    const stopListening = this.#database.onWake(wake);
    this.#signal.addEventListener("abort", wake, { once: true });
    const touching = setInterval(() => void this.#touch(), touchMs);
    try {
      while (!this.#signal.aborted) {
        this.#isWoken = false;
        try {
          await this.#fill();
        } catch (error) {
          this.#onError(error as Error);
        }
        await this.#rest();
      }
      await Promise.all(this.#taken.values());
    } finally {
      clearInterval(touching);
      stopListening();
      this.#signal.removeEventListener("abort", wake);
    }
  }

  /** Until something comes, a place is free, or it is time to look. */
  async #rest(): Promise<void> {
    if (this.#isWoken || this.#signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pollMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #fill(): Promise<void> {
    while (!this.#signal.aborted) {
      const common = this.#taken.size - (this.#small === null ? 0 : 1);
      const isFull = common >= this.#places;
      if (isFull && this.#small !== null) break;
      const job = isFull ? await this.#fetch({ minPriority: smallImportPriority }) : await this.#next(common);
      if (job === undefined) break;
      if (isFull) this.#small = job;
      this.#take(job);
    }
    this.#othersWait = this.#taken.size >= this.#places && (await this.#anyWaits());
  }

  /** The last common place is for a large import first, so that no stream of small ones keeps it waiting. */
  async #next(taken: number): Promise<JobWithMetadata<Message> | undefined> {
    const large =
      taken === this.#places - 1 && taken > 0 ? await this.#fetch({ maxPriority: smallImportPriority - 1 }) : undefined;
    return large ?? this.#fetch({});
  }

  /** One at a time over all workers: else two could each take a group's last place. */
  #fetch(bounds: { minPriority?: number; maxPriority?: number }): Promise<JobWithMetadata<Message> | undefined> {
    return this.#database.transaction(async (query) => {
      await query(`select pg_advisory_xact_lock(hashtextextended('sluice queue', 0))`);
      const [job] = await this.#boss.fetch<Message>(queueName, {
        ...bounds,
        includeMetadata: true,
        groupConcurrency: this.#groupConcurrency,
        db: { executeSql: (text, values) => query(text, values as unknown[]) },
      });
      return job;
    });
  }

  async #anyWaits(): Promise<boolean> {
    const { rows } = await this.#database.query(
      `select exists (
         select from ${schema}.job j where j.name = $1 and j.state < 'active' and j.start_after <= now() and (
           j.group_id is null
           or (select count(*) from ${schema}.job a where a.name = $1 and a.state = 'active' and a.group_id = j.group_id) < $2
         )
       ) as waits`,
      [queueName, this.#groupConcurrency],
    );
    return rows[0].waits === true;
  }

  #take(job: JobWithMetadata<Message>): void {
    const done = this.#deliver(job)
      .catch(this.#onError)
      .finally(() => {
        this.#taken.delete(job);
        if (this.#small === job) this.#small = null;
        this.#isWoken = true;
        this.#wake();
      });
    this.#taken.set(job, done);
  }

  async #deliver(job: JobWithMetadata<Message>): Promise<void> {
    const { jobId, priority } = job.data;
    let outcome: Delivered;
    try {
      outcome = await this.#handler({ jobId, othersWait: () => this.#othersWait });
    } catch (error) {
      await this.#boss.fail(queueName, job, { message: (error as Error).message });
      return;
    }
    // Whoever dies between the two leaves a doubled delivery, which has no effect.
    if (outcome !== "done") {
      const afterSeconds = outcome === "again" ? 0 : outcome.againAfterSeconds;
      await this.#enqueue(jobId, { group: job.groupId, priority, afterSeconds });
    }
    await this.#boss.complete(queueName, job);
  }

  async #touch(): Promise<void> {
    if (this.#taken.size === 0) return;
    try {
      await this.#boss.touch(queueName, [...this.#taken.keys()]);
    } catch (error) {
      this.#onError(error as Error);
    }
  }
}
