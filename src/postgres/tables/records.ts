/** The records that an importer matches: all of its target, or those that `match.where` leaves. Others are as if they were not there. */
import type { Importer } from "../../core/importer.ts";
import { tableId } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import type { Plan } from "./plan.ts";

/** As a relation to join with. Of its own, because a name in the condition may be one of the stage's too. */
export function matchedRecords({ importer, target }: Plan): Sql {
  const table = tableId(importer.target.table);
  if (importer.match.where === undefined) return table;
  const xid = target.showsWriters ? sql`, t.xmin` : sql``;
  return sql`(select t.*${xid} from ${table} t where true ${isMatched(importer)})`;
}

/** The condition on a record `t`, where no other relation has columns. */
export function isMatched({ match }: Importer): Sql {
  return match.where === undefined ? sql`` : sql`and ${condition(match.where)}`;
}

/** On lines of its own: it may end in a comment. */
export function condition(where: string): Sql {
  return sql`(${sql.raw(`${where}\n`)})`;
}

/** A condition of which it does not matter how it is written, as far as that can be seen in the text. */
export function plainCondition(text: string): string {
  return text
    .replaceAll(/\bt\./g, "")
    .replaceAll(/["()\s]/g, "")
    .toLowerCase();
}
