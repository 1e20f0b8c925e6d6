/**
 * What the target's foreign keys demand of a row: that the record is there, and, where the other table has the context's
 * columns, that it is of the same context. A raw id is thus no way to another tenant's records.
 */

import { type Importer, targetFields } from "../../core/importer.ts";
import { tableId } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import { type Bound, boundsOf, inBounds } from "../tables/context.ts";
import { comparedAs, comparedColumn, keepsValue } from "../tables/kept-value.ts";
import type { Plan } from "../tables/plan.ts";
import type { ForeignKey, TargetColumn } from "../tables/target.ts";
import type { Demand } from "./demand.ts";

/** A foreign key of which a row gives at least one value. */
interface FedKey {
  key: ForeignKey;
  /** What the file's fields feed: column of the target, the other table's column, and the stage's column. */
  fed: { column: TargetColumn; foreign: string; from: string }[];
  /** What the context gives. */
  given: { foreign: string; value: Sql }[];
  /** Whether every column has its value from a field or the context. */
  isWhole: boolean;
  /** What the other record must share beside the key itself. */
  bounds: Bound[];
}

/** `plain`: column of the target → the stage's column that fills it as it is. */
export function foreignKeyDemands(
  plan: Plan,
  plain: ReadonlyMap<string, string>,
  surelyStored: (name: string) => boolean,
): Demand[] {
  return fedKeys(plan, plain).flatMap((fedKey) => {
    const { fed, isWhole, bounds } = fedKey;
    if (bounds.length > 0) return [boundDemand(plan, fedKey)];
    // A view's trigger may make of a value whatever it wants.
    if (
      !plan.target.isTable ||
      !isWhole ||
      !fedKey.key.isReadable ||
      !fedKey.key.isEnforced ||
      !fed.every(({ from, column }) => keepsValue(plan, from, column))
    )
      return [];
    const inFile = isMadeByARow(plan, fedKey, plain);
    if (inFile === null) return [];
    const broken = sql`${pointsNowhere(plan, fedKey)}${inFile}`;
    return [demandOf(fedKey, broken, fed.every(({ from }) => surelyStored(from)) ? broken : null)];
  });
}

/** Only of the keys whose records must be of the same context. */
export function boundKeyDemands(plan: Plan, plain: ReadonlyMap<string, string>): Demand[] {
  return fedKeys(plan, plain)
    .filter(({ bounds }) => bounds.length > 0)
    .map((fedKey) => boundDemand(plan, fedKey));
}

/** Whatever becomes of the row: a value that only fills a blank must not point elsewhere either. */
function boundDemand(plan: Plan, fedKey: FedKey): Demand {
  const broken = pointsNowhere(plan, fedKey);
  return demandOf(fedKey, broken, broken);
}

/** The same for a record that is not there and for one of another context: which of both it is says nothing. */
function demandOf({ key, fed }: FedKey, broken: Sql, always: Sql | null): Demand {
  const field = fed.length === 1 ? fed[0].from : null;
  return { code: "database_foreign_key", field, params: { table: key.foreignTable }, broken, always };
}

function pointsNowhere(plan: Plan, { key, fed, given, bounds }: FedKey): Sql {
  // One blank and the key demands nothing (MATCH SIMPLE, Postgres manual, create table).
  const filled = fed.map(({ from }) => sql`s.${sql.id(from)} is not null`);
  const same = [
    ...fed.map(
      ({ column, foreign, from }) =>
        sql`${comparedColumn(plan, from, column, sql.id("f", foreign))} = ${comparedAs(plan, from, column)}`,
    ),
    ...given.map(({ foreign, value }) => sql`${sql.id("f", foreign)} = ${value}`),
  ];
  return sql`${sql.join(filled, sql` and `)} and not exists (
    select from ${tableId(key.foreignTable)} f where ${sql.join(same, sql` and `)} ${inBounds(bounds, plan.job.context, "f")})`;
}

