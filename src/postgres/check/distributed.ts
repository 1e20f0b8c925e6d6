/** Tables of Citus that are spread over machines: what of an import goes there, and what does not. */
import { SluiceError, told } from "../../core/errors.ts";
import { removes } from "../../core/modes.ts";
import { distributionOf } from "../tables/distribution.ts";
import type { Plan } from "../tables/plan.ts";
import { advice, type Finder } from "./finding.ts";

export const findDistributed: Finder = async ({ database, target: { oid, name } }) => {
  switch (await distributionOf(database, oid)) {
    case "local":
    // Their undo compares values.
    case "reference":
      return [];
    case "distributed":
      return [
        advice(
          `${name} is a distributed table of Citus: imports can create records there, and neither change nor delete any, nor be undone. Set match.onDuplicate to "skip"`,
        ),
      ];
  }
};

/** @throws SluiceError `invalid` for an import that would change or delete records of a distributed table. */
export function refuseDistributed({ job, target, tables }: Pick<Plan, "job" | "target" | "tables">): void {
  const table = [target, ...(tables?.values() ?? [])].find(({ distribution }) => distribution === "distributed");
  if (table === undefined || (job.duplicates.strategy !== "update" && !removes(job.mode))) return;
  throw new SluiceError(
    "invalid",
    told`${table.name} is a distributed table of Citus, whose records an import can create and neither change nor delete. Skip duplicates instead of updating them, in a mode that removes nothing.`,
  );
}
