/**
 * defineImporter(): the face of Sluice. An importer says which fields there are, on which of them a duplicate is
 * recognised, and into which table the rows go.
 */
import type { BatchRoute } from "./batch-route.ts";
import { type ContextField, type ContextValues, contextValue } from "./context.ts";
import type { DuplicateStrategy, MergeRules } from "./duplicates.ts";
import { SluiceError, told } from "./errors.ts";
import type { Field, FieldValue } from "./field.ts";
import type { ContextScope } from "./fields/kind.ts";
import type { Language } from "./fields/language.ts";
import type { IssueParams } from "./issue.ts";
import type { Key } from "./keys.ts";
import type { Mode } from "./modes.ts";
import type { AfterCommit, RecordSink } from "./record-sink.ts";
import { type Absent, type FixedValue, mainRecord, type RecordDefinition, type RecordPlan } from "./records.ts";
import type { Repeats } from "./repeats.ts";
import type { Run } from "./run.ts";
import type { TableAccess } from "./table-access.ts";
import type { SignedIn, UserAction } from "./users.ts";

export type Fields = Readonly<Record<string, Field>>;
type NameOf<F> = keyof F & string;

/** A row as a check sees it: every field's value, null where the cell is blank or the column is not mapped. */
export type RowOf<F extends Fields> = { readonly [N in keyof F]: FieldValue<F[N]> | null };

/** What a row check finds: a message for the person who imports, optionally on one field. */
export interface RowFinding {
  message: string;
  field?: string | undefined;
  params?: IssueParams | undefined;
}

/** The rows of an import as a query of `sqlCheck` sees them. All names are quoted and safe to put into SQL. */
export interface CheckedRows {
  /**
   * A table of the rows whose cells are right: `row_no integer`, every field under its name in its own type (of a reference the id that
   * it stands for), null where no column feeds it, and every context value under its name.
   */
  rows: string;
  /** The target table. */
  target: string;
}

/** A rule over many rows, or against what is in the database, as one query. */
export interface SqlCheck<N extends string = string> {
  readonly kind: "sql";
  readonly find: (checked: CheckedRows) => string;
  readonly message: string | Partial<Record<Language, string>>;
  readonly field?: N | undefined;
}

/** A rule over more than one field. */
export type RowCheck<F extends Fields> =
  | { readonly kind: "at_least_one"; readonly fields: readonly NameOf<F>[] }
  | SqlCheck<NameOf<F>>
  | ((row: RowOf<F>) => RowFinding | null | undefined);

/** A rule of an importer of any fields. */
export type AnyRowCheck =
  | { readonly kind: "at_least_one"; readonly fields: readonly string[] }
  | SqlCheck
  | AnyFunctionCheck["check"];

/** Declared as a method: the rules of every importer fit, whatever rows they want. */
interface AnyFunctionCheck {
  check(row: Readonly<Record<string, unknown>>): RowFinding | null | undefined;
}

/** The row needs a value in at least one of these fields. Quicker than a function: it makes no strings. */
export function atLeastOne<const N extends string>(...fields: N[]): { kind: "at_least_one"; fields: N[] } {
  return { kind: "at_least_one", fields };
}

/**
 * Rejects the rows that a query finds, before any is written; in a dry run too. `find` returns the text of the query: `row_no` of each
 * wrong row, and whatever the message says in braces. It runs once over all rows of the file, as the importer's role where `session`
 * names one.
 *
 * @example
 * sqlCheck({
 *   field: "share",
 *   message: { en: "The shares of {deal} add up to {total}.", fr: "Les parts de {deal} font {total}." },
 *   find: ({ rows }) => `select row_no, deal, total from (
 *     select row_no, deal, sum(share) over (partition by deal) as total from ${rows}) r where total <> 100`,
 * })
 */
export function sqlCheck<const N extends string = never>(
  check: Omit<SqlCheck<N>, "kind">,
): { kind: "sql" } & Omit<SqlCheck<N>, "kind"> {
  return { kind: "sql", ...check };
}

/** Groups of fields of which a row needs a value in at least one. */
export function neededGroups({ checks = [] }: Pick<Importer, "checks">): string[][] {
  return checks.flatMap((check) =>
    typeof check !== "function" && check.kind === "at_least_one" ? [[...check.fields]] : [],
  );
}