/**
 * That no row of the file makes what a row refers to, where a table refers to itself: this one, or one before it that nothing has refused yet.
 * Whether that row goes in, the load shows. Null: that a row makes it cannot be told beforehand.
 */
function isMadeByARow(plan: Plan, { key, fed }: FedKey, plain: ReadonlyMap<string, string>): Sql | null {
  const { job, target } = plan;
  const made = fed.map(({ column, foreign, from }) => ({ column, from, made: plain.get(foreign), foreign }));
  if (!key.isToItself || made.some((each) => each.made === undefined)) return sql``;
  const same = made.map(({ column, from, made: by = "", foreign }) => {
    const to = target.columns.get(foreign);
    if (to === undefined || !keepsValue(plan, by, to) || to.isLoose) return null;
    const type = sql.raw(column.baseType);
    return sql`${sql.id("e", by)}::${type} = ${comparedAs(plan, from, column)}`;
  });
  if (same.includes(null)) return null;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  return sql` and not exists (
    select from ${rows} e where e.row_no > 0 and e.row_no <= s.row_no and ${sql.join(same as Sql[], sql` and `)}
      and not exists (select from ${match} k where k.row_no = e.row_no and k.action = 'i'))`;
}

/** Columns of the target that the file fills, each with its field. */
export function fieldsByColumn({ importer, columns }: Pick<Plan, "importer" | "columns">): Map<string, string> {
  const staged = new Set(columns.map(({ name }) => name));
  return new Map(
    targetFields(importer).flatMap(([name, column]): [string, string][] => (staged.has(name) ? [[column, name]] : [])),
  );
}

/** Whether rows of the file may refer to records that other rows of it make: then they are committed in their order. */
export function mayReferToOneAnother({ importer, columns, target }: Plan): boolean {
  const fed = fieldsByColumn({ importer, columns });
  return target.foreignKeys.some(
    (key) =>
      key.isToItself &&
      key.isEnforced &&
      key.columns.some((name) => fed.has(name)) &&
      key.foreignColumns.some((name) => fed.has(name)),
  );
}

function fedKeys({ importer, target, job }: Plan, plain: ReadonlyMap<string, string>): FedKey[] {
  const context = new Map(
    Object.entries(importer.context ?? {}).map(([name, { column, type }]) => [
      column ?? name,
      { name, value: sql`${job.context[name]}::${sql.raw(type ?? "text")}` },
    ]),
  );
  return target.foreignKeys.flatMap((key): FedKey[] => {
    const parts = key.columns.map((name, k) => ({ name, foreign: key.foreignColumns[k], from: plain.get(name) }));
    const fed = parts.flatMap(({ name, foreign, from }) => {
      const column = target.columns.get(name);
      return from === undefined || column === undefined ? [] : [{ column, foreign, from }];
    });
    if (fed.length === 0) return [];
    const given = parts.flatMap(({ name, foreign }) => {
      const value = context.get(name)?.value;
      return value === undefined ? [] : [{ foreign, value }];
    });
    const bounds = boundsOfKey(
      importer,
      key,
      fed.map(({ from }) => from),
    );
    return [
      {
        key,
        fed,
        given,
        isWhole: fed.length + given.length === key.columns.length,
        bounds: bounds.filter(({ column }) => !given.some(({ foreign }) => foreign === column)),
      },
    ];
  });
}

/** What a record that a key refers to must share of the context, by what the fields say that feed the key. */
export function boundsOfKey(
  importer: Pick<Importer, "context" | "fields">,
  { foreignNames }: Pick<ForeignKey, "foreignNames">,
  fedBy: readonly string[],
): Bound[] {
  const fields = fedBy.map((name) => importer.fields[name]);
  if (fields.some(({ shared }) => shared === true)) return [];
  const said = fields.find((field) => field.context !== undefined)?.context;
  // Columns of the same name are taken for the same thing, unless the field says that they are not.
  const alike = Object.entries(importer.context ?? {})
    .filter(([name, { column = name }]) => foreignNames.includes(column))
    .map(([name]) => name);
  return boundsOf(importer, said ?? alike);
}
