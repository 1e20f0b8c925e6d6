/** A record of an importer as a target of its own: what an importer would be whose rows made this one alone. */
import type { Field } from "../../core/field.ts";
import type { Importer } from "../../core/importer.ts";
import type { RecordPlan } from "../../core/records.ts";
import { contextOf, targetOf } from "../tables/one-record.ts";

/**
 * The importer with the record as its main one, so that what looks at a target looks at this record's table. Owners, history and
 * match keys stay with the record that is the main one.
 */
export function recordView(importer: Importer, plan: RecordPlan): Importer {
  if (plan.isMain) return importer;
  const records = importer.records?.map((each) => ({ ...each, isMain: each.name === plan.name }));
  const fed = new Set(plan.columns.flatMap(({ source }) => (source.kind === "field" ? [source.field] : [])));
  const fields = Object.entries(importer.fields).filter(([name]) => fed.has(name));
  const always = alwaysFilled(plan);
  return {
    ...importer,
    records,
    fields: Object.fromEntries(
      fields.map(([name, field]) => {
        const one = plan.each.includes(name) ? elementOf(field) : field;
        return [name, always.has(name) ? { ...one, required: true } : one];
      }),
    ),
    context: contextOf(importer, plan),
    target: targetOf(plan),
    match: { keys: [], onDuplicate: "skip", ...(plan.where !== null && { where: plan.where }) },
    assign: undefined,
    history: undefined,
  };
}

/** Fields that have a value wherever the record is made: a list's elements, a key, and what it consists of alone. */
function alwaysFilled({ each, keys, columns }: RecordPlan): Set<string> {
  const fieldsOf = (some: RecordPlan["columns"]): string[] =>
    some.flatMap(({ source }) => (source.kind === "field" ? [source.field] : []));
  const inKey = keys.length === 1 ? fieldsOf(keys[0]) : [];
  const own = fieldsOf(columns).filter((field) => !inKey.includes(field));
  return new Set([...each, ...inKey, ...(keys.length > 0 && own.length === 1 ? own : [])]);
}

/** What one of the values of a list is. */
function elementOf(field: Field): Field {
  return "element" in field ? (field.element as Field) : field;
}