/** The rules of an importer that are queries, each with its place in `checks`. */
export function sqlChecks({ checks = [] }: Pick<Importer, "checks">): { check: SqlCheck; place: string }[] {
  return checks.flatMap((check, k) =>
    typeof check !== "function" && check.kind === "sql" ? [{ check, place: `checks[${k}]` }] : [],
  );
}

export interface Target {
  /** The table the records go to, optionally with its schema: `leads` or `crm.leads`. */
  table: string;
  /** Its primary key. Default `id`. */
  id?: string | undefined;
  /** Column that gets the job's id (bigint). */
  job?: string | undefined;
  /** Column set to `now()` by an update, and by a creation where it must not be null and has no default. */
  updatedAt?: string | undefined;
  /**
   * Columns that no field feeds: `constant("import")` in every record, `now()` whenever one is created or changed, `onCreate()` in new
   * ones alone.
   *
   * @example set: { id: onCreate(() => uuidv7()), created_by: onCreate((run) => run.user.id), updated_at: now() }
   */
  set?: Readonly<Record<string, FixedValue>> | undefined;
  /** Columns that must not be null, have no default, and are filled by a trigger of the table's. */
  filledByDatabase?: readonly string[] | undefined;
  /**
   * What becomes of the records in scope that the file does not name, in the mode `mirror`.
   *
   * @example absent: { deactivate: { active: false } }
   */
  absent?: Absent | undefined;
}

/** A table that gets one row per event of a record: `imported`, or `updated` with the changed values before and after. */
export interface History {
  table: string;
  /** Column with the record's id. */
  record: string;
  /** Default `event`. */
  event?: string | undefined;
  /** jsonb. Default `old_values`. */
  oldValues?: string | undefined;
  /** jsonb. Default `new_values`. */
  newValues?: string | undefined;
  /** bigint. Left out when absent. */
  job?: string | undefined;
  /** text. Left out when absent. */
  actor?: string | undefined;
}

/** The columns of a history that are written. */
export function historyColumns(history: History): string[] {
  const { record, event = "event", oldValues = "old_values", newValues = "new_values", job, actor } = history;
  return [record, event, oldValues, newValues, job, actor].filter((name) => name !== undefined);
}

/** Who may own a record. */
export interface Owners {
  /** Column of the target that gets the owner's id. */
  column: string;
  /** Table of the owners. */
  table: string;
  /** Columns an owner is recognised by, case ignored. */
  by: readonly string[];
  /** Default `id`. */
  id?: string | undefined;
  /** Context values that an owner must share: by columns called as in the target, or `{ tenant_id: "org_id" }`. */
  context?: ContextScope | undefined;
  /** The owners are everybody's: they are found whatever the import's context. */
  shared?: boolean | undefined;
}

/**
 * Settings of a transaction: a name with a dot, as `app.tenant`, to its value. `role`: the database role that statements on the
 * importer's tables run as.
 */
export type SessionSettings = Readonly<Record<string, string | number | boolean>>;

/** The chunk as an importer's own loader sees it. All names are quoted and safe to put into SQL. */
export interface LoadChunk {
  /**
   * A table of the rows to load: `row_no integer`, `action text` (`create` or `update`), `record_id` (of the record to
   * update), every field under its name, `owner_id`, and every context value under its name.
   */
  rows: string;
  /**
   * A table that a loader of several statements fills, one line for each row of `rows`: `row_no integer`, `outcome text` (`created`,
   * `updated`, `unchanged` or `skipped`), `record_id text`, and of an updated record `before jsonb` and `after jsonb`: the columns that
   * changed, with their values. By these the history and an undo know what to write and what to give back.
   */
  outcomes: string;
  /** The target table. */
  target: string;
  jobId: number;
}

/**
 * Runs a statement in the import's transaction, as the importer's role, as `query` of a `pg` client does. It must not end the
 * transaction; savepoints of its own are fine.
 */
export interface LoadDatabase {
  // biome-ignore lint/suspicious/noExplicitAny: what the rows hold is the statement's to say
  query<Row = any>(text: string, values?: readonly unknown[]): Promise<{ rows: Row[] }>;
}

