/**
 * The connection to Postgres: a small pool, sessions that run `sql` fragments, and transactions that end when their
 * signal aborts. Safe behind a transaction pooler: nothing is prepared, nothing is set beyond the transaction.
 */

import { type RawBuilder, sql } from "kysely";
import pg from "pg";
import { SluiceError, told } from "../../core/errors.ts";
import { inTime } from "./late.ts";
import { Link, type LinkPatience, MortalClient, workPatience } from "./link.ts";
import { type Planning, planningSettings } from "./planning.ts";
import { leaveOwnSchemas } from "./search-path.ts";
import { Session, type Sql } from "./session.ts";

/** int8 as a number (ids and counts stay below 2^53) and dates as text; everything else as node-postgres has it. */
const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format: "text" | "binary") => {
    if (oid === pg.types.builtins.INT8) return Number;
    if (oid === pg.types.builtins.DATE) return String;
    return pg.types.getTypeParser(oid, format as "text");
  }) as pg.CustomTypesConfig["getTypeParser"],
};

/** What every transaction of Sluice sets for itself: a client that stops answering loses its locks within seconds. */
const beginTransaction =
  "begin; set local idle_in_transaction_session_timeout = '10s'; set local tcp_keepalives_idle = 5; " +
  "set local tcp_keepalives_interval = 2; set local tcp_keepalives_count = 3; set local tcp_user_timeout = '10s'; set local jit = off";

/** Which backend has the transaction, and since when. What the connection was told of it is a pooler's invention behind one. */
const whichTransaction = "select pg_backend_pid() as pid, extract(epoch from now())::text as since";
/** Of that very transaction: behind a pooler the backend may be another client's already. */
const cancelTransaction = `select pg_cancel_backend(pid) from pg_stat_activity
  where pid = $1 and extract(epoch from xact_start)::text = $2`;

export interface TransactionOptions {
  signal?: AbortSignal;
  /** `work_mem` for this transaction. */
  workMemory?: string;
  /** When the answer to its commit is lost, ask whether it was committed. Costs a round trip. */
  sure?: boolean;
  /** How its statements are planned; as Postgres sees fit unless told. */
  planning?: Planning;
  /** It is made by one who holds a connection already, and waits for none of those who do the same. */
  beside?: boolean;
  /** It makes unlogged tables: see `takeBackLastingly`. */
  unlogged?: boolean;
}

export class Database {
  readonly pool: pg.Pool;
  /**
   * For transactions beside another, made by those who hold a connection of the pool already: were it the same pool, enough of them
   * would wait for each other. Whoever holds one of these asks for no more, so that each has its turn.
   */
  readonly aside: pg.Pool;
  readonly url: string;
  /** How a connection is made. */
  readonly connection: pg.ClientConfig;
  readonly #link: Link;
  readonly #turnMs: number;
  /** When each connection was last used. */
  readonly #usedAt = new WeakMap<pg.PoolClient, number>();
  /** Connections that idled then are not trusted: one of them was found dead. */
  #distrustedAt = 0;
  /** Connections whose search path has been looked at. */
  readonly #looked = new WeakSet<pg.PoolClient>();
  /** What to search instead of the role's own path, where that leads to Sluice's tables. */
  #searchPath: string | null = null;

  /**
   * `to`: an address, or what a pool of the program's makes its connections of. `connections`: the most that are open at the same time; of
   * one, another for what is beside a transaction.
   */
  constructor(to: string | pg.ClientConfig, connections = 6, patience: LinkPatience = workPatience) {
    this.connection = typeof to === "string" ? { connectionString: to } : to;
    this.url = this.connection.connectionString ?? "";
    const connection = {
      ...this.connection,
      keepAlive: true,
      keepAliveInitialDelayMillis: 5000,
      application_name: "sluice",
      types: typeParsers,
      connectMs: patience.connectMs,
    };
    this.#link = new Link(() => new MortalClient(connection), patience);
    this.#turnMs = patience.turnMs;
    const poolOf = (max: number): pg.Pool => {
      const Client = MortalClient as unknown as typeof pg.Client;
      const pool = new pg.Pool({ ...connection, Client, max, idleTimeoutMillis: 10_000 });
      // A connection that breaks while it idles is replaced at the next use; there is nothing to do about it here.
      return pool.on("error", () => {});
    };
    const aside = Math.max(1, Math.floor(connections / 3));
    this.aside = poolOf(aside);
    this.pool = poolOf(Math.max(1, connections - aside));
  }

