/** A file that was dropped, chosen or pasted, and what has become of it on its way to an import. */
import type { DialectHints } from "../../../client/index.ts";

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
  | { is: "made"; importId: number };

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
