/** Documents of which the file has some members: how these go into what a record has, which keeps its others. */
import type { StageColumn } from "../../core/store/stage-column.ts";
import { type Sql, sql } from "../connection/session.ts";
import type { Carried } from "./carried.ts";
import type { TargetColumn } from "./target.ts";

/** The members of a document that have columns; null where a cell is the document as a whole. */
export function documentMembers(
  parts: NonNullable<StageColumn["parts"]>,
  column: TargetColumn | undefined,
): string[] | null {
  if (parts.length === 0 || !/^jsonb?$/.test(column?.baseType ?? "")) return null;
  const names = parts.flatMap(({ name }) => name ?? []);
  return names.length === parts.length ? names : null;
}

/** A record's document with the members that the file has; null for what is no document of members. */
export function documentAfter(
  { merge, members: names = null }: Pick<Carried, "merge" | "members">,
  old: Sql,
  fresh: Sql,
): Sql | null {
  if (names === null || merge === "never" || merge === "append") return null;
  if (merge === "clear") return cleared(old, fresh, names);
  return merge === "fill" ? filled(old, fresh) : overwritten(old, fresh);
}

const members = (old: Sql): Sql => sql`coalesce(case jsonb_typeof(${old}) when 'object' then ${old} end, '{}')`;

/** The members of `fresh` over the record's. */
function overwritten(old: Sql, fresh: Sql): Sql {
  return sql`(case when ${fresh} is null then ${old} else ${members(old)} || ${fresh} end)`;
}

/** The members of `fresh` that the record does not have. */
function filled(old: Sql, fresh: Sql): Sql {
  return sql`(case when ${fresh} is null then ${old} when nullif(${old}, 'null') is null then ${fresh}
    when jsonb_typeof(${old}) <> 'object' then ${old} else ${old} || (
      select coalesce(jsonb_object_agg(k.key, k.value), '{}') from jsonb_each(${fresh}) k where nullif(${old} -> k.key, 'null') is null
    ) end)`;
}

/** The members that have columns as the file has them: those that are blank go. */
function cleared(old: Sql, fresh: Sql, names: readonly string[]): Sql {
  return sql`(case when ${old} is null then ${fresh} else (${members(old)} - ${[...names]}::text[]) || coalesce(${fresh}, '{}') end)`;
}

/** An array of documents as one: of members that several have, the last one's, or the first one's. */
export function unitedMembers(documents: Sql, wins: "first" | "last"): Sql {
  const order = wins === "last" ? sql`l.place` : sql`l.place desc`;
  return sql`(
    select jsonb_object_agg(k.key, k.value order by ${order})
    from jsonb_array_elements(${documents}) with ordinality l (document, place), jsonb_each(l.document) k
  )`;
}