  async query<Row>(fragment: RawBuilder<Row> | RawBuilder<unknown>): Promise<Row[]> {
    return this.session((session) => session.query<Row>(fragment));
  }

  async change(fragment: Sql): Promise<number> {
    return this.session((session) => session.change(fragment));
  }

  async session<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    let broken: Error | undefined;
    const onError = (error: Error): void => {
      broken = error;
    };
    client.on("error", onError);
    const unwatch = this.#link.watch(client);
    try {
      return await work(new Session(client));
    } catch (error) {
      if (isConnectionLoss(error)) broken ??= error as Error;
      throw error;
    } finally {
      unwatch();
      client.off("error", onError);
      this.#release(client, broken);
    }
  }

  /** Runs `work` in one transaction. When `signal` aborts, the statement under way is cancelled. */
  async transaction<T>(work: (session: Session) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const { signal, workMemory, planning, sure = false, beside = false, unlogged = false } = options;
    signal?.throwIfAborted();
    // A request to end it must not wait for its own kind, which may all be told to end at once.
    const [pool, other] = beside ? [this.aside, this.pool] : [this.pool, this.aside];
    const client = await this.#connect(pool);
    let broken: Error | undefined;
    const onError = (error: Error): void => {
      broken = error;
    };
    let cancelled: Promise<unknown> = Promise.resolve();
    let transaction: { pid: number; since: string } | undefined;
    const cancel = (): void => {
      if (transaction === undefined) return;
      cancelled = this.#ask(other, cancelTransaction, [transaction.pid, transaction.since]).catch(() => {});
    };
    client.on("error", onError);
    const unwatch = this.#link.watch(client);
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      signal?.throwIfAborted();
      const memory = workMemory === undefined ? "" : `; set local work_mem = '${workMemory}'`;
      const plans = planning === undefined ? "" : `; ${planningSettings[planning]}`;
      // One answer per statement; the type knows of a single one.
      const answers: unknown = await client.query(
        `${beginTransaction}${this.#setSearchPath()}${memory}${plans}; ${whichTransaction}`,
      );
      transaction = (answers as pg.QueryResult<{ pid: number; since: string }>[]).at(-1)?.rows[0];
      signal?.throwIfAborted();
      const result = await work(new Session(client));
      signal?.throwIfAborted();
      const id = sure ? await transactionId(client) : undefined;
      try {
        await client.query("commit");
      } catch (error) {
        if (id === undefined || !isConnectionLoss(error) || !(await this.#isCommitted(id))) throw error;
        broken ??= error as Error;
      }
      return result;
    } catch (error) {
      // Another connection was lost: the server may be about to restart, and this one's tables are not to be taken back meanwhile.
      if (isConnectionLoss(error) && broken === undefined) await endOf(client, crashMs);
      if (isConnectionLoss(error)) broken ??= error as Error;
      if (broken === undefined)
        await client
          .query(unlogged ? takeBackLastingly : "rollback")
          .catch((rollbackError: Error) => (broken = rollbackError));
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", cancel);
      // A request still on its way would cancel whatever the connection does next.
      await settledWithin(cancelled, cancelMs);
      unwatch();
      client.off("error", onError);
      this.#release(client, broken);
    }
  }

  /** Whoever is still in the middle of something is cut off after a moment. */
  async close(): Promise<void> {
    const ended = Promise.all([this.pool.end(), this.aside.end()]);
    ended.catch(() => {});
    await settledWithin(ended, closeMs);
    this.#link.close();
    await settledWithin(ended, closeMs);
  }

  /** A statement by itself, beside what the caller does: its connection ends when nothing comes back. */
  async #ask<Row extends pg.QueryResultRow>(pool: pg.Pool, text: string, values: unknown[]): Promise<Row[]> {
    const client = await this.#sound(pool);
    let broken: Error | undefined;
    try {
      return await this.#watched(client, async () => (await client.query<Row>(text, values)).rows);
    } catch (error) {
      if (isConnectionLoss(error)) broken = error as Error;
      throw error;
    } finally {
      this.#release(client, broken);
    }
  }

  /** What is asked of a connection, which ends where nothing comes back. */
  async #watched<T>(client: pg.PoolClient, work: () => Promise<T>): Promise<T> {
    const unwatch = this.#link.watch(client);
    try {
      return await work();
    } finally {
      unwatch();
    }
  }

  #release(client: pg.PoolClient, broken: Error | undefined): void {
    this.#usedAt.set(client, performance.now());
    client.release(broken);
  }

  /** What became of a transaction whose end was not heard. False also when the database cannot be asked in time. */
  async #isCommitted(id: string): Promise<boolean> {
    const begun = performance.now();
    while (performance.now() - begun < askMs) {
      const answer = await this.#ask<{ status: string | null }>(
        this.aside,
        "select pg_xact_status($1::xid8) as status",
        [id],
      ).then(
        ([{ status }]) => status,
        () => "unknown",
      );
      if (answer === "committed") return true;
      if (answer === "aborted" || answer === null) return false;
      await settledWithin(new Promise(() => {}), askAgainMs);
    }
    return false;
  }

  async #connect(pool = this.pool): Promise<pg.PoolClient> {
    try {
      const client = await this.#sound(pool).catch((error: unknown) => {
        if (isTooLate(error)) this.#link.lose();
        throw error;
      });
      await this.#watched(client, () => this.#lookAtSearchPath(client)).catch((error: Error) => {
        client.release(error);
        throw error;
      });
      return client;
    } catch (cause) {
      if (isConnectionLoss(cause)) {
        throw new SluiceError(
          "unavailable",
          told`The database does not respond: ${(cause as Error).message || String((cause as { code?: string }).code)}. Is it running, and is DATABASE_URL correct?`,
          { cause },
        );
      }
      throw explainRefusal(cause);
    }
  }

  /** A connection that is new, was used a moment ago, or answers: a router may have forgotten one that idled. */
  async #sound(pool: pg.Pool): Promise<pg.PoolClient> {
    for (;;) {
      this.#link.check();
      const coming = pool.connect();
      const client = await this.#link.whileThere(inTime(coming, this.#turnMs, allInUse)).catch((error) => {
        // One that comes all the same is not lost.
        coming.then((late) => late.release()).catch(() => {});
        throw error;
      });
      const usedAt = this.#usedAt.get(client);
      if (usedAt === undefined || performance.now() - usedAt < trustedMs) return client;
      if (usedAt > this.#distrustedAt && (await answersWithin(client, checkMs))) return client;
      this.#distrustedAt = Math.max(this.#distrustedAt, usedAt);
      client.release(new Error("It no longer answers."));
    }
  }

  async #lookAtSearchPath(client: pg.PoolClient): Promise<void> {
    if (this.#looked.has(client)) return;
    const { rows } = await client.query<{ path: string }>(leaveOwnSchemas);
    this.#searchPath = rows[0]?.path ?? this.#searchPath;
    this.#looked.add(client);
  }

  /** Behind a transaction pooler what a connection has set is another's: a transaction sets it for itself. */
  #setSearchPath(): string {
    return this.#searchPath === null ? "" : `; set local search_path = ${this.#searchPath}`;
  }
}

