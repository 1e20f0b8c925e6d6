/** The stages of jobs as the engine asks for them: by the job, whose generation names its tables. */
import { isFed } from "../../core/import.ts";
import { keyFields } from "../../core/keys.ts";
import type { Stage } from "../../core/store/stage.ts";
import type { Database } from "../connection/connect.ts";
import { columnStatistics, noteIssueCounts, parseState } from "./checkpoint.ts";
import { indexStage } from "./index-stage.ts";
import { createStage, dropStage, lostStage, stageIsIntact } from "./stage.ts";
import { writeBatch } from "./write-batch.ts";

export function postgresStage(database: Database): Stage {
  return {
    create: ({ id, stageGeneration }, columns) => createStage(database, id, stageGeneration, columns),
    isIntact: ({ id, stageGeneration }) => stageIsIntact(database, id, stageGeneration),
    write: ({ id, stageGeneration }, columns, batch, onStep, signal) =>
      writeBatch(database, { id, generation: stageGeneration }, columns, batch, onStep, signal),
    index: ({ id, stageGeneration, duplicates, mapping }, { onEvent, signal }) =>
      indexStage(
        database,
        id,
        stageGeneration,
        keyFields(duplicates.keys).filter((key) => isFed(mapping, key)),
        { onTerminated: (backendPid) => onEvent({ name: "worker.terminated_stalled", jobId: id, backendPid }), signal },
      ),
    columnStatistics: (id) => columnStatistics(database, id),
    state: (id) => parseState(database, id),
    note: (id, counts) => noteIssueCounts(database, id, counts),
    lossOf: lostStage,
    drop: ({ id, stageGeneration }) => dropStage(database, id, stageGeneration),
  };
}
