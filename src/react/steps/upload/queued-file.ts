/** A file on its way, with all that the queue knows of it. */
import type { DialectHints } from "../../../client/index.ts";
import type { ChosenFile, Sendable, Wanted } from "./chosen-file.ts";

export interface QueuedFile {
  file: ChosenFile;
  /** Null: its bytes are at the server already. */
  sendable: Sendable | null;
  uploadId: string | null;
  dialect: DialectHints | undefined;
  wanted: Wanted | null;
  again: boolean;
  stop: AbortController;
}
