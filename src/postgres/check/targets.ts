/** The targets of importers, read from the catalogue once for each process and kept until an import is made again. */
import type { ImportJob } from "../../core/import.ts";
import type { Importer } from "../../core/importer.ts";
import { duplicatesIn } from "../../core/modes.ts";
import type { StageColumn } from "../../core/store/stage-column.ts";
import type { Targets } from "../../core/store/targets.ts";
import type { Database } from "../connection/connect.ts";
import { withDecisions } from "../match/decided-rows.ts";
import { roleOf, runOf, sampleRun } from "../tables/on-target.ts";
import type { Plan } from "../tables/plan.ts";
import { type RecordTable, readRecordTables } from "../tables/record-table.ts";
import { readTarget, type TargetTable } from "../tables/target.ts";
import { refuseUnfit } from "./check.ts";
import { refuseDistributed } from "./distributed.ts";

/** Everything a statement about a job's rows needs. */
export type PlanOf = (job: ImportJob, importer: Importer, columns: readonly StageColumn[]) => Promise<Plan>;

/** `planOf`: with the target as it was read last. */
export function postgresTargets(database: Database): Targets & { planOf: PlanOf } {
  const known = new Map<string, TargetTable>();
  const tables = new Map<string, ReadonlyMap<string, RecordTable>>();
  /** When each was last found fit. */
  const fit = new WeakMap<Importer, { name: string; at: number }>();
  const keyOf = ({ name }: Importer, role: string | null): string => JSON.stringify([name, role]);
  const read = async (importer: Importer, role: string | null): Promise<TargetTable> => {
    const target = await readTarget(database, importer, role);
    known.set(keyOf(importer, role), target);
    tables.delete(keyOf(importer, role));
    return target;
  };
  const tablesOf = async (importer: Importer, role: string | null): Promise<Pick<Plan, "tables">> => {
    if (importer.records === undefined) return {};
    const key = keyOf(importer, role);
    const read = tables.get(key) ?? (await readRecordTables(database, importer, role));
    tables.set(key, read);
    return { tables: read };
  };
  return {
    async prepare(importer, withinMs = 0) {
      const before = fit.get(importer);
      if (before !== undefined && performance.now() - before.at < withinMs) return before.name;
      await refuseUnfit(database, importer);
      const { name } = await read(importer, roleOf(sampleRun(importer)));
      fit.set(importer, { name, at: performance.now() });
      return name;
    },
    async planOf(job, importer, columns) {
      const role = roleOf(runOf({ job, importer }));
      const target = known.get(keyOf(importer, role)) ?? (await read(importer, role));
      const decided = { ...job, duplicates: duplicatesIn(job) };
      const made = { job: decided, importer, columns, target, ...(await tablesOf(importer, role)) };
      const plan = await withDecisions(database, made);
      refuseDistributed(plan);
      return plan;
    },
  };
}
