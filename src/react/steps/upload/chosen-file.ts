/** A file that was dropped, chosen or pasted, and what has become of it on its way to an import. */
import { ClientError, type DialectHints } from "../../../client/index.ts";

export type FileState =
  | { is: "waiting" }
  /** `bytesPerSecond` is null while nobody knows. */
  | { is: "sending"; sentBytes: number; bytesPerSecond: number | null }
  /** The server cannot be reached: it goes on by itself. */
  | { is: "cut"; sentBytes: number }
  /** It is there, but it is not said what with, or for whom, it is to be imported. */
  | { is: "held" }
  /** The server looks at it. */
  | { is: "looking" }
  /** The same bytes were uploaded before. */
  | { is: "same"; importId: number; at: string | null }
  | { is: "refused"; why: Refusal; error?: unknown }
  | { is: "made"; importId: number }
  /** Its check is to begin: it is looked for what it asks first. */
  | { is: "starting"; importId: number }
  /** Something of it has to be answered before it is checked. */
  | { is: "asks"; importId: number }
  /** It is being checked. */
  | { is: "started"; importId: number };

export type Refusal = "empty" | "folder" | "unreadable" | "no_table" | "too_large" | "quota" | "other";

export interface ChosenFile {
  key: number;
  name: string;
  sizeBytes: number;
  state: FileState;
  /** It came by itself, so that the wizard goes on with it when it is ready. */
  alone: boolean;
}

/** What an import is made with. */
export interface Wanted {
  importer: string | undefined;
  /** Null: some that the importer needs are missing. */
  context: Readonly<Record<string, string>> | null;
  language: "en" | "fr" | "sv";
}

/** A file to send. */
export interface Sendable {
  source: Blob;
  name: string;
  /** Milliseconds since 1970; null: it cannot be chosen again, because it was pasted. */
  lastModified: number | null;
  /** What is known of it. */
  dialect?: DialectHints;
}

/** Null while something is missing. */
export function complete(wanted: Wanted): Wanted | null {
  return wanted.importer === undefined || wanted.context === null ? null : wanted;
}

/** A file on its way, with all that the queue knows of it. */
export interface QueuedFile {
  file: ChosenFile;
  /** Null: its bytes are at the server already. */
  sendable: Sendable | null;
  uploadId: string | null;
  /** The import whose file it is another table of. */
  fileOf: number | null;
  dialect: DialectHints | undefined;
  wanted: Wanted | null;
  again: boolean;
  stop: AbortController;
}

/** A file that is turned away before it reaches the server. */
export class Refused extends Error {
  readonly why: Refusal;
  constructor(why: Refusal, cause: unknown) {
    super(why, { cause });
    this.why = why;
  }
}

/** @throws Refused for a folder, and for a file that was moved or changed since it was chosen. */
export async function readable(source: Blob): Promise<void> {
  try {
    await source.slice(0, 1).arrayBuffer();
  } catch (cause) {
    throw new Refused("unreadable", cause);
  }
}

/** What the server, or the way to it, says. */
export function whyOf(error: unknown, { sendable, wanted }: Pick<QueuedFile, "sendable" | "wanted">): Refusal {
  if (!(error instanceof ClientError)) return "other";
  if (error.status === 413) return "too_large";
  if (error.status === 429) return "quota";
  // What an import is made with may be wrong as well, where there is something to be wrong.
  const isOfFile = sendable !== null || Object.keys(wanted?.context ?? {}).length === 0;
  return error.status === 422 && isOfFile ? "no_table" : "other";
}
