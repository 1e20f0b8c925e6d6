/**
 * What the engine asks of the database: a record of ports, one for each noun. postgres/store.ts puts the adapters together, each of
 * which is in the room of its noun.
 */
import type { Events, ProgressBoard } from "../events.ts";
import type { MailRecipients } from "../mail.ts";
import type { Owners } from "../owners.ts";
import type { Users } from "../users.ts";
import type { Archive } from "./archive.ts";
import type { Claims } from "./claims.ts";
import type { Commits } from "./commits.ts";
import type { Connection } from "./connection.ts";
import type { Drafts } from "./drafts.ts";
import type { IdempotencyKeys } from "./idempotency.ts";
import type { Imports } from "./imports.ts";
import type { Leftovers } from "./leftovers.ts";
import type { Measures } from "./measures.ts";
import type { Outbox } from "./outbox.ts";
import type { Outcomes } from "./outcomes.ts";
import type { Review } from "./review.ts";
import type { Sources } from "./sources.ts";
import type { Stage } from "./stage.ts";
import type { Targets } from "./targets.ts";
import type { Templates } from "./templates.ts";
import type { UndoStore } from "./undo.ts";
import type { Uploads } from "./uploads.ts";
import type { Webhooks } from "./webhooks.ts";

export interface Store {
  readonly imports: Imports;
  /** Imports that are still pending. */
  readonly drafts: Drafts;
  /** Which worker is at which import. */
  readonly claims: Claims;
  readonly stage: Stage;
  /** What is changed of an import's rows before its commit. */
  readonly review: Review;
  readonly targets: Targets;
  readonly commits: Commits;
  readonly undo: UndoStore;
  /** Rows that did not simply become records. */
  readonly outcomes: Outcomes;
  /** What can be looked up of imports and their rows, page by page. */
  readonly archive: Archive;
  /** The timelines: what happened to each import, as its followers receive it. */
  readonly events: Events;
  readonly progress: ProgressBoard;
  /** Who may own records. */
  readonly owners: Owners;
  /** Remembered mappings. */
  readonly templates: Templates;
  /** Files on their way in. */
  readonly uploads: Uploads;
  /** Requests that may come twice. */
  readonly idempotency: IdempotencyKeys;
  /** Who may come in. */
  readonly users: Users;
  /** Who hears of imports by mail. */
  readonly recipients: MailRecipients;
  readonly measures: Measures;
  readonly leftovers: Leftovers;
  readonly webhooks: Webhooks;
  /** Places that files are fetched from. */
  readonly sources: Sources;
  /** The messages to sinks. */
  readonly outbox: Outbox;
  readonly connection: Connection;
}
