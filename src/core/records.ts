/**
 * Records: what one row of a file makes in several tables. A definition says it record by record; `recordPlans`
 * (definition/record-plans.ts) puts them in the order in which they are written and fills in what was left out, and that is what
 * match, commit, dry run and undo work with.
 */
import type { ContextType } from "./context.ts";
import type { ContextScope } from "./fields/kind.ts";
import type { Run } from "./run.ts";

/** Refers to another record of the same row: its id. */
export interface Ref<R extends string = string> {
  readonly kind: "ref";
  readonly record: R;
}

/** The id of the record `name` that the same row makes or finds. */
export function ref<const R extends string>(name: R): Ref<R> {
  return { kind: "ref", record: name };
}

/** What is the same in every record: not from the file. */
export type Made =
  /** The same value in every record. */
  | { readonly kind: "constant"; readonly value: string | number | boolean | null }
  /** The transaction's time, whenever the record is created or changed. */
  | { readonly kind: "now" }
  /** Of a new record only; called once for each row, before the commit. */
  | { readonly kind: "on_create"; readonly make: (run: Run) => string | number | boolean | null }
  /** The name of the column that an element of `field.columns()` comes from. */
  | { readonly kind: "name_of"; readonly field: string };

/** What is made whatever the row has. */
export type FixedValue = Exclude<Made, { kind: "name_of" }>;

/** The same value in every record. */
export function constant(value: string | number | boolean | null): FixedValue {
  return { kind: "constant", value };
}
/** The time of the transaction in which the record is created or changed. */
export function now(): FixedValue {
  return { kind: "now" };
}
/**
 * A value of new records only, made once for each row.
 *
 * @example set: { id: onCreate(() => uuidv7()), created_by: onCreate((run) => run.user.id) }
 */
export function onCreate(make: (run: Run) => string | number | boolean | null): FixedValue {
  return { kind: "on_create", make };
}
/** Beside `each: "stock"` of a `field.columns()`: what tells the column's name, such as the warehouse in `Stock Lyon`. */
export function nameOf<const N extends string>(field: N): { readonly kind: "name_of"; readonly field: N } {
  return { kind: "name_of", field };
}

/** A field's name, a record of the same row, or what comes from no file. */
export type ValueSource<N extends string, R extends string> = KeyPart<N, R> | FixedValue;
/** One part of a key. */
export type KeyPart<N extends string, R extends string> = N | Ref<R> | { readonly kind: "name_of"; readonly field: N };

/** What becomes of a record that is there already: left as it is, or changed by the fields' merge rules. */
export type OnMatch = "use" | "update" | "skip";
/** What becomes of one that is not there. */
export type OnMissing = "create" | "issue";

/** What becomes of a record that the file does not name: it is left, deleted, or its columns say that it is gone. */
export type Absent =
  | "leave"
  | "delete"
  | { readonly deactivate: Readonly<Record<string, string | number | boolean | null>> };

/** A record of a definition with the fields `N`, those of lists `L`, and the records `R`. */
export interface RecordDefinition<N extends string, R extends string, L extends string = N> {
  /** Optionally with its schema. */
  table: string;
  /** Its primary key, one column. Default `id`; `null`: it has none, and is known by its key. */
  id?: string | null | undefined;
  /**
   * What recognises it: all parts together. A part that is not in `set` has a column too: the field's own, or `product_id` for
   * `ref("product")`. Without a key every row creates one.
   */
  key?: readonly KeyPart<N, R>[] | undefined;
  /** Several keys instead, any of which recognises it; an earlier one outvotes a later one that finds another. */
  keys?: readonly (N | readonly KeyPart<N, R>[])[] | undefined;
  /** Column → where its value comes from. */
  set?: Readonly<Record<string, ValueSource<N, R>>> | undefined;
  /** Default `update` of the main record and those that no other refers to, `use` of the others. */
  onMatch?: OnMatch | undefined;
  /** Default `create`. */
  onMissing?: OnMissing | undefined;
  /** SQL over a record `t`: others are as if they were not there, such as `deleted_at is null`. */
  where?: string | undefined;
  /** Instead of changing the record, it is closed and followed by another: columns of its validity. */
  versions?: { from: string; to: string } | undefined;
  /** One record per element of these list fields, taken together element by element. */
  each?: L | readonly L[] | undefined;
  /**
   * Many to many: a row in this table for each record and the one referred to. `to`: the column of this record. Default column names
   * `<record>_id`. `context`: context values that the table has a column for; default those of the importer's whose columns it has.
   */
  link?:
    | {
        table: string;
        from: Ref<R>;
        column?: string | undefined;
        to?: string | undefined;
        context?: ContextScope | undefined;
      }
    | undefined;
  /** The key field is a path, "A > B > C": a record per step, each the parent of the next. */
  path?: { separator: string; parent: string } | undefined;
  /**
   * Context values that its table has a column for, which bound its keys; default all of the importer's. A list that is empty: it
   * has none itself, and belongs to the record that its keys refer to.
   */
  context?: ContextScope | undefined;
  /** It is everybody's: its table is looked into whatever the import's context. */
  shared?: boolean | undefined;
  /** Columns that must not be null and that the database fills, by a trigger say. */
  filledByDatabase?: readonly string[] | undefined;
  /** What becomes of those in scope that the file does not name, in the mode `mirror`. Default `leave`. */
  absent?: Absent | undefined;
  /**
   * Of a record that is made for each part of a list: that the row's list is the whole list. What its parent has beside it goes: of a
   * `link` the links, and not what they lead to; else the records. A blank list says nothing. Default `leave`.
   */
  others?: Absent | undefined;
  /** What people call them, by language: "rings". Default: the name. */
  label?: Readonly<Partial<Record<"en" | "fr" | "sv", string>>> | undefined;
  /**
   * What is said while they are written, by language: "Working on page {n} of {of}…". Default: from the label, "Creating rings…",
   * which also stands where `{n}` and `{of}` are not known yet.
   */
  step?: Readonly<Partial<Record<"en" | "fr" | "sv", string>>> | undefined;
}

