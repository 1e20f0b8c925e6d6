/**
 * What the faces of Sluice (http/, cli/, program/) and its workers ask of an engine besides the work itself: a small service for each
 * noun. Of an import they only read: what changes one goes through the engine.
 */
import type { Events, ProgressBoard } from "../core/events.ts";
import type { MailRecipients } from "../core/mail.ts";
import type { Owners } from "../core/owners.ts";
import type { Archive } from "../core/store/archive.ts";
import type { Claims } from "../core/store/claims.ts";
import type { Commits } from "../core/store/commits.ts";
import type { IdempotencyKeys } from "../core/store/idempotency.ts";
import type { Imports } from "../core/store/imports.ts";
import type { Measures } from "../core/store/measures.ts";
import type { Outcomes } from "../core/store/outcomes.ts";
import type { Sources } from "../core/store/sources.ts";
import type { Store } from "../core/store/store.ts";
import type { Templates } from "../core/store/templates.ts";
import type { UndoStore } from "../core/store/undo.ts";
import type { Uploads } from "../core/store/uploads.ts";
import type { Users } from "../core/users.ts";

/** The services of one store, on which the engine is built. */
export class Services {
  /** Imports, and the counts of their rows. */
  readonly imports: Pick<Imports, "get" | "list" | "ofSameFile" | "counts" | "issueCounts">;
  /** Rows that did not simply become records. */
  readonly outcomes: Pick<Outcomes, "rows" | "warnings">;
  /** What can be looked up of imports and their rows, page by page. */
  readonly archive: Archive;
  /** The timelines. */
  readonly events: Pick<Events, "list" | "watch">;
  readonly progress: Pick<ProgressBoard, "read">;
  /** How far the chunks of a commit are. */
  readonly chunks: Pick<Commits, "progress">;
  /** What an undo has done. */
  readonly undone: Pick<UndoStore, "report" | "keptRows">;
  /** The people who may own records. */
  readonly owners: Pick<Owners, "find" | "search">;
  /** Remembered mappings. */
  readonly templates: Templates;
  /** Places that files are fetched from. */
  readonly sources: Sources;
  /** Files on their way in. */
  readonly uploads: Uploads;
  /** Requests that may come twice. */
  readonly idempotency: IdempotencyKeys;
  /** Who may come in. */
  readonly users: Users;
  /** Who hears of imports by mail. */
  readonly recipients: MailRecipients;
  readonly measures: Measures;
  /** What wants a worker. */
  readonly waiting: Pick<Claims, "shareable" | "standing" | "unattended" | "workers">;

  constructor(store: Store) {
    this.imports = store.imports;
    this.outcomes = store.outcomes;
    this.archive = store.archive;
    this.events = store.events;
    this.progress = store.progress;
    this.chunks = store.commits;
    this.undone = store.undo;
    this.owners = store.owners;
    this.templates = store.templates;
    this.sources = store.sources;
    this.uploads = store.uploads;
    this.idempotency = store.idempotency;
    this.users = store.users;
    this.recipients = store.recipients;
    this.measures = store.measures;
    this.waiting = store.claims;
  }
}
