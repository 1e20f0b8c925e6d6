/** A file to look at, which need not be kept: the one that is named, or standard input. */

import type { Source } from "../core/ports.ts";
import { openFiles } from "../files/open-files.ts";
import { openFile } from "../files/source.ts";
import { type CommonFlags, loadConfig } from "../server/config-file.ts";
import type { Terminal } from "./terminal.ts";

/** A file that is only inspected belongs to no database: its folder is shared by all commands. */
const looked = { namespace: "looked-at", adoptsUnnamed: false };
const leftMs = 24 * 3600 * 1000;

/** Opens the file for as long as `work` takes. Standard input (`-`) is copied to the data folder first, since it is read at several places. */
export async function withSource<T>(
  terminal: Terminal,
  path: string,
  flags: CommonFlags,
  work: (source: Source) => Promise<T>,
): Promise<T> {
  if (path !== "-") {
    const source = await openFile(path);
    return work(source).finally(() => source.close());
  }
  const files = await openFiles(await loadConfig(terminal, flags), looked);
  // What commands left that were killed.
  await files.removeUnneeded({ olderThanMs: leftMs, needed: new Set() });
  const kept = await files.keep(terminal.stdin, { name: "stdin", signal: terminal.signal });
  try {
    const source = await files.open(kept.storagePath);
    return await work({ ...source, name: "stdin" }).finally(() => source.close());
  } finally {
    await files.remove(kept.storagePath);
  }
}
