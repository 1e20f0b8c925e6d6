/** How the tables that an importer looks into are bounded by its context: by which columns, or as everybody's. */
import type { ContextScope } from "./fields/kind.ts";
import type { Fields, ImporterDefinition } from "./importer.ts";
import type { RecordDefinition } from "./records.ts";

type AnyRecord = RecordDefinition<string, string>;

/** What is wrong with how the tables that an importer looks into are bounded by its context; null where nothing is. */
export function scopeProblem({
  fields,
  assign,
  context = {},
  records = {},
}: Pick<ImporterDefinition<Fields>, "fields" | "assign" | "context" | "records">): string | null {
  const bounded = [
    ...Object.entries(fields).map(([name, field]) => ({
      what: `the field "${name}"`,
      table: field.kind === "reference" ? field.table : null,
      scope: field.context,
      shared: field.shared === true,
    })),
    ...(assign === undefined
      ? []
      : [{ what: "assign", table: assign.table, scope: assign.context, shared: assign.shared === true }]),
    ...Object.entries(records as Readonly<Record<string, AnyRecord>>).map(([name, record]) => ({
      what: `records.${name}`,
      table: isBelow(record) || record.context === undefined ? null : record.table,
      scope: record.context,
      shared: record.shared === true,
    })),
    ...Object.entries(records as Readonly<Record<string, AnyRecord>>).map(([name, { link }]) => ({
      what: `records.${name}.link`,
      table: null,
      scope: link?.context,
      shared: false,
    })),
  ];
  const names = Object.keys(context);
  for (const { what, table, scope, shared } of bounded) {
    const pairs = scope === undefined ? [] : scopePairs(scope);
    for (const [name, column] of pairs) {
      if (!Object.hasOwn(context, name))
        return `${what} names the context value "${name}" in its \`context\`, which is none of its context values. Add it to \`context\`.`;
      if (column === "" || (column !== undefined && typeof column !== "string"))
        return `${what} must name the column that has "${name}": context: { ${name}: "${name}" }.`;
    }
    if (shared && pairs.length > 0)
      return `${what} has both \`context\` and \`shared\`: keep the one that is true of its table.`;
    if (table === null || names.length === 0 || shared || pairs.length > 0) continue;
    const list = names.map((name) => JSON.stringify(name)).join(", ");
    return (
      `${what} looks into ${table} without its context (${names.join(", ")}), so that records of others would be found. ` +
      `Write context: [${list}] where ${table} has columns of these names, context: { ${names[0]}: "COLUMN" } where they ` +
      `are called otherwise there, or shared: true where ${table} is everybody's.`
    );
  }
  return null;
}

/** Whether whatever recognises a record refers to another, whose context is its own. */
export function isBelow({ key, keys, set = {} }: AnyRecord): boolean {
  const ways = key !== undefined ? [key] : (keys ?? [Object.values(set)]);
  return ways.every(
    (way) => typeof way !== "string" && way.some((part) => typeof part === "object" && part.kind === "ref"),
  );
}

/** The context values of a scope, each with its column in the other table; undefined where it is called as in the target. */
export function scopePairs(scope: ContextScope): [name: string, column: string | undefined][] {
  return Array.isArray(scope)
    ? scope.map((name: string) => [name, undefined])
    : Object.entries(scope as Readonly<Record<string, string>>);
}
