/** Options of a record that contradict one another, or do nothing. */
import { isBelow, scopePairs } from "../context-scope.ts";
import type { Field } from "../field.ts";
import type { ContextScope } from "../fields/kind.ts";
import type { Fields, ImporterDefinition } from "../importer.ts";
import type { KeyPart } from "../records.ts";
import { firstOf } from "../shape/shape.ts";
import { type AnyRecord, eachOf, keysOf, refersTo } from "./record-plans.ts";

/** What records are looked through with: the importer's fields and context, and one another. */
export type Definition = Pick<ImporterDefinition<Fields>, "fields" | "context"> & {
  records: Readonly<Record<string, AnyRecord>>;
};

/** Kinds of field that have several values in a row. */
export const listKinds: ReadonlySet<string> = new Set(["list", "columns"]);

/** Whether the field's value, or each of them, is a text. */
function isText(field: Field): boolean {
  return field.kind === "text" || ("element" in field && (field.element as Field).kind === "text");
}

/** What is wrong with a record whose names are those of fields and records; null: nothing. */
export function senseProblem(
  { fields, records, context = {} }: Definition,
  name: string,
  record: AnyRecord,
): string | null {
  const place = `records.${name}`;
  const { key, keys, versions, path, link, onMatch, onMissing, where } = record;
  if (key !== undefined && keys !== undefined) return `${place} has both \`key\` and \`keys\`. Keep one of them`;
  const known = keysOf(record);
  const each = eachOf(record);
  const needs: [option: string, isSaid: boolean][] = [
    ["onMatch", onMatch !== undefined],
    ["onMissing", onMissing !== undefined],
    ["where", where !== undefined],
    ["versions", versions !== undefined],
    ["path", path !== undefined],
    ["link", link !== undefined],
    ["absent", record.absent !== undefined && record.absent !== "leave"],
    ["others", removesOthers(record)],
  ];
  const idle = known.length === 0 ? needs.find(([, isSaid]) => isSaid) : undefined;
  if (idle !== undefined)
    return `${place} has \`${idle[0]}\`, but no \`key\`: every row makes a new record, and none is looked for. Say what recognises one: key: ["code"]`;
  const twice = firstOf([...known.entries()], ([k, parts]) => {
    const told = parts.map((part) => JSON.stringify(part));
    const again = told.findIndex((part, at) => told.indexOf(part) < at);
    return again < 0 ? null : `${place}.${key !== undefined ? "key" : `keys[${k}]`} has a part twice. Name each once`;
  });
  if (twice !== null) return twice;
  const given = Object.values(record.set ?? {}).map((each) => JSON.stringify(each));
  for (const part of known.flat()) {
    if (typeof part === "string" && listKinds.has(fields[part].kind) && !each.includes(part))
      return `${place}: the field "${part}" of its key has several values in a row. Say each: "${part}" for a record of each of them`;
    if (given.includes(JSON.stringify(part))) continue;
    if (typeof part === "string" && fields[part].column === null)
      return `${place}: the field "${part}" of its key has no column (column: null). Say which one it has here, as set: { name: "${part}" }`;
    if (typeof part === "object" && part.kind === "name_of")
      return `${place}: nameOf("${part.field}") of its key needs a column. Say which one it has, as set: { warehouse: nameOf("${part.field}") }`;
  }
  if (versions !== undefined) {
    if (versions.from === versions.to)
      return `${place}.versions has "${versions.from}" twice: one column is for when a version begins, another for when it ends`;
    if (onMatch !== undefined && onMatch !== "update")
      return `${place} has both \`versions\` and onMatch: "${onMatch}". With versions a changed record is closed and followed by another: omit \`onMatch\``;
    if (path !== undefined)
      return `${place} has both \`versions\` and \`path\`. A tree has no versions: keep one of them`;
  }
  if (path !== undefined) {
    const [[part], more] = [known[0], known.length > 1 || known[0].length > 1];
    if (more || typeof part !== "string" || !isText(fields[part]))
      return `${place} has a \`path\`, whose key must be one text field, as "A > B > C" is: key: ["category"]`;
  }
  if (path !== undefined || link !== undefined) {
    const option = path !== undefined ? "path" : "link";
    if (record.id === null)
      return `${place} has a \`${option}\`, and no id (id: null) that it could store. Name its id`;
  }
  const used = new Set<string>(
    [...known.flat(), ...Object.values(record.set ?? {})].flatMap((given) =>
      typeof given === "string" ? [given] : given.kind === "name_of" ? [given.field] : [],
    ),
  );
  // What it refers to is another one for each of them.
  for (const parent of refersTo(record)) for (const field of eachOf(records[parent])) used.add(field);
  const unused = each.find((field) => !used.has(field));
  if (unused !== undefined)
    return `${place} is made for each of "${unused}", and no column gets it. Put it into \`key\` or \`set\`, as set: { name: "${unused}" }`;
  for (const parent of refersTo(record)) {
    const several = eachOf(records[parent]).find((field) => !each.includes(field));
    if (several !== undefined)
      return `${place} refers to "${parent}", of which a row makes several: one for each of "${several}". Say each: "${several}" here too${link?.from.record === parent ? `, or put the link on "${parent}"` : ""}`;
  }
  const idleOthers = othersProblem({ records, context }, name, record);
  if (idleOthers !== null) return idleOthers;
  if (record.absent !== undefined && record.absent !== "leave") {
    const isOthers =
      record.shared === true || (record.context !== undefined && Object.keys(record.context).length === 0);
    if (Object.keys(context).length > 0 && isOthers && !(isBelow(record) && record.shared !== true))
      return `${place} has \`absent\`, but no context that bounds it (${Object.keys(context).join(", ")}), so that records of others would go. Say its \`context\`, or omit \`absent\``;
  }
  return null;
}

