/** Postgres as the engine's Store: the adapters of its nouns, each in its room, put together. */
import type { Store } from "../core/store/store.ts";
import { postgresRecipients } from "./accounts/recipients.ts";
import { postgresUsers } from "./accounts/users.ts";
import { postgresArchive } from "./archive/archive.ts";
import { postgresOutcomes } from "./archive/report-rows.ts";
import { postgresTargets } from "./check/targets.ts";
import { defaultChunkRows } from "./commit/chunks.ts";
import { postgresCommits } from "./commit/commits.ts";
import { type Database, isConnectionLoss } from "./connection/connect.ts";
import { Listener } from "./connection/listener.ts";
import type { Worker } from "./connection/workers.ts";
import { postgresSources } from "./fetching/sources.ts";
import { postgresDrafts } from "./jobs/drafts.ts";
import { postgresIdempotency } from "./jobs/idempotency.ts";
import { postgresImports } from "./jobs/imports.ts";
import { postgresClaims } from "./jobs/job-claims.ts";
import { postgresLeftovers } from "./jobs/leftovers.ts";
import { postgresMeasures } from "./jobs/measures.ts";
import { type DescribeStep, postgresProgress } from "./jobs/progress.ts";
import { postgresTemplates } from "./jobs/templates.ts";
import { postgresEvents } from "./jobs/timelines.ts";
import { postgresUploads } from "./jobs/uploads.ts";
import { postgresOwners } from "./match/owners.ts";
import { postgresOutbox } from "./outbox/outbox.ts";
import { postgresReview } from "./review/review.ts";
import { postgresStage } from "./stage/stages.ts";
import { roleOf, runOf } from "./tables/on-target.ts";
import { readTarget } from "./tables/target.ts";
import { postgresUndo } from "./undo/undo.ts";
import { postgresWebhooks } from "./webhooks/webhooks.ts";

export interface StoreOptions {
  /** Rows of a chunk, for jobs that have no chunks yet. */
  chunkRows?: number;
  /** Hears what other processes tell; default: one of the store's own, by the database's address. */
  listener?: Listener;
  /** What a step is called where its progress is kept; default: by its code. */
  describeStep?: DescribeStep;
}

export function postgresStore(
  database: Database,
  worker: Worker,
  { chunkRows = defaultChunkRows, listener = new Listener(database, null), describeStep }: StoreOptions = {},
): Store {
  const events = postgresEvents(database, listener);
  const targets = postgresTargets(database);

  return {
    imports: postgresImports(database),
    drafts: postgresDrafts(database),
    claims: postgresClaims(database, worker),
    stage: postgresStage(database),
    review: postgresReview(database),
    targets,
    commits: postgresCommits(database, worker, targets.planOf, chunkRows),
    // The catalogue is asked again: much may have changed since the import.
    undo: postgresUndo(database, async (job, importer, columns) => ({
      ...{ job, importer, columns },
      target: await readTarget(database, importer, roleOf(runOf({ job, importer }))),
    })),
    outcomes: postgresOutcomes(database),
    archive: postgresArchive(database),
    events,
    progress: postgresProgress(database, describeStep),
    owners: postgresOwners(database),
    templates: postgresTemplates(database),
    uploads: postgresUploads(database, listener),
    idempotency: postgresIdempotency(database),
    users: postgresUsers(database),
    recipients: postgresRecipients(database),
    measures: postgresMeasures(database),
    leftovers: postgresLeftovers(database),
    webhooks: postgresWebhooks(database, worker),
    sources: postgresSources(database, worker),
    outbox: postgresOutbox(database, worker),
    connection: {
      isLost: isConnectionLoss,
      async close() {
        await events.close();
        await listener.close();
        await worker.stop();
        await database.close();
      },
    },
  };
}