/** Where a column's value comes from, checked. */
export type PlannedSource =
  | { readonly kind: "field"; readonly field: string }
  | Ref
  | Made
  /** A context value of the import. */
  | { readonly kind: "context"; readonly name: string };

export interface PlannedColumn {
  readonly column: string;
  readonly source: PlannedSource;
}

/** The table of links between a record and another. */
export interface LinkPlan {
  readonly table: string;
  readonly from: string;
  /** Of the record referred to. */
  readonly column: string;
  /** Of the record itself. */
  readonly to: string;
  /** Context values that go into columns of its own: those that it has, and those that the definition says it has. */
  readonly context?: readonly {
    readonly name: string;
    readonly column: string;
    readonly type: ContextType;
    readonly isSaid: boolean;
  }[];
}

/**
 * A record as it is worked with. The main one is the importer's `target`: matched for the whole file, with owners, history and the
 * strategy that the person chose. The others are written with it, chunk by chunk: parents before it, children after.
 */
export interface RecordPlan {
  readonly name: string;
  readonly table: string;
  /** Null: it has no id of its own, and is known by its key. */
  readonly id: string | null;
  readonly isMain: boolean;
  /** Any of which recognises it, the strongest first. Empty: every row creates one. */
  readonly keys: readonly (readonly PlannedColumn[])[];
  /** Every column that is filled, those of the keys and of the context among them. */
  readonly columns: readonly PlannedColumn[];
  /** Context columns, which bound the keys. */
  readonly scope: readonly PlannedColumn[];
  /** List fields whose elements each make one; empty: one per row. */
  readonly each: readonly string[];
  readonly onMatch: OnMatch;
  readonly onMissing: OnMissing;
  readonly where: string | null;
  readonly versions: { readonly from: string; readonly to: string } | null;
  readonly link: LinkPlan | null;
  readonly path: { readonly field: string; readonly separator: string; readonly parent: string } | null;
  readonly filledByDatabase?: readonly string[];
  readonly absent: Absent;
  readonly others: Absent;
  readonly label: RecordDefinition<string, string>["label"];
  readonly step?: RecordDefinition<string, string>["step"];
}

/** The record that is matched for the whole file; undefined where an importer has one table, or no record of that kind. */
export function mainRecord({
  records,
}: {
  readonly records?: readonly RecordPlan[] | undefined;
}): RecordPlan | undefined {
  return records?.find(({ isMain }) => isMain);
}

/** The tables of an importer's records and of their links, by the names in its definition; none where it has one table. */
export function recordTables({ records = [] }: { readonly records?: readonly RecordPlan[] | undefined }): string[] {
  return records.flatMap(({ table, link }) => (link === null ? [table] : [table, link.table]));
}

/** What the journal calls the rows of a record's link table. */
export function linkName(record: string): string {
  return `${record}.link`;
}

/** The record that an importer's `target` is, where values of new records are named. */
export const targetRecord = "target";

/** A value that is made for each row while the file is read, and stored where the row creates the record. */
export interface CreatedValue {
  /** Of the stage's column; no field can be called so. */
  name: string;
  make: (run: Run) => unknown;
}

/** What the stage calls the value of a new record's column. */
export function createdName(record: string, column: string): string {
  return `create ${record}.${column}`;
}

/** The values that only new records get, of an importer's target or of its records. */
export function createdValues({
  target,
  records,
}: {
  readonly target: { readonly set?: Readonly<Record<string, FixedValue>> | undefined };
  readonly records?: readonly RecordPlan[] | undefined;
}): CreatedValue[] {
  const ofTarget = Object.entries(target.set ?? {}).map(([column, source]) => ({
    record: targetRecord,
    column,
    source,
  }));
  // Where a row may make several of one kind, each has a value of its own: those are made with them.
  const ofRecords = (records ?? [])
    .filter(({ each, path }) => each.length === 0 && path === null)
    .flatMap(({ name, columns }) => columns.map(({ column, source }) => ({ record: name, column, source })));
  return [...ofTarget, ...ofRecords].flatMap(({ record, column, source }) =>
    source.kind === "on_create" ? [{ name: createdName(record, column), make: source.make }] : [],
  );
}