const allInUse = (): Error => new Error("all connections stay in use");

/** Connections that idled for longer are asked before they are used. */
const trustedMs = 2000;
const checkMs = 1000;
/** How long work in progress has to finish when everything closes. */
const closeMs = 1000;

/** Nobody answered, as opposed to: somebody refused, or has too much to do, or all connections of the pool are in use. */
function isTooLate(error: unknown): boolean {
  const { code, isHeard } = error as { code?: string; isHeard?: boolean };
  return code === "ETIMEDOUT" && isHeard !== true;
}

async function answersWithin(client: pg.PoolClient, ms: number): Promise<boolean> {
  let answers = false;
  const answer = client.query("select 1").then(
    () => {
      answers = true;
    },
    () => {},
  );
  await settledWithin(answer, ms);
  return answers;
}

/** How long the outcome of a transaction is looked up when its COMMIT went unanswered, and how often. */
const askMs = 2000;
const askAgainMs = 100;

/** The transaction's id, if it has written anything. */
async function transactionId(client: pg.PoolClient): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string | null }>("select pg_current_xact_id_if_assigned()::text as id");
  return rows[0].id ?? undefined;
}

/**
 * How a transaction that has made an unlogged table is taken back. Where the server crashes while the log has only what made the
 * table, whose first file a rollback leaves until the next checkpoint, the recovery of Postgres 18 finds that file and fails ("could not
 * create file … File exists"). A rollback is written out some 200 ms later; the message, which means nothing, is written out at once, and
 * the rollback before it.
 */
