/**
 * References and owners: what cells call another table's records is looked up once per distinct word, set-based, into a
 * small table beside the stage.
 */

import type { Assignment } from "../../core/assignment.ts";
import { SluiceError, told } from "../../core/errors.ts";
import { type Importer, targetColumn } from "../../core/importer.ts";
import { tableId } from "../connection/connect.ts";
import { type Session, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import { type Bound, boundsOf, inBounds } from "../tables/context.ts";
import { openStage } from "../tables/hand-over.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan } from "../tables/plan.ts";

/** One thing that is looked up. */
export interface Lookup {
  /** Its name in the lookup table: the field's, or `owner_key`. */
  name: string;
  /** Column of the target that gets the found id; null: another record's does. */
  column: string | null;
  table: string;
  by: readonly string[];
  id: string;
  /** Context values that its records must share. */
  bounds: Bound[];
  /** Rows whose word is unknown are invalid; without it they go in with null. */
  strict: boolean;
}

/** What an import looks up: its mapped reference fields, and owners by column. */
export function lookupsOf(importer: Importer, columns: readonly { name: string }[], assignment: Assignment): Lookup[] {
  const lookups: Lookup[] = [];
  for (const { name } of columns) {
    if (name === "owner_key") {
      const { assign } = importer;
      if (assign !== undefined) {
        const strict = assignment.mode === "column" && assignment.fallback === undefined;
        lookups.push({
          name,
          column: assign.column,
          table: assign.table,
          by: assign.by,
          id: assign.id ?? "id",
          bounds: boundsOf(importer, assign.context),
          strict,
        });
      }
      continue;
    }
    if (!Object.hasOwn(importer.fields, name)) continue;
    const field = importer.fields[name];
    if (field.kind !== "reference") continue;
    lookups.push({
      name,
      column: targetColumn(importer, name),
      table: field.table,
      by: field.by,
      id: field.id ?? "id",
      bounds: boundsOf(importer, field.context),
      strict: true,
    });
  }
  return lookups;
}

export async function fillLookups(session: TargetSession, { job, importer, columns }: Plan): Promise<void> {
  const { rows, lookup } = stageTables(job.id, job.stageGeneration);
  const lookups = lookupsOf(importer, columns, job.assignment);
  await session.query(sql`drop table if exists ${lookup}`);
  if (lookups.length === 0) return;
  await session.query(
    sql`create unlogged table ${lookup} (name text not null, word text not null, id text, primary key (name, word))`,
  );
  await openStage(session, job);
  for (const { name, table, by, id, bounds } of lookups) {
    const isOwner = name === "owner_key";
    const inContext = inBounds(bounds, job.context);
    // What the person said of a word goes before those who are called so.
    const given = isOwner && job.assignment.mode === "column" ? Object.entries(job.assignment.values ?? {}) : [];
    // The first column that knows the word decides; of several records the smallest id, so that it is the same every time.
    const known = by.map(
      (column, place) =>
        sql`select lower(r.${sql.id(column)}::text) as word, r.${sql.id(id)} as id, ${sql.lit(place)} as place from ${tableId(table)} r where true ${inContext}`,
    );
    await session.tables.query(sql`
      insert into ${lookup} (name, word, id)
      select ${name}, w.word, coalesce(min(given.id), (array_agg(r.id::text order by r.place, r.id))[1])
      from (select distinct lower(s.${sql.id(name)}) as word from ${rows} s where s.${sql.id(name)} is not null) w
        left join (${sql.join(known, sql` union all `)}) r on r.word = w.word
        left join unnest(${given.map(([word]) => word)}::text[], ${given.map(([, owner]) => owner)}::text[]) given (word, id) on lower(given.word) = w.word
      group by w.word
    `);
  }
}

/**
 * The owners that an assignment names by their ids may have left the import's context since they were chosen, or have come
 * from elsewhere than Sluice's own lists: they are looked for again.
 *
 * @throws SluiceError `invalid` naming those that are not there.
 */
export async function checkNamedOwners(session: TargetSession, { job, importer }: Plan): Promise<void> {
  const { assign } = importer;
  const named = ownersNamedBy(job.assignment);
  const bounds = boundsOf(importer, assign?.context);
  if (assign === undefined || named.length === 0 || bounds.length === 0) return;
  const unknown = await session.tables.query<{ owner: string }>(sql`
    select n.owner from unnest(${named}::text[]) n (owner) where not exists (
      select from ${tableId(assign.table)} r where r.${sql.id(assign.id ?? "id")}::text = n.owner ${inBounds(bounds, job.context)})
  `);
  if (unknown.length === 0) return;
  const listed = unknown.map(({ owner }) => told`"${owner}"`);
  throw new SluiceError(
    "invalid",
    told`Import ${job.id} assigns records to owners who are not in ${assign.table} for its context: ${listed}. Change the assignment.`,
  );
}

function ownersNamedBy(assignment: Assignment): string[] {
  switch (assignment.mode) {
    case "none":
      return [];
    case "single":
      return [assignment.owner];
    case "round-robin":
      return [...new Set(assignment.owners.map(({ owner }) => owner))];
    case "column":
      return [
        ...new Set([
          ...(assignment.fallback === undefined ? [] : [assignment.fallback]),
          ...Object.values(assignment.values ?? {}),
        ]),
      ];
  }
}

/** Rows that name something nobody knows are invalid. */
export async function noteUnknownReferences(session: Session, { job, importer, columns }: Plan): Promise<void> {
  const { rows, match, lookup } = stageTables(job.id, job.stageGeneration);
  for (const { name, table, strict } of lookupsOf(importer, columns, job.assignment)) {
    if (!strict) continue;
    const code = name === "owner_key" ? "owner_unknown" : "reference_unknown";
    const field = name === "owner_key" ? (importer.assign?.column ?? name) : name;
    await session.query(sql`
      insert into ${match} (row_no, action, issue)
      select s.row_no, 'i', jsonb_build_array(jsonb_build_object('c', ${code}::text, 'f', ${field}::text,
        'p', jsonb_build_object('table', ${table}::text, 'value', s.${sql.id(name)})))
      from ${rows} s
      join ${lookup} l on l.name = ${name} and l.word = lower(s.${sql.id(name)}) and l.id is null
      where not exists (select from ${match} m where m.row_no = s.row_no)
    `);
  }
}
