/**
 * defineImporter(): the face of Sluice. An importer says which fields there are, on which of them a duplicate is
 * recognised, and into which table the rows go.
 */
import { type ContextField, type ContextValues, contextValue } from "./context.ts";
import type { DuplicateStrategy, MergeRules } from "./duplicates.ts";
import { SluiceError, told } from "./errors.ts";
import type { Field, FieldValue } from "./field.ts";
import type { ContextScope } from "./fields/kind.ts";
import type { Language } from "./fields/language.ts";
import type { IssueParams } from "./issue.ts";
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

/** A rule over more than one field. */
export type RowCheck<F extends Fields> =
  | { readonly kind: "at_least_one"; readonly fields: readonly NameOf<F>[] }
  | ((row: RowOf<F>) => RowFinding | null | undefined);

/** A rule of an importer of any fields. */
export type AnyRowCheck =
  | { readonly kind: "at_least_one"; readonly fields: readonly string[] }
  | AnyFunctionCheck["check"];

/** Declared as a method: the rules of every importer fit, whatever rows they want. */
interface AnyFunctionCheck {
  check(row: Readonly<Record<string, unknown>>): RowFinding | null | undefined;
}

/** The row needs a value in at least one of these fields. Quicker than a function: it makes no strings. */
export function atLeastOne<const N extends string>(...fields: N[]): { kind: "at_least_one"; fields: N[] } {
  return { kind: "at_least_one", fields };
}

export interface Target {
  /** The table the records go to, optionally with its schema: `leads` or `crm.leads`. */
  table: string;
  /** Its primary key. Default `id`. */
  id?: string | undefined;
  /** Column that gets the job's id (bigint). */
  job?: string | undefined;
  /** Column set to `now()` by an update. */
  updatedAt?: string | undefined;
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

/** Whose import it is, as passed to `session`. */
export interface Run {
  /** The importer's name. */
  readonly importer: string;
  /** Null before there is an import: when owners are looked up for one. */
  readonly jobId: number | null;
  readonly context: Readonly<Record<string, string>>;
  /** Who made the import. */
  readonly user: { readonly id: string | null };
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
  /** The target table. */
  target: string;
  jobId: number;
}

export interface ImporterDefinition<F extends Fields> {
  /** Lower case letters, digits and `-`: what the command line and URLs call it. */
  name: string;
  /** What people call its records, such as "Customers"; default: the name. */
  label?: Partial<Record<Language, string>> | undefined;
  fields: F;
  /** How duplicates are recognised: any of `keys`, the first deciding where they disagree. */
  match?:
    | {
        keys: readonly NameOf<F>[];
        onDuplicate?: DuplicateStrategy | undefined;
        /**
         * SQL over a record, which is `t` and whose columns need no prefix, such as `deleted_at is null`: other records are as
         * if they were not there.
         */
        where?: string | undefined;
      }
    | undefined;
  target: Target;
  history?: History | undefined;
  assign?: Owners | undefined;
  checks?: readonly RowCheck<F>[] | undefined;
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
  /** SQL that creates the importer's tables where they are absent; run by `sluice migrate` and before an import. */
  tables?: readonly TableDefinition[] | undefined;
  /**
   * One set-based statement over the chunk instead of the default loader. It returns, for every row of `chunk.rows`,
   * `row_no integer, outcome text` (`created`, `updated`, `unchanged` or `skipped`) and `record_id`.
   */
  load?: ((chunk: LoadChunk) => string) | undefined;
}

/** A table that an importer ships. */
export interface TableDefinition {
  name: string;
  /** Column → type as `format_type` writes it, checked when the table is already there. */
  columns: Readonly<Record<string, string>>;
  /** Statements that create it with its indexes, run in one transaction when it is absent. */
  create: readonly string[];
}

/** A checked definition, its fields known by type. */
export interface TypedImporter<F extends Fields> extends ImporterDefinition<F> {
  readonly target: Required<Pick<Target, "table" | "id">> & Target;
  readonly match: { keys: readonly NameOf<F>[]; onDuplicate: DuplicateStrategy; where?: string | undefined };
}

/** An importer of any fields: what the engine works with, and what lists of importers hold. */
export interface Importer extends Omit<TypedImporter<Fields>, "match" | "checks"> {
  readonly match: { keys: readonly string[]; onDuplicate: DuplicateStrategy; where?: string | undefined };
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

/** The column of the target table that a field goes to. */
export function targetColumn(importer: Importer, fieldName: string): string {
  return importer.fields[fieldName].column ?? fieldName;
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
