/** A log that a child process writes to by itself, kept small, and what the child has said in it since its start. */

import { constants } from "node:fs";
import { readFile, rename, stat } from "node:fs/promises";
import { openOwned } from "./home.ts";

const LARGEST_BYTES = 1024 * 1024;
const TAIL_LINES = 8;

/** The log opened for appending; one that has grown large is put aside first. Close it once the child has it. */
export async function openLog(path: string) {
  const sizeBytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  if (sizeBytes > LARGEST_BYTES) await rename(path, `${path}.old`);
  const file = await openOwned(path, constants.O_WRONLY | constants.O_APPEND);
  return { file, startBytes: sizeBytes > LARGEST_BYTES ? 0 : sizeBytes };
}

/** The last lines that were written since `startBytes`. */
export async function readTail(path: string, startBytes: number): Promise<string> {
  const said = (await readFile(path).catch(() => Buffer.alloc(0))).subarray(startBytes).toString();
  return said.trim().split("\n").slice(-TAIL_LINES).join("\n");
}

/** Whether Postgres says that its disk is full: with the system's word or, where a part of a page was still written, with a hint of its own. */
export function saysDiskIsFull(said: string): boolean {
  return /No space left on device|Check free disk space/.test(said);
}