function removesOthers({ others = "leave" }: AnyRecord): boolean {
  return others !== "leave";
}

/** A list is the whole list of one parent, and of nothing else. */
function othersProblem(
  { records, context = {} }: Omit<Definition, "fields">,
  name: string,
  record: AnyRecord,
): string | null {
  if (!removesOthers(record)) return null;
  const place = `records.${name}`;
  const { keys, link, path, versions, where } = record;
  const each = eachOf(record);
  if (each.length === 0)
    return `${place} has \`others\`, and a row makes one of it: only a list can be a whole list. Say each: "tags", or omit \`others\``;
  const idle = path !== undefined ? "path" : versions !== undefined ? "versions" : keys !== undefined ? "keys" : null;
  if (idle === "keys")
    return `${place} has both \`others\` and \`keys\`, any of which recognises it: nobody could tell which records a row leaves out. Keep one \`key\`, or omit \`others\``;
  if (idle !== null)
    return `${place} has both \`others\` and \`${idle}\`, whose records no row's list is the whole of. Keep one of them`;
  const isOfRow = (part: KeyPart<string, string>): boolean =>
    typeof part === "string"
      ? !each.includes(part)
      : part.kind === "ref"
        ? eachOf(records[part.record]).length === 0
        : !each.includes(part.field);
  const parents =
    link === undefined
      ? (record.key ?? []).filter((part) => typeof part === "object" && part.kind === "ref")
      : [link.from];
  if (!parents.some(isOfRow))
    return `${place} has \`others\`, and belongs to no record of which a row makes one: there is nobody whose whole list it could be. ${
      link === undefined
        ? `Put the parent into its key, as key: [ref("contact"), "${each[0]}"]`
        : `Link it to one that is made once a row`
    }, or omit \`others\``;
  if (link !== undefined && record.others !== "delete")
    return `${place} has \`others\` that deactivates, and a \`link\`: its links go, and what they lead to stays. Say others: "delete"`;
  const isBounded =
    hasContext(records, name) ||
    (link !== undefined && (hasContext(records, link.from.record) || hasNames(link.context)));
  if (Object.keys(context).length > 0 && !isBounded)
    return `${place} has \`others\`, but no context that bounds it (${Object.keys(context).join(", ")}), so that records of others would go. Say its ${link === undefined ? "`context`" : "`context`, or that of its link"}, or omit \`others\``;
  const shared = link?.table ?? record.table;
  const beside = Object.keys(records).find(
    (other) => other !== name && [records[other].table, records[other].link?.table].includes(shared),
  );
  if (beside !== undefined && where === undefined)
    return `${place} has \`others\`, and "${beside}" writes to ${shared} too: its records would be taken for others. Say which are its own, as where: "kind = '${name}'", or omit \`others\``;
  return null;
}

/** Whether its table has columns of the context, or what it belongs to has. */
function hasContext(records: Definition["records"], name: string): boolean {
  const { shared = false, context } = records[name];
  if (!shared && (context === undefined || hasNames(context))) return true;
  return keysOf(records[name])
    .flat()
    .some((part) => typeof part === "object" && part.kind === "ref" && hasContext(records, part.record));
}

function hasNames(scope: ContextScope | undefined): boolean {
  return scope !== undefined && scopePairs(scope).length > 0;
}
