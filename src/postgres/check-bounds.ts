/** Fields that hold ids themselves: whether what they say of the other table's context can be kept to. */
import { told } from "../errors.ts";
import { targetColumn } from "../importer.ts";
import { type Finder, type Finding, failure } from "./check-finding.ts";
import { boundsOf } from "./context.ts";
import { readTable } from "./target.ts";

export const findUnfitBounds: Finder = async ({ database, importer }) => {
  const bounded = Object.entries(importer.fields).filter(
    ([, field]) => field.kind !== "reference" && field.context !== undefined,
  );
  if (bounded.length === 0) return [];
  const { foreignKeys } = await readTable(database, importer.target.table);
  return bounded.flatMap(([name, field]): Finding[] => {
    const column = targetColumn(importer, name);
    const keys = foreignKeys.filter(({ columns }) => columns.includes(column));
    if (keys.length === 0)
      return [
        failure(
          told`The field "${name}" of the importer "${importer.name}" has a \`context\`, and its column ${column} has no foreign key that says which table it points at. Use field.reference, or leave \`context\` out.`,
        ),
      ];
    return keys.flatMap(({ foreignTable, foreignNames }) => {
      const missing = boundsOf(importer, field.context)
        .map((bound) => bound.column)
        .filter((each) => !foreignNames.includes(each));
      return missing.length === 0
        ? []
        : [
            failure(
              told`The table ${foreignTable} has no column ${missing.join(", ")}, which the \`context\` of the field "${name}" of the importer "${importer.name}" names. Name the one that has it, or say shared: true.`,
            ),
          ];
    });
  });
};
