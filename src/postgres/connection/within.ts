/** The bounds of what somebody may see, as a condition on rows that have an importer and a context. */
import type { ImportBounds } from "../../core/store/archive.ts";
import { type Sql, sql } from "./session.ts";

/** By import_jobs_context_idx where they are few. Jsonb has one text for each value. */
export function isWithin({ within, others }: ImportBounds): Sql {
  const importers = within.map(({ importer }) => importer);
  const contexts = within.map(({ context }) => JSON.stringify(context));
  const inContext = sql`(importer, md5(context::text)) in (
    select w.importer, md5(w.context::jsonb::text) from unnest(${importers}::text[], ${contexts}::text[]) w (importer, context)
  )`;
  if (others === null) return inContext;
  const ofOthers = others.length === 0 ? sql`context = '{}'` : sql`(context = '{}' and importer <> all (${others}))`;
  return within.length === 0 ? ofOthers : sql`(${inContext} or ${ofOthers})`;
}
