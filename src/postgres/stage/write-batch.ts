/** A batch of rows on its way into the stage: by COPY, with what goes in beside it, in one transaction. */
import type { StageBatch } from "../../core/store/stage.ts";
import type { StageColumn } from "../../core/store/stage-column.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { addIssueCounts, moveCheckpoint } from "./checkpoint.ts";
import { StageLost, stageIsIntact, stageTables } from "./stage.ts";
import { addWarnings } from "./warnings.ts";

/** How a batch goes in; every step is told, so that a test can die at each. */
export type BatchStep = "copied" | "rejects" | "checkpoint";

/**
 * One transaction: the batch's rows by COPY into the stage as they come, the invalid ones into `import_rows`, issue
 * counts, job counters, and the checkpoint by compare-and-set.
 */
export async function writeBatch(
  database: Database,
  job: { id: number; generation: number },
  columns: readonly StageColumn[],
  batch: StageBatch,
  onStep: (step: BatchStep, row: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const { rows } = stageTables(job.id, job.generation);
  await database.transaction(
    async (session) => {
      const names = sql.join([sql.id("row_no"), sql.id("row_offset"), ...columns.map(({ name }) => sql.id(name))]);
      await copy(session, sql`copy ${rows} (${names}) from stdin with (null '')`, batch.rows);
      const end = await batch.end;
      const { row } = end.to;
      onStep("copied", row);
      if (end.rejects.length > 0) {
        const rejects = sql`copy sluice.import_rows (job_id, row_no, outcome, issues, cells, row_offset, typed_cells) from stdin`;
        await copy(session, rejects, [end.rejects]);
      }
      onStep("rejects", row);
      await addIssueCounts(session, job.id, -1, end.issueCounts);
      await addWarnings(session, job.id, end.warnings);
      await moveCheckpoint(session, job.id, { generation: job.generation, from: batch.from, ...end });
      if (!(await stageIsIntact(session, job.id, job.generation))) throw new StageLost(job.id, job.generation);
      onStep("checkpoint", row);
    },
    { signal, planning: "chunk" },
  );
}

/** COPYs the pieces as they come; when getting them fails, the COPY is undone. */
async function copy(
  session: Session,
  statement: Sql,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const stream = session.copyIn(statement);
  const refusals: Error[] = [];
  const done = new Promise<void>((resolve, reject) => {
    stream.on("finish", resolve);
    stream.on("error", (error) => {
      refusals.push(error);
      reject(error);
    });
  });
  // It is awaited below; until then a refusal in the middle is known.
  done.catch(() => {});
  /** A stream that the server has refused has no connection any longer: whatever is done to it fails for that, and not for the reason. */
  const refuseIfRefused = (): void => {
    if (refusals.length > 0) throw refusals[0];
  };
  try {
    for await (const piece of pieces) {
      refuseIfRefused();
      if (stream.write(piece)) continue;
      await Promise.race([new Promise((resolve) => stream.once("drain", resolve)), done]);
    }
    refuseIfRefused();
    stream.end();
  } catch (error) {
    refuseIfRefused();
    stream.destroy(error as Error);
    await done.catch(() => {});
    throw error;
  }
  await done;
}
