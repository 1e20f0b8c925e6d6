/** What a record must be for its table to take it. */
import type { Sql } from "../connection/session.ts";
import type { Stored } from "../tables/kept-value.ts";

export interface Demand {
  code:
    | "database_not_null"
    | "database_too_long"
    | "database_out_of_range"
    | "database_check"
    | "database_foreign_key"
    | "database_unique";
  field: string | null;
  params: Record<string, string | number>;
  /** True for the rows `s` that break it. */
  broken: Sql;
  /** The same for a row whatever becomes of it; null where only a record that is created is sure to break it. */
  always: Sql | null;
  /**
   * Of a unique rule: whether a record breaks it, or an earlier row with the same values, of these columns of the stage as they are stored.
   * `takenBy`: the condition that a record `t` for which `where` holds has the value of row `s`.
   */
  unique?: { by: "record"; takenBy(where: Sql): Sql } | { by: "row"; columns: string[]; stored: Stored[]; where: Sql };
}
