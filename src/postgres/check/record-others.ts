/** What a record of whole lists takes away: from a table that shows who wrote a record, by whoever may, under policies that let them. */
import { told } from "../../core/errors.ts";
import { mainRecord } from "../../core/records.ts";
import { distributionOf } from "../tables/distribution.ts";
import { type Finder, type Finding, failure } from "./finding.ts";
import { policiesMissing } from "./policies.ts";
import { missingRights } from "./rights.ts";

export const findUnfitOthers: Finder = async (subject) => {
  const { database, importer, relationOf } = subject;
  const plan = mainRecord(importer);
  if (plan === undefined || plan.others === "leave") return [];
  const table = plan.link?.table ?? plan.table;
  const relation = await relationOf(table);
  if (relation === null) return [];
  const isTable = relation.kind === "r" || relation.kind === "p";
  if (!isTable || (await distributionOf(database, relation.oid)) !== "local")
    return [
      failure(
        told`\`others\` of the record "${plan.name}" of the importer "${importer.name}" needs a table of this database, and ${relation.name} is a view, a foreign table or spread over several machines. Omit \`others\`.`,
      ),
    ];
  const deletes = plan.others === "delete";
  const findings: Finding[] = await missingRights(subject, [
    { table, right: "select", columns: [...relation.columns.keys()] },
    // Locking a record needs it too.
    { table, right: "update", columns: typeof plan.others === "object" ? Object.keys(plan.others.deactivate) : null },
    ...(deletes ? [{ table, right: "delete" as const, columns: null }] : []),
  ]);
  return [
    ...findings,
    ...(await policiesMissing(subject, table, ["select", "update", ...(deletes ? (["delete"] as const) : [])])),
  ];
};
