/** The targets of importers, read from the catalogue once for each process and kept until an import is made again. */
import type { ImportJob } from "../../core/import.ts";
import type { Importer } from "../../core/importer.ts";
import type { StageColumn } from "../../core/store/stage-column.ts";
import type { Targets } from "../../core/store/targets.ts";
import type { Database } from "../connection/connect.ts";
import { roleOf, runOf, sampleRun } from "../tables/on-target.ts";
import type { Plan } from "../tables/plan.ts";
import { readTarget, type TargetTable } from "../tables/target.ts";
import { refuseUnfit } from "./check.ts";

/** Everything a statement about a job's rows needs. */
export type PlanOf = (job: ImportJob, importer: Importer, columns: readonly StageColumn[]) => Promise<Plan>;

/** `planOf`: with the target as it was read last. */
export function postgresTargets(database: Database): Targets & { planOf: PlanOf } {
  const known = new Map<string, TargetTable>();
  const keyOf = ({ name }: Importer, role: string | null): string => JSON.stringify([name, role]);
  const read = async (importer: Importer, role: string | null): Promise<TargetTable> => {
    const target = await readTarget(database, importer, role);
    known.set(keyOf(importer, role), target);
    return target;
  };
  return {
    async prepare(importer) {
      await refuseUnfit(database, importer);
      return (await read(importer, roleOf(sampleRun(importer)))).name;
    },
    async planOf(job, importer, columns) {
      const role = roleOf(runOf({ job, importer }));
      const target = known.get(keyOf(importer, role)) ?? (await read(importer, role));
      return { job, importer, columns, target };
    },
  };
}
