/**
 * Keys by their strength: of two rows, or a row and a record, the strongest key that both have decides. Where it differs, an equal
 * weaker one, as a switchboard's phone, does not make them the same.
 */
import { keyColumn } from "../../core/importer.ts";
import { type Sql, sql } from "../connection/session.ts";
import type { Plan } from "../tables/plan.ts";
import { isFilled, isSameKey, type MatchKey } from "./match-keys.ts";

/** Places of keys in a number beside a row's: `maxKeys` of core/keys.ts. */
export const patternBits = 20;

/** Which keys a staged row has: a bit for each, the strongest one's lowest. */
export function patternOf(keys: readonly MatchKey[]): Sql {
  return sql`(${sql.join(
    keys.map((key, k) => sql`case when ${isFilled(key)} then ${sql.lit(1 << k)} else 0 end`),
    sql` + `,
  )})`;
}

/** That a record has the key. An application may write an empty text where there is none. */
export function hasKey({ importer, target }: Plan, key: MatchKey, valueOf: (field: string) => Sql): Sql {
  return sql.join(
    key.map((field) => {
      const { baseType = "" } = target.columns.get(keyColumn(importer, field)) ?? {};
      const isText = ["text", "character varying", "character", "citext"].includes(baseType);
      return isText ? sql`${valueOf(field)} <> ''` : sql`${valueOf(field)} is not null`;
    }),
    sql` and `,
  );
}

/** Of a record and a staged row with the same key: that no stronger one that both have tells them apart. */
export function isSameByStronger(plan: Plan, stronger: readonly MatchKey[], valueOf: (field: string) => Sql): Sql {
  if (stronger.length === 0) return sql`true`;
  const cases = stronger.map(
    (key) => sql`when ${isFilled(key)} and ${hasKey(plan, key, valueOf)} then ${isSameKey(plan, key, valueOf)}`,
  );
  return sql`case ${sql.join(cases, sql` `)} else true end`;
}