/** The import that `finish` is told of. */
export interface FinishedImport {
  jobId: number;
  /** The target table, quoted. */
  target: string;
  context: Readonly<Record<string, string>>;
  user: { readonly id: string | null };
}

/** Fields whose cells are lists. */
type ListNameOf<F extends Fields> = {
  [N in NameOf<F>]: Extract<F[N]["kind"], "list" | "columns"> extends never ? never : N;
}[NameOf<F>];

export interface ImporterDefinition<F extends Fields, R extends string = string> {
  /** Lower case letters, digits and `-`: what the command line and URLs call it. */
  name: string;
  /** What people call its records, such as "Customers"; default: the name. */
  label?: Partial<Record<Language, string>> | undefined;
  fields: F;
  /**
   * How duplicates are recognised. `keys`, the strongest first: a field, or several together of which each must have a value. The
   * strongest key that two rows both have decides whether they are the same.
   *
   * @example match: { keys: ["customer_no", "email", ["first_name", "last_name", "birth_date"]] }
   */
  match?:
    | {
        keys: readonly Key<NameOf<F>>[];
        onDuplicate?: DuplicateStrategy | undefined;
        /**
         * SQL over a record, which is `t` and whose columns need no prefix, such as `deleted_at is null`: other records are as
         * if they were not there.
         */
        where?: string | undefined;
      }
    | undefined;
  /**
   * Which rows of a file count that are the same record, where they update it and one key recognises it: `all`, one after the other
   * (default), only the `first`, or only the `last`. The others are skipped, and reported.
   */
  repeats?: Repeats | undefined;
  /** What an import may do with what is there, the default first. Default: `upsert`, `update_only`, `append`. */
  modes?: readonly Mode[] | undefined;
  /**
   * The share of the records in scope, from 0 to 1, that a replace or a mirror may remove before somebody has to confirm it. Default
   * 0.3.
   */
  maxRemoval?: number | undefined;
  /** Where the records go, of an importer whose rows make one each. */
  target?: Target | undefined;
  /**
   * What a row makes in several tables, instead of `target` and `match`: each record by a name, in whatever order.
   *
   * @example
   * records: {
   *   brand: { table: "brands", key: ["brand"], set: { name: "brand" }, onMatch: "use" },
   *   product: { table: "products", key: ["code"], set: { title: "title", brand_id: ref("brand") }, onMatch: "update" },
   *   price: { table: "prices", key: [ref("product")], set: { amount: "price" }, versions: { from: "valid_from", to: "valid_to" } },
   * }
   */
  records?:
    | { readonly [Name in R]: RecordDefinition<NoInfer<NameOf<F>>, NoInfer<R>, NoInfer<ListNameOf<F>>> }
    // As an importer that is defined has them.
    | readonly RecordPlan[]
    | undefined;
  history?: History | undefined;
  assign?: Owners | undefined;
  checks?: readonly RowCheck<F>[] | undefined;
  /**
   * `default` of fields, where the row's values are known by type.
   *
   * @example defaults: { country: "FR", ends: (row) => row.starts }
   */
  defaults?:
    | { readonly [N in NameOf<F>]?: FieldValue<F[N]> | ((row: RowOf<F>) => FieldValue<F[N]> | null) | undefined }
    | undefined;
  /**
   * `derive` of fields, where the row's values are known by type.
   *
   * @example derive: { full_name: (row) => `${row.first_name} ${row.last_name}` }
   */
  derive?: { readonly [N in NameOf<F>]?: ((row: RowOf<F>) => FieldValue<F[N]> | null) | undefined } | undefined;
  /**
   * What a user may do with this importer and its imports. Default: everything with their own. An administrator is asked about
   * only where nothing else pins the context. Written with its third parameter it may also allow a context that `from` does not
   * give, or one that has no `from`.
   *
   * @example can: (user, action, { context }) => user.wheels.includes(context.wheel_id)
   */
  can?:
    | ((user: SignedIn, action: UserAction, about: { context: ContextValues }) => boolean | Promise<boolean>)
    | undefined;
  context?: Readonly<Record<string, ContextField>> | undefined;
  /**
   * Whose values a user is shown of records that were there before, by a dry run and among an import's records: of all (default),
   * of those that they own by `assign` (the owner's id is the user's), or of none. A key that is guessed well tells them otherwise
   * what others know. Administrators see all.
   */
  reveal?: "all" | "own" | "none" | undefined;
  /**
   * Settings that every transaction on the importer's tables has, the dry run's and the undo's too, as row level security
   * reads them: `session: (run) => ({ "app.tenant": run.context.tenant_id })`. With `role`, its tables are read and written as
   * that role, which needs no right on anything of Sluice's.
   *
   * @example session: (run) => ({ role: "authenticated", "request.jwt.claims": JSON.stringify({ sub: run.user.id }) })
   */
  session?: ((run: Run) => SessionSettings) | undefined;
  /**
   * What is kept up to date with the records that imports write, by the outbox: at least once, however long it is down. Sinks such as
   * `typesense({…})`, or functions of the records that changed.
   */
  afterCommit?: readonly (RecordSink | AfterCommit)[] | undefined;
  /** SQL that creates the importer's tables where they are absent; run by `sluice migrate` and before an import. */
  tables?: readonly TableDefinition[] | undefined;
  /** Views that it ships, made after its tables. */
  views?: readonly ViewDefinition[] | undefined;
  /**
   * For small files: `POST /import/{importer}` answers with the results instead of where to ask for them. Larger files are
   * refused; what takes longer goes on in the background.
   */
  synchronous?: boolean | SynchronousLimits | undefined;
  /** A route of its own, for programs that send rows as JSON. */
  batch?: BatchRoute<NameOf<F>> | undefined;
  /**
   * Instead of the default loader. Either it returns one set-based statement over the chunk, which returns, for every row of
   * `chunk.rows`, `row_no integer, outcome text` (`created`, `updated`, `unchanged` or `skipped`) and `record_id`; or it runs several
   * on `db` and fills `chunk.outcomes`.
   */
  load?: ((chunk: LoadChunk, db: LoadDatabase) => string | Promise<void>) | undefined;
  /**
   * Beside a `load` of several statements: fills `chunk.outcomes` with what `load` would do, and writes nothing. Without it a dry run
   * loads the rows and takes them back.
   */
  foresee?: ((chunk: LoadChunk, db: LoadDatabase) => Promise<void>) | undefined;
  /**
   * Runs once when every chunk is in, in the transaction that completes the import: to refresh a materialized view, say. Where it
   * fails, the import fails with what it said and can be retried.
   */
  finish?: ((job: FinishedImport, db: LoadDatabase) => Promise<void>) | undefined;
}

