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

export { sql };

export type Sql = RawBuilder<unknown>;

/** Compiles fragments; it never connects. */
export const compiler = new Kysely<Record<string, never>>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

/** One connection for a while. */
export class Session {
  readonly #client: pg.PoolClient;

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  async query<Row>(fragment: RawBuilder<Row> | RawBuilder<unknown>): Promise<Row[]> {
    const { sql: text, parameters } = fragment.compile(compiler);
    const result = await this.#client.query(text, [...parameters]);
    return result.rows as Row[];
  }

  /** The backend's number as the connection was told of it; another than the backend's own behind a pooler. */
  get toldPid(): number {
    return (this.#client as unknown as { processID: number }).processID;
  }

  /** Rows that a statement changed. */
  async change(fragment: Sql): Promise<number> {
    const { sql: text, parameters } = fragment.compile(compiler);
    return (await this.#client.query(text, [...parameters])).rowCount ?? 0;
  }

  /** A statement as text, for a library that writes its own. */
  text(statement: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }> {
    return this.#client.query(statement, values);
  }

  /** One statement and no second behind it, by the extended protocol. */
  async plan(statement: string): Promise<void> {
    await this.#client.query({ text: statement, queryMode: "extended" } as pg.QueryConfig);
  }

  /** A statement of an app's own, its values in the types that `pg` gives them: an int8 is text, and exact. */
  async foreign<Row>(text: string, values: readonly unknown[]): Promise<{ rows: Row[] }> {
    const { rows } = await this.#client.query({ text, values: [...values], types: pg.types });
    return { rows };
  }

  /** Opens `copy … from stdin`; end the stream and wait for its `finish`. */
  copyIn(fragment: Sql): CopyStreamQuery {
    return this.#client.query(copyFrom(fragment.compile(compiler).sql));
  }
}
