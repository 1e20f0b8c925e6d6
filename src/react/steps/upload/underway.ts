/** A file on its way, with all that the desk knows of it. */
import type { DialectHints } from "../../../client/index.ts";
import type { BroughtFile, Sendable, Wanted } from "./brought-file.ts";

export interface Underway {
  file: BroughtFile;
  /** Null: its bytes are at the server already. */
  sendable: Sendable | null;
  uploadId: string | null;
  dialect: DialectHints | undefined;
  wanted: Wanted | null;
  again: boolean;
  stop: AbortController;
}