/** A table that an importer ships. */
export interface TableDefinition {
  name: string;
  /** Column → type as `format_type` writes it, checked when the table is already there. */
  columns: Readonly<Record<string, string>>;
  /** Statements that create it with its indexes, run in one transaction when it is absent. */
  create: readonly string[];
  /** Whose its rows are for people who reach it by Supabase's API. Default: admins alone. */
  access?: TableAccess;
}

/** A view that an importer ships. What else has its name is left as it is. */
export interface ViewDefinition {
  name: string;
  /** The query. It is made anew when a newer version ships another. */
  query: string;
}

/** What an answer with results waits for. */
export interface SynchronousLimits {
  /** Rows of the largest file. Default 1,000. */
  rows?: number | undefined;
  /** How long the request waits. Default 25. */
  seconds?: number | undefined;
}

/** A checked definition, its fields known by type. */
export interface TypedImporter<F extends Fields> extends Omit<ImporterDefinition<F>, "defaults" | "derive"> {
  readonly target: Required<Pick<Target, "table" | "id">> & Target;
  readonly match: { keys: readonly Key<NameOf<F>>[]; onDuplicate: DuplicateStrategy; where?: string | undefined };
  /** In the order in which they are written, of an importer whose rows make several; `target` and `match` are those of the main one. */
  readonly records?: readonly RecordPlan[] | undefined;
}

/** An importer of any fields: what the engine works with, and what lists of importers hold. */
export interface Importer extends Omit<TypedImporter<Fields>, "match" | "checks"> {
  readonly match: { keys: readonly Key[]; onDuplicate: DuplicateStrategy; where?: string | undefined };
  readonly checks?: readonly AnyRowCheck[] | undefined;
}

