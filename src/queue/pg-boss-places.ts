/**
 * One worker's places on pg-boss, and what is in them: imports in the common ones and in the one kept for small imports, and one
 * task of each other channel besides them.
 */
import type { JobWithMetadata, PgBoss } from "pg-boss";
import {
  channelOf,
  type Delivered,
  type Queue,
  type QueueDatabase,
  type TaskHandler,
  type WorkOptions,
} from "../core/queue.ts";
import { imports, type Message, schema, taskOf } from "./pg-boss-message.ts";
import { leastSmall } from "./rising-priority.ts";

/** How often a worker looks when nothing wakes it. */
const pollMs = 2000;
/** How often a worker says that it is still at its deliveries. */
const touchMs = 3000;

interface Taken {
  channel: string;
  done: Promise<void>;
}

export class Places {
  readonly #boss: PgBoss;
  readonly #database: QueueDatabase;
  readonly #handler: TaskHandler;
  readonly #enqueue: Queue["enqueue"];
  readonly #places: number;
  /** Beside the imports. */
  readonly #channels: readonly string[];
  readonly #groupConcurrency: number;
  readonly #signal: AbortSignal;
  readonly #onError: (error: Error) => void;
  readonly #taken = new Map<JobWithMetadata<Message>, Taken>();
  /** The one in the place that is kept for small imports. */
  #small: JobWithMetadata<Message> | null = null;
  #othersWait = false;
  #wake: () => void = () => {};
  #isWoken = false;

  constructor(
    boss: PgBoss,
    database: QueueDatabase,
    handler: TaskHandler,
    enqueue: Queue["enqueue"],
    { channels = [imports], concurrency = 4, groupConcurrency = 3, signal }: WorkOptions,
    onError: (error: Error) => void,
  ) {
    this.#boss = boss;
    this.#database = database;
    this.#handler = handler;
    this.#enqueue = enqueue;
    this.#places = channels.includes(imports) ? concurrency : 0;
    this.#channels = channels.filter((channel) => channel !== imports);
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
      await Promise.all([...this.#taken.values()].map(({ done }) => done));
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
    for (const channel of this.#channels) {
      if (this.#signal.aborted) return;
      if (this.#inChannel(channel) > 0) continue;
      const job = await this.#fetch(channel, {});
      if (job !== undefined) this.#take(channel, job);
    }
    while (this.#places > 0 && !this.#signal.aborted) {
      const common = this.#inChannel(imports) - (this.#small === null ? 0 : 1);
      const isFull = common >= this.#places;
      if (isFull && this.#small !== null) break;
      const job = isFull ? await this.#fetch(imports, { minPriority: leastSmall }) : await this.#next(common);
      if (job === undefined) break;
      if (isFull) this.#small = job;
      this.#take(imports, job);
    }
    this.#othersWait = this.#inChannel(imports) >= this.#places && (await this.#anyWaits());
  }

  #inChannel(channel: string): number {
    return [...this.#taken.values()].filter((taken) => taken.channel === channel).length;
  }

  /** The last common place is for a large import first, so that no stream of small ones keeps it waiting. */
  async #next(taken: number): Promise<JobWithMetadata<Message> | undefined> {
    const large =
      taken === this.#places - 1 && taken > 0 ? await this.#fetch(imports, { maxPriority: leastSmall - 1 }) : undefined;
    return large ?? this.#fetch(imports, {});
  }

  /** One at a time over all workers: else two could each take a group's last place. */
  #fetch(
    channel: string,
    bounds: { minPriority?: number; maxPriority?: number },
  ): Promise<JobWithMetadata<Message> | undefined> {
    return this.#database.transaction(async (query) => {
      await query(`select pg_advisory_xact_lock(hashtextextended('sluice queue', 0))`);
      const [job] = await this.#boss.fetch<Message>(channel, {
        ...bounds,
        includeMetadata: true,
        groupConcurrency: this.#groupConcurrency,
        db: { executeSql: (text, values) => query(text, values as unknown[]) },
      });
      return job;
    });
  }

  /** Read from pg-boss's table: its API counts what waits, but not what may be taken now under the limit per person. */
  async #anyWaits(): Promise<boolean> {
    const { rows } = await this.#database.query(
      `select exists (
         select from ${schema}.job j where j.name = $1 and j.state < 'active' and j.start_after <= now() and (
           j.group_id is null
           or (select count(*) from ${schema}.job a where a.name = $1 and a.state = 'active' and a.group_id = j.group_id) < $2
         )
       ) as waits`,
      [imports, this.#groupConcurrency],
    );
    return rows[0].waits === true;
  }

  #take(channel: string, job: JobWithMetadata<Message>): void {
    const done = this.#deliver(channel, job)
      .catch(this.#onError)
      .finally(() => {
        this.#taken.delete(job);
        if (this.#small === job) this.#small = null;
        this.#isWoken = true;
        this.#wake();
      });
    this.#taken.set(job, { channel, done });
  }

  async #deliver(channel: string, job: JobWithMetadata<Message>): Promise<void> {
    let outcome: Delivered;
    const task = taskOf(job.data);
    try {
      if (task === null || channelOf(task) !== channel)
        throw new Error("This version of Sluice does not know the task.");
      outcome = await this.#handler({ task, othersWait: () => this.#othersWait });
    } catch (error) {
      await this.#boss.fail(channel, job, { message: (error as Error).message });
      return;
    }
    // Whoever dies between the two leaves a doubled delivery, which has no effect.
    if (outcome !== "done") {
      const afterSeconds = outcome === "again" ? 0 : outcome.againAfterSeconds;
      await this.#enqueue(task, { group: job.groupId, priority: job.data.priority, afterSeconds });
    }
    await this.#boss.complete(channel, job);
  }

  async #touch(): Promise<void> {
    const channels = new Set([...this.#taken.values()].map(({ channel }) => channel));
    try {
      for (const channel of channels) {
        const jobs = [...this.#taken].filter(([, taken]) => taken.channel === channel).map(([job]) => job);
        await this.#boss.touch(channel, jobs);
      }
    } catch (error) {
      this.#onError(error as Error);
    }
  }
}
