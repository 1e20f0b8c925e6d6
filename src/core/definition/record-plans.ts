/** The plans of an importer's records: which one is the main one, in which order they are written, and what was left unsaid. */
import type { ContextField } from "../context.ts";
import { scopePairs } from "../context-scope.ts";
import type { Field } from "../field.ts";
import type {
  KeyPart,
  LinkPlan,
  PlannedColumn,
  PlannedSource,
  RecordDefinition,
  RecordPlan,
  ValueSource,
} from "../records.ts";

/** What a definition says of its records: checked names, no circle. */
export interface RecordsDefinition {
  readonly fields: Readonly<Record<string, Pick<Field, "column">>>;
  readonly context?: Readonly<Record<string, ContextField>> | undefined;
  readonly records: Readonly<Record<string, AnyRecord>>;
}
export type AnyRecord = RecordDefinition<string, string>;

/**
 * The records as they are worked with: those that the main one does not need and that do not need it come before it, so that
 * whatever keeps a row out is met before the main record is written.
 */
export function recordPlans(definition: RecordsDefinition): RecordPlan[] {
  const { records } = definition;
  const order = parentsFirst(records);
  const main = mainOf(definition, order);
  const below = new Set<string>();
  for (const name of order)
    if (main !== null && refersTo(records[name]).some((each) => each === main || below.has(each))) below.add(name);
  const referred = new Set(Object.values(records).flatMap(refersTo));
  return [
    ...order.filter((name) => name !== main && !below.has(name)),
    ...(main === null ? [] : [main]),
    ...order.filter((name) => below.has(name)),
  ].map((name) => planOf(definition, name, { isMain: name === main, isReferred: referred.has(name) }));
}

/** The records that a record refers to. */
export function refersTo({ key = [], keys = [], set = {}, link }: AnyRecord): string[] {
  const sources: ValueSource<string, string>[] = [...key, ...keys.flatMap(partsOf), ...Object.values(set)];
  if (link !== undefined) sources.push(link.from);
  const names = sources.flatMap((source) =>
    typeof source === "object" && source.kind === "ref" ? [source.record] : [],
  );
  return [...new Set(names)];
}

/** The keys of a record, each with its parts, the first deciding before the next. */
export function keysOf({ key, keys }: Pick<AnyRecord, "key" | "keys">): (readonly KeyPart<string, string>[])[] {
  return key !== undefined ? [key] : (keys ?? []).map(partsOf);
}

function partsOf(key: string | readonly KeyPart<string, string>[]): readonly KeyPart<string, string>[] {
  return typeof key === "string" ? [key] : key;
}

/** The list fields of which each element makes a record. */
export function eachOf({ each = [] }: Pick<AnyRecord, "each">): readonly string[] {
  return typeof each === "string" ? [each] : each;
}

/** Column of the reference to a record that is not told otherwise. */
export function refColumn(record: string): string {
  return `${record}_id`;
}

/** In the definition's order, but each behind those that it refers to. */
function parentsFirst(records: RecordsDefinition["records"]): string[] {
  const order: string[] = [];
  const place = (name: string): void => {
    if (order.includes(name)) return;
    for (const parent of refersTo(records[name])) place(parent);
    order.push(name);
  };
  for (const name of Object.keys(records)) place(name);
  return order;
}

/**
 * The record that a row is about, which is matched as a whole file's records are: one with a key of its own, which no other such
 * one refers to, and which has more than a name that others refer to. Null: there is none, as where a row makes several of the only one.
 */
function mainOf({ context = {}, records }: RecordsDefinition, order: readonly string[]): string | null {
  const isScopedAsImporter = (record: AnyRecord): boolean =>
    record.shared !== true &&
    (record.context === undefined ||
      Object.entries(context).every(([name, { column = name }]) =>
        scopePairs(record.context ?? []).some(([own, there = column]) => own === name && there === column),
      ));
  const referred = new Set(Object.values(records).flatMap(refersTo));
  /** It is only there to be referred to: nothing of it could change. */
  const isName = (name: string): boolean =>
    records[name].onMatch === undefined && referred.has(name) && hasKeyAlone(records[name]);
  const mayBe = order.filter((name) => {
    const { onMatch, each, versions, link, path, id } = records[name];
    return (
      onMatch !== "use" &&
      !isName(name) &&
      [each, versions, link, path].every((option) => option === undefined) &&
      id !== null &&
      keysOf(records[name]).every((parts) => parts.every((part) => typeof part === "string")) &&
      isScopedAsImporter(records[name])
    );
  });
  const keyed = mayBe.filter((name) => keysOf(records[name]).length > 0);
  const some = keyed.length > 0 ? keyed : mayBe;
  const parents = new Set(some.flatMap((name) => ancestorsOf(records, name)));
  const written = Object.keys(records).filter((name) => some.includes(name));
  return written.find((name) => !parents.has(name)) ?? null;
}