const takeBackLastingly = "rollback; select pg_logical_emit_message(true, 'sluice', '')";

/**
 * How long a connection is kept when another one was lost: Postgres may be about to restart after a crash, and what would be written out
 * last is lost then (see `takeBackLastingly`). It ends all connections within milliseconds of a crash, and then nothing is taken back.
 */
const crashMs = 1000;

/** The connection has ended by itself, or the time is over. */
async function endOf(client: pg.PoolClient, ms: number): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    client.once("error", () => resolve());
    client.once("end", () => resolve());
  });
  await settledWithin(ended, ms);
}

/** A request to cancel that takes longer than this went to a database that is away. */
const cancelMs = 2000;

async function settledWithin(promise: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}

/** Why Postgres let nobody in, as the operator's next step: wrong password or role (class 28), no such database (3D000). */
function explainRefusal(cause: unknown): unknown {
  const { code, message } = cause as { code?: string; message: string };
  if (code?.startsWith("28") || /^SASL|password/.test(message)) {
    return new SluiceError(
      "unauthorized",
      told`The database rejected this user and password: ${message}. Correct DATABASE_URL.`,
      { cause },
    );
  }
  if (code === "3D000")
    return new SluiceError(
      "not_found",
      told`There is no such database: ${message}. Create it, or correct DATABASE_URL.`,
      {
        cause,
      },
    );
  if (code === "42501")
    return new SluiceError(
      "forbidden",
      told`The database user is not allowed to connect: ${message}. Grant it the right, or correct DATABASE_URL.`,
      { cause },
    );
  return cause;
}

/** Socket errors, the SQLSTATE classes 08 (connection) and 57P (operator intervention: shutdown, crash), 25P03, and 53300 (too many connections). */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof SluiceError) return error.code === "unavailable" && isConnectionLoss(error.cause ?? {});
  const { code, message } = error as { code?: string; message?: string };
  if (code === undefined)
    return /terminated|Connection ended|all connections stay in use|closed the connection|not queryable/i.test(
      message ?? "",
    );
  return /^(?:ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_|ERR_STREAM_|08|57P0[1235]|25P03|53300)/.test(code);
}

/** Deadlocks and serialization failures: the same transaction may succeed the next time. */
export function isTransient(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === "40P01" || code === "40001" || code === "55P03";
}

/** A `table` or `schema.table` as an identifier. */
export function tableId(name: string): Sql {
  return sql.id(...name.split("."));
}
