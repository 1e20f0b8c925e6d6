/** Import jobs in `sluice.import_jobs`: made, found, moved and deleted, each in a file of its own. */
import type { ImportJob } from "../../core/import.ts";
import type { Imports } from "../../core/store/imports.ts";
import { again } from "../connection/again.ts";
import type { Database } from "../connection/connect.ts";
import { dropStage } from "../stage/stage.ts";
import { createImport } from "./create-import.ts";
import { deleteImport, removeImport } from "./delete-import.ts";
import { changeImport, finishParse, moveImport, restageImport } from "./move-import.ts";
import { findSameFile, getImport, importCounts, issueCounts, listImports } from "./read-import.ts";
import { readAgain, reopenImport } from "./reopen.ts";

export function postgresImports(database: Database): Imports {
  /** What it had staged is of no use after it. */
  const withoutStage = async (work: () => Promise<ImportJob>): Promise<ImportJob> => {
    const before = await again(work);
    await dropStage(database, before.id, before.stageGeneration);
    return before;
  };
  return {
    create: (fresh) => createImport(database, fresh),
    get: (id) => getImport(database, id),
    list: (limit) => listImports(database, limit),
    ofSameFile: (file) => findSameFile(database, file),
    counts: (id) => importCounts(database, id),
    issueCounts: (id) => issueCounts(database, id),
    move: (id, to, changes) => again(() => moveImport(database, id, to, changes)),
    change: (id, changes) => again(() => changeImport(database, id, changes)),
    finishParse: (job) => finishParse(database, job),
    readAgain: (job, changes) => readAgain(database, job, changes),
    restage: (id, lost) => restageImport(database, id, lost),
    reopen: (id, actor) => withoutStage(() => reopenImport(database, id, actor)),
    delete: (id) => deleteImport(database, id),
    remove: (id, from) => withoutStage(() => removeImport(database, id, from)),
  };
}
