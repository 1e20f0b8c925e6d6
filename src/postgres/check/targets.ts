/** The targets of importers, read from the catalogue once for each process and kept until an import is made again. */
import type { ImportJob } from "../../core/import.ts";
import type { Importer } from "../../core/importer.ts";
import type { StageColumn } from "../../core/store/stage-column.ts";
import type { Targets } from "../../core/store/targets.ts";
import type { Database } from "../connection/connect.ts";
import type { Plan } from "../target/plan.ts";
import { readTarget, type TargetTable } from "../target/target.ts";
import { refuseUnfit } from "./check.ts";

/** Everything a statement about a job's rows needs. */
export type PlanOf = (job: ImportJob, importer: Importer, columns: readonly StageColumn[]) => Promise<Plan>;

/** `planOf`: with the target as it was read last. */
export function postgresTargets(database: Database): Targets & { planOf: PlanOf } {
  const known = new Map<string, TargetTable>();
  const read = async (importer: Importer): Promise<TargetTable> => {
    const target = await readTarget(database, importer);
    known.set(importer.name, target);
    return target;
  };
  return {
    async prepare(importer) {
      await refuseUnfit(database, importer);
      return (await read(importer)).name;
    },
    planOf: async (job, importer, columns) => ({
      ...{ job, importer, columns },
      target: known.get(importer.name) ?? (await read(importer)),
    }),
  };
}