/** Says which importers there are, and how there come to be more. */
export function unknownImporter(name: string, importers: ReadonlyMap<string, Importer>): SluiceError {
  const known = [...importers.keys()].join(", ") || told`none`;
  return new SluiceError(
    "not_found",
    told`There is no importer "${name}". Available: ${known}. Add others to sluice.config.ts; the ones that come with Sluice are in "sluice/importers".`,
  );
}

/** The column of the target table that a field goes to; null: it goes to other records, or is only looked at. */
export function targetColumn(importer: Importer, fieldName: string): string | null {
  // What the stage has beside the fields: the names of a field's columns.
  if (!Object.hasOwn(importer.fields, fieldName)) return null;
  if (importer.records === undefined) {
    const { column = fieldName } = importer.fields[fieldName];
    return column;
  }
  const main = mainRecord(importer)?.columns ?? [];
  return main.find(({ source }) => source.kind === "field" && source.field === fieldName)?.column ?? null;
}

/** The fields that go to the target table, each with its column. */
export function targetFields(importer: Importer): [name: string, column: string][] {
  return Object.keys(importer.fields).flatMap((name): [string, string][] => {
    const column = targetColumn(importer, name);
    return column === null ? [] : [[name, column]];
  });
}

/** The column of the target table that has a match key, which is always one. */
export function keyColumn(importer: Importer, fieldName: string): string {
  const column = targetColumn(importer, fieldName);
  if (column === null) throw new Error(`the key ${fieldName} of the importer ${importer.name} has no column`);
  return column;
}

/** The context values, each with the column of the target that it fills; none where no record is the target's own. */
export function targetContext(importer: Importer): [name: string, column: string][] {
  if (importer.records !== undefined && mainRecord(importer) === undefined) return [];
  return Object.entries(importer.context ?? {}).map(([name, { column }]) => [name, column ?? name]);
}

/** The columns that records have for the context values. */
export function contextColumns({ context = {} }: Pick<Importer, "context">): string[] {
  return Object.entries(context).map(([name, { column }]) => column ?? name);
}

/**
 * The values that come from the caller, each in the form in which it is kept, against what the importer asks for.
 *
 * @throws SluiceError `invalid` for a missing, an unknown or a malformed one.
 */
export function checkContext(importer: Importer, given: ContextValues): Record<string, string> {
  for (const name of Object.keys(importer.context ?? {})) {
    if (Object.hasOwn(given, name)) continue;
    throw new SluiceError("invalid", told`The importer "${importer.name}" needs the context value "${name}".`, {
      next: { code: "give_context", name },
    });
  }
  return knownContext(importer, given);
}

/**
 * The same of some of its values, for those that are missing are said by somebody else.
 *
 * @throws SluiceError `invalid` for an unknown or a malformed one.
 */
export function knownContext(importer: Importer, given: ContextValues): Record<string, string> {
  const known = importer.context ?? {};
  const values: Record<string, string> = {};
  for (const [name, text] of Object.entries(given)) {
    if (!Object.hasOwn(known, name)) {
      throw new SluiceError(
        "invalid",
        told`The importer "${importer.name}" has no context value "${name}". It has: ${Object.keys(known).join(", ") || told`none`}.`,
      );
    }
    const { type = "text" } = known[name];
    const value = contextValue(type, text);
    if (value === null) {
      throw new SluiceError(
        "invalid",
        told`The context value "${name}" of the importer "${importer.name}" is "${text}", which is not a valid ${type}.`,
      );
    }
    values[name] = value;
  }
  return values;
}

/** The importer as one import wants it. A rule for a field that it no longer has is left aside. */
export function withMerge(importer: Importer, merge: MergeRules): Importer {
  const own = Object.entries(merge).filter(([name]) => Object.hasOwn(importer.fields, name));
  if (own.length === 0) return importer;
  const changed = own.map(([name, rule]) => [name, { ...importer.fields[name], merge: rule }]);
  return { ...importer, fields: { ...importer.fields, ...Object.fromEntries(changed) } };
}

/** Whether what becomes of a duplicate can be decided row by row. */
export function decidesByRow({ load, records }: Importer): boolean {
  return load === undefined && records === undefined;
}