/** Whether all that it has is what recognises it. */
function hasKeyAlone(record: AnyRecord): boolean {
  const known = keysOf(record)
    .flat()
    .map((part) => JSON.stringify(part));
  return known.length > 0 && Object.values(record.set ?? {}).every((source) => known.includes(JSON.stringify(source)));
}

function ancestorsOf(records: RecordsDefinition["records"], name: string): string[] {
  return refersTo(records[name]).flatMap((parent) => [parent, ...ancestorsOf(records, parent)]);
}

function planOf(
  { fields, context = {}, records }: RecordsDefinition,
  name: string,
  { isMain, isReferred }: { isMain: boolean; isReferred: boolean },
): RecordPlan {
  const record = records[name];
  const {
    versions = null,
    path,
    link,
    where = null,
    onMissing = "create",
    absent = "leave",
    others = "leave",
  } = record;
  const set = Object.entries(record.set ?? {}).map(([column, source]) => ({ column, source: plannedSource(source) }));
  const implied: PlannedColumn[] = [];
  const columnOf = (part: KeyPart<string, string>): PlannedColumn => {
    const source = plannedSource(part);
    const known = [...set, ...implied].find((each) => isSameSource(each.source, source));
    if (known !== undefined) return known;
    const made = { column: ownColumn(fields, part), source };
    implied.push(made);
    return made;
  };
  const keys = keysOf(record).map((parts) => parts.map(columnOf));
  const scope = (record.shared === true ? [] : scopePairs(record.context ?? Object.keys(context))).map(
    ([value, column]): PlannedColumn => ({
      column: column ?? context[value]?.column ?? value,
      source: { kind: "context", name: value },
    }),
  );
  const keyField = keys[0]?.[0]?.source;
  return {
    name,
    table: record.table,
    id: record.id === undefined ? "id" : record.id,
    isMain,
    keys,
    columns: [...implied, ...set, ...scope],
    scope,
    each: eachOf(record),
    onMatch: record.onMatch ?? (isMain || versions !== null || !isReferred ? "update" : "use"),
    onMissing,
    where,
    versions,
    link: link === undefined ? null : linkPlan(context, name, link),
    path:
      path === undefined || keyField?.kind !== "field"
        ? null
        : { field: keyField.field, separator: path.separator, parent: path.parent },
    absent,
    others,
    label: record.label,
    ...(record.step !== undefined && { step: record.step }),
    ...(record.filledByDatabase !== undefined && { filledByDatabase: record.filledByDatabase }),
  };
}

function linkPlan(
  context: NonNullable<RecordsDefinition["context"]>,
  name: string,
  link: NonNullable<AnyRecord["link"]>,
): LinkPlan {
  const ends = { column: link.column ?? refColumn(link.from.record), to: link.to ?? refColumn(name) };
  const isSaid = link.context !== undefined;
  const columns = scopePairs(link.context ?? Object.keys(context)).map(([value, column]) => ({
    name: value,
    column: column ?? context[value]?.column ?? value,
    type: context[value]?.type ?? "text",
    isSaid,
  }));
  return {
    table: link.table,
    from: link.from.record,
    ...ends,
    ...(columns.length > 0 && { context: columns }),
  };
}

function plannedSource(source: ValueSource<string, string>): PlannedSource {
  return typeof source === "string" ? { kind: "field", field: source } : source;
}

/** The column of a key's part that is not in `set`: the field's own, or the reference's. */
function ownColumn(fields: RecordsDefinition["fields"], part: KeyPart<string, string>): string {
  if (typeof part === "string") return fields[part]?.column ?? part;
  return part.kind === "ref" ? refColumn(part.record) : part.field;
}

function isSameSource(one: PlannedSource, other: PlannedSource): boolean {
  switch (one.kind) {
    case "field":
    case "name_of":
      return other.kind === one.kind && other.field === one.field;
    case "ref":
      return other.kind === "ref" && other.record === one.record;
    default:
      return false;
  }
}
