/** One connection to Postgres for a while, and the SQL fragments that it runs. Nothing is prepared: a transaction pooler may stand between. */
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  sql,
} from "kysely";
import pg from "pg";
import { type CopyStreamQuery, from as copyFrom } from "pg-copy-streams";
import { storableJson } from "../../core/storable.ts";

export { sql };

export type Sql = RawBuilder<unknown>;

/** A value as jsonb, its texts as Postgres takes them; null is that of SQL. */
export function jsonb(value: unknown): Sql {
  return sql`${value === null ? null : storableJson(value)}::jsonb`;
}

/** Compiles fragments; it never connects. */
export const compiler = new Kysely<Record<string, never>>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

/** What sessions of one connection share. */
interface Shared {
  /** The role that statements have at the moment; undefined: the one that the transaction began with, which is `first`. */
  role: string | undefined;
  first: string;
  /** The last statement that was asked for: the next one waits for it. */
  last: Promise<unknown>;
}

/** One connection for a while. */
export class Session {
  readonly #client: pg.PoolClient;
  /** What this session's statements run as; undefined: as the connection does. */
  readonly #role: string | undefined;
  readonly #shared: Shared;

  constructor(
    client: pg.PoolClient,
    role?: string,
    shared: Shared = { role: undefined, first: "none", last: Promise.resolve() },
  ) {
    this.#client = client;
    this.#role = role;
    this.#shared = shared;
  }

  /**
   * The same transaction, its statements run as another role. The role is changed before the first statement that needs another
   * than the one before it: several in a row cost nothing more. Only inside a transaction; `first` is the setting `role` that it
   * began with.
   */
  as(role: string, first: string): Session {
    this.#shared.first = first;
    return new Session(this.#client, role, this.#shared);
  }

  async query<Row>(fragment: RawBuilder<Row> | RawBuilder<unknown>): Promise<Row[]> {
    return (await this.#run(fragment)).rows as Row[];
  }

  /** Rows that a statement changed. */
  async change(fragment: Sql): Promise<number> {
    return (await this.#run(fragment)).rowCount ?? 0;
  }

  #run(fragment: RawBuilder<unknown>): Promise<pg.QueryResult> {
    const { sql: text, parameters } = fragment.compile(compiler);
    return this.#inTurn(() => this.#client.query(text, [...parameters]));
  }

  /** One statement after the other, whoever asks: between a change of the role and its statement there is no other. */
  #inTurn<T>(ask: () => Promise<T>): Promise<T> {
    const answer = this.#shared.last.then(async () => {
      await this.#takeRole();
      return ask();
    });
    this.#shared.last = answer.catch(() => {});
    return answer;
  }

  async #takeRole(): Promise<void> {
    if (this.#shared.role === this.#role) return;
    const role = this.#role ?? this.#shared.first;
    await this.#client.query(`set local role ${role === "none" ? role : pg.escapeIdentifier(role)}`);
    this.#shared.role = this.#role;
  }

  async savepoint(name: string): Promise<void> {
    await this.query(sql`savepoint ${sql.id(name)}`);
  }

  async release(name: string): Promise<void> {
    await this.query(sql`release savepoint ${sql.id(name)}`);
  }

  /** Back to a savepoint that this session made, and released; also out of a statement that has failed. */
  async rollbackTo(name: string): Promise<void> {
    await this.#shared.last;
    // With everything else, the role is again what it was.
    this.#shared.role = this.#role;
    await this.query(sql`rollback to savepoint ${sql.id(name)}`);
    await this.release(name);
  }

  /** The backend's number as the connection was told of it; another than the backend's own behind a pooler. */
  get toldPid(): number {
    return (this.#client as unknown as { processID: number }).processID;
  }

  /** A statement as text, for a library that writes its own. */
  text(statement: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }> {
    return this.#inTurn(() => this.#client.query(statement, values));
  }

  /** One statement and no second behind it, by the extended protocol. */
  async plan(statement: string): Promise<void> {
    await this.#inTurn(() => this.#client.query({ text: statement, queryMode: "extended" } as pg.QueryConfig));
  }

  /** A statement of an app's own, its values in the types that `pg` gives them: an int8 is text, and exact. */
  async foreign<Row>(text: string, values: readonly unknown[]): Promise<{ rows: Row[] }> {
    const { rows } = await this.#inTurn(() => this.#client.query({ text, values: [...values], types: pg.types }));
    return { rows };
  }

  /** Opens `copy … from stdin`, as the connection's own role; end the stream and wait for its `finish`. */
  copyIn(fragment: Sql): CopyStreamQuery {
    return this.#client.query(copyFrom(fragment.compile(compiler).sql));
  }
}
