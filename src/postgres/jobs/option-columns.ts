/**
 * Where an import's options are in `import_jobs` and `mapping_templates`: some in columns of their own, those that came later in
 * `other_options`, so that one more needs no migration.
 */
import {
  type KeptOptions,
  type OptionName,
  optionNames,
  optionRules,
  rememberedNames,
} from "../../core/import-options.ts";
import type { RememberedReading } from "../../core/reading.ts";
import { type Sql, sql } from "../connection/session.ts";

const ownColumns: Readonly<Partial<Record<OptionName, string>>> = {
  duplicates: "duplicate_config",
  merge: "merge_config",
  assignment: "assignment_config",
  context: "context",
  language: "language",
  autoCommit: "auto_commit",
};

/** What is selected of a job for its options. */
export const jobOptionColumns = selected(optionNames);
/** What is selected of a remembered mapping for its options. */
export const templateOptionColumns = sql`${selected(rememberedNames)}, other_options -> 'reading' as reading`;

/** The columns of what is remembered, the same in both tables. */
export const rememberedColumns = sql.join([...rememberedNames.flatMap(ownColumn), sql.id("other_options")]);

/** The same of a job that is being remembered; what was said of its rows and cells is in its dialect. See `rememberedReading`. */
export const rememberedOfJob = sql.join([
  ...rememberedNames.flatMap(ownColumn),
  sql`other_options || coalesce((
      select jsonb_build_object('reading', jsonb_object_agg(key, value)) from jsonb_each(dialect)
      where key in ('nulls', 'trim', 'shortRows', 'totals') or (key = 'quote' and value = '"none"')
      having count(*) > 0
    ), '{}')`,
]);

/** As an `insert` over a row that is there puts them in its place. */
export const excludedOptions = sql.join(
  [...rememberedNames.flatMap((name) => ownColumns[name] ?? []), "other_options"].map(
    (column) => sql`${sql.id(column)} = excluded.${sql.id(column)}`,
  ),
);

/** Columns and values of a new row. `reading`: of a remembered mapping. */
export function optionValues(
  options: Partial<KeptOptions>,
  { reading }: { reading?: RememberedReading | null } = {},
): { columns: Sql; values: Sql } {
  const { own, others } = parted(options);
  if (reading) others.reading = reading;
  return {
    columns: sql.join([...own.map(([column]) => sql.id(column)), sql.id("other_options")]),
    values: sql.join([...own.map(([, value]) => sql`${value}`), sql`${JSON.stringify(others)}`]),
  };
}

/** What an `update` sets for those that are there; each begins with a comma. */
export function optionSets(changes: Partial<KeptOptions>): Sql[] {
  const { own, others } = parted(changes);
  const sets = own.map(([column, value]) => sql`, ${sql.id(column)} = ${value}`);
  if (Object.keys(others).length > 0)
    sets.push(sql`, other_options = other_options || ${JSON.stringify(others)}::jsonb`);
  return sets;
}

function ownColumn(name: OptionName): Sql[] {
  const column = ownColumns[name];
  return column === undefined ? [] : [sql.id(column)];
}

function selected(names: readonly OptionName[]): Sql {
  return sql.join(
    names.map((name) => {
      const column = ownColumns[name];
      if (column !== undefined) return sql`${sql.id(column)} as ${sql.id(name)}`;
      // Of imports that were made before there was such an option.
      const { absent, before = absent } = optionRules[name] as { absent: unknown; before?: unknown };
      return sql`coalesce(other_options -> ${sql.lit(name)}, ${sql.lit(JSON.stringify(before))}::jsonb) as ${sql.id(name)}`;
    }),
  );
}

function parted(options: Partial<KeptOptions>): { own: [string, unknown][]; others: Record<string, unknown> } {
  const own: [string, unknown][] = [];
  const others: Record<string, unknown> = {};
  for (const name of optionNames) {
    const value = options[name];
    const column = ownColumns[name];
    if (value === undefined) continue;
    if (column === undefined) others[name] = value;
    else own.push([column, typeof value === "object" ? JSON.stringify(value) : value]);
  }
  return { own, others };
}
