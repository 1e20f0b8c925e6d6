/** What the columns of a file imply beside the mapping: parents by their few values, the days that it spans, and how many records would come of it. */
import type { DateSpan, ImpliedParent, SuggestedRecords } from "../core/analysis.ts";
import { told } from "../core/errors.ts";
import type { Importer } from "../core/importer.ts";
import { mainRecord, type RecordPlan } from "../core/records.ts";
import type { ColumnProfile } from "./profile.ts";

/** Values of a parent that are named. */
const namedValues = 20;
/** Years of a span that are named. */
const namedYears = 20;

/** The field whose values name a parent; null: it is no parent, or has no field of its own. */
export interface ParentField {
  record: string | null;
  field: string;
  isCreated: boolean;
}

/** The fields whose values are the names of other records, in the order of the definition. */
export function parentFields(importer: Importer): ParentField[] {
  const { records } = importer;
  const looked = Object.entries(importer.fields).flatMap(([field, { kind }]): ParentField[] =>
    kind === "reference" ? [{ record: null, field, isCreated: false }] : [],
  );
  const parents = (records ?? []).flatMap((plan): ParentField[] => {
    const field = nameOf(plan);
    // Where a column cannot feed it, or holds several names in a cell, its values are not the column's.
    const isColumns =
      field !== null && importer.fields[field].kind === "text" && importer.fields[field].derive === undefined;
    return isColumns && isParent(plan, records ?? [])
      ? [{ record: plan.name, field, isCreated: plan.onMissing === "create" }]
      : [];
  });
  return [...parents, ...looked];
}

function isParent(plan: RecordPlan, all: readonly RecordPlan[]): boolean {
  if (plan.isMain || plan.versions !== null) return false;
  return (
    plan.link !== null ||
    all.some(
      ({ columns, name }) =>
        name !== plan.name && columns.some(({ source }) => source.kind === "ref" && source.record === plan.name),
    )
  );
}

/** Of the first key: the field that names the record within its scope. */
function nameOf({ keys }: RecordPlan): string | null {
  const named = keys[0]?.filter(({ source }) => source.kind === "field") ?? [];
  return named.length === 1 && named[0].source.kind === "field" ? named[0].source.field : null;
}

export function impliedParents(
  importer: Importer,
  profiles: readonly ColumnProfile[],
  columnOf: ReadonlyMap<string, number>,
  isWhole: boolean,
): ImpliedParent[] {
  return parentFields(importer).flatMap(({ record, field, isCreated }): ImpliedParent[] => {
    const column = columnOf.get(field);
    if (column === undefined) return [];
    const { header, distinct, rows, top } = profiles[column];
    if (distinct === 0) return [];
    return [
      {
        ...{ record, field, header, isCreated, distinct, isAtLeast: !isWhole },
        values: top.slice(0, namedValues),
        reason: told`${distinct} different {0:value|values} in ${rows} {1:row|rows} of “${header}”.`,
      },
    ];
  });
}

/** Of the fields of days that columns feed, taken together: an activity's start and end. */
export function dateSpans(
  importer: Importer,
  profiles: readonly ColumnProfile[],
  columnOf: ReadonlyMap<string, number>,
): DateSpan[] {
  const dated = Object.entries(importer.fields).flatMap(([field, { kind }]) => {
    const column = columnOf.get(field);
    if (column === undefined || (kind !== "date" && kind !== "datetime")) return [];
    const { header, least, greatest } = profiles[column];
    return typeof least === "string" && typeof greatest === "string" ? [{ field, header, least, greatest }] : [];
  });
  if (dated.length === 0) return [];
  const from = dated.map(({ least }) => least).sort()[0];
  const to = dated.map(({ greatest }) => greatest).sort()[dated.length - 1];
  const [first, last] = [from, to].map((day) => Number(day.slice(0, 4)));
  const years = Array.from({ length: Math.min(namedYears, last - first + 1) }, (_, k) => first + k);
  return [
    {
      ...{ fields: dated.map(({ field }) => field), headers: dated.map(({ header }) => header), from, to, years },
      reason:
        first === last
          ? told`All days are in ${String(first)}.`
          : told`The days go from ${from} to ${to}: ${last - first + 1} years.`,
    },
  ];
}

export function suggestedRecords(
  importer: Importer,
  parents: readonly ImpliedParent[],
  rows: number,
  isWhole: boolean,
): SuggestedRecords[] {
  const { records, target } = importer;
  const perRow = { count: rows, isAtLeast: !isWhole, reason: told`One for each row.` };
  const unknown = { count: null, isAtLeast: false };
  if (records === undefined) return [{ record: null, table: target.table, ...perRow }];
  const main = mainRecord(importer);
  return records.flatMap((plan): SuggestedRecords[] => {
    const { name, table, each, versions, isMain } = plan;
    const parent = parents.find(({ record }) => record === name);
    const as = { record: name, table };
    if (parent !== undefined) {
      const { distinct: count, header } = parent;
      return [{ ...as, count, isAtLeast: !isWhole, reason: told`One for each value of “${header}”.` }];
    }
    const isOthers = isParent(plan, records);
    if (each.length > 0)
      return isOthers
        ? [{ ...as, ...unknown, reason: told`As many as a row's lists have values.` }]
        : [{ ...as, count: rows, isAtLeast: true, reason: told`One at least for each row.` }];
    // A parent that no column names is not made.
    if (isOthers) return [];
    if (versions !== null)
      return [{ ...as, ...unknown, reason: told`One for each row whose value is another than before.` }];
    if (isMain || main === undefined) return [{ ...as, ...perRow }];
    return [{ ...as, ...unknown, reason: told`One at most for each row.` }];
  });
}
