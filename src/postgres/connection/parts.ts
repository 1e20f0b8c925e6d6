/** A statement's `with`, as a list of named queries: each can be read alone, and the statement says in which order they stand. */
import { type Sql, sql } from "./session.ts";

export interface Part {
  /** One that needs no quotes. */
  name: string;
  query: Sql;
  /** Computed once, and no more than that is known of it outside. */
  materialized?: boolean;
  /** Names of its columns, where the query does not say. */
  columns?: readonly string[];
}

/** `with a as (…), b as (…)`; parts may refer to those before them, and with `recursive` to themselves. */
export function withParts(parts: readonly (Part | null)[], { recursive = false } = {}): Sql {
  const named = parts
    .filter((part) => part !== null)
    .map(({ name, query, materialized = false, columns }) => {
      const list = columns === undefined ? sql`` : sql` (${sql.raw(columns.join(", "))})`;
      return sql`${sql.raw(name)}${list} as ${materialized ? sql`materialized ` : sql``}(${query})`;
    });
  return sql`with ${recursive ? sql`recursive ` : sql``}${sql.join(named, sql`, `)}`;
}
