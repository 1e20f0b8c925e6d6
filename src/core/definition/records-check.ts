/** What is wrong with the records of a definition: what they look like, the fields and records that they name, and what they say together. */

import type { KeyPart, Ref, ValueSource } from "../records.ts";
import { nearestName } from "../shape/nearest-name.ts";
import { firstOf, isObject, objectOf, shown } from "../shape/shape.ts";
import { recordChecks } from "./record-options.ts";
import { type AnyRecord, eachOf, refersTo } from "./record-plans.ts";
import { type Definition, listKinds, senseProblem } from "./record-sense.ts";

/** `<record>_id` names a column, and temporary tables are called after it. */
const recordPattern = /^[A-Za-z][A-Za-z0-9_]{0,39}$/;

/** What is wrong with a definition's records; null: nothing, and `recordPlans` can plan them. */
export function recordsProblem(definition: Definition): string | null {
  const { records } = definition;
  if (!isObject(records))
    return `records is ${shown(records)}: it must be an object, such as { product: { table: "products", key: ["code"] } }`;
  const names = Object.keys(records);
  if (names.length === 0) return "records is empty: name at least one";
  return (
    firstOf(Object.entries(records), ([name, record]) => {
      if (!recordPattern.test(name))
        return `the record name "${name}" cannot be used: letters a to z, digits and _, a letter first, at most 40`;
      return objectOf(recordChecks, ["table"])(record, `records.${name}`);
    }) ??
    firstOf(Object.entries(records), ([name, record]) => namesProblem(definition, name, record)) ??
    circleProblem(records) ??
    firstOf(Object.entries(records), ([name, record]) => senseProblem(definition, name, record))
  );
}

/** What a record names: fields, and other records. */
function namesProblem({ fields, records }: Definition, name: string, record: AnyRecord): string | null {
  const place = `records.${name}`;
  const fieldNames = Object.keys(fields);
  const recordNames = Object.keys(records);
  const field = (given: string, where: string): string | null => {
    if (Object.hasOwn(fields, given)) return null;
    const near = nearestName(given, fieldNames);
    const hint =
      Object.hasOwn(records, given) && given !== name
        ? ` It is a record: write ref("${given}")`
        : near === null
          ? ""
          : ` Did you mean "${near}"?`;
    return `${where} names the field "${given}", which is not one of: ${fieldNames.join(", ")}.${hint}`.replace(
      /\.$/,
      "",
    );
  };
  const reference = ({ record: given }: Ref, where: string): string | null => {
    if (given === name)
      return `${where} refers to the record itself. For a tree, whose parents are in the same table, say path: { separator: ">", parent: "parent_id" }`;
    if (!Object.hasOwn(records, given)) {
      const near = nearestName(given, recordNames);
      const hint =
        near !== null
          ? ` Did you mean ref("${near}")?`
          : Object.hasOwn(fields, given)
            ? ` It is a field: write "${given}"`
            : "";
      return `${where} refers to the record "${given}", which is not one of: ${recordNames.join(", ")}.${hint}`.replace(
        /\.$/,
        "",
      );
    }
    return records[given].id === null
      ? `${where} refers to the record "${given}", which has no id (id: null). Name its id, or repeat its key`
      : null;
  };
  const part = (given: ValueSource<string, string>, where: string): string | null => {
    if (typeof given === "string") return field(given, where);
    if (given.kind === "ref") return reference(given, where);
    if (given.kind !== "name_of") return null;
    return (
      field(given.field, where) ??
      (eachOf(record).includes(given.field)
        ? null
        : `${where} is nameOf("${given.field}"), and the record is not made for each of them. Say each: "${given.field}"`)
    );
  };
  const parts = (given: readonly KeyPart<string, string>[], where: string): string | null =>
    firstOf([...given.entries()], ([k, each]) => part(each, `${where}[${k}]`));
  return (
    firstOf(eachOf(record), (each) => field(each, `${place}.each`)) ??
    firstOf(eachOf(record), (each) =>
      listKinds.has(fields[each].kind)
        ? null
        : `${place}.each names "${each}", which is a field.${fields[each].kind}() with one value per row. Make it a field.list() or field.columns()`,
    ) ??
    parts(record.key ?? [], `${place}.key`) ??
    firstOf([...(record.keys ?? []).entries()], ([k, key]) =>
      typeof key === "string" ? field(key, `${place}.keys[${k}]`) : parts(key, `${place}.keys[${k}]`),
    ) ??
    firstOf(Object.entries(record.set ?? {}), ([column, given]) => part(given, `${place}.set.${column}`)) ??
    (record.link === undefined ? null : reference(record.link.from, `${place}.link.from`))
  );
}

/** Records that refer to one another in a circle. */
function circleProblem(records: Definition["records"]): string | null {
  const done = new Set<string>();
  const walk = (name: string, way: readonly string[]): string | null => {
    if (way.includes(name)) {
      const circle = [...way.slice(way.indexOf(name)), name];
      return `the records refer to one another in a circle: ${circle.join(" → ")}. One of them has to be there first: remove a ref`;
    }
    if (done.has(name)) return null;
    const found = firstOf(refersTo(records[name]), (parent) => walk(parent, [...way, name]));
    done.add(name);
    return found;
  };
  return firstOf(Object.keys(records), (name) => walk(name, []));
}
