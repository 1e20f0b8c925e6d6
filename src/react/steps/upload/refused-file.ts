/** Why a file was turned away, by this page or by the server. */
import { ClientError } from "../../../client/index.ts";
import type { Refusal } from "./chosen-file.ts";
import type { QueuedFile } from "./queued-file.ts";

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
