/** What `sluice import` is given: files, and with `--all` each sheet of a workbook and each file of a zip archive by itself. */
import { basename } from "node:path";
import { openFile } from "../files/source.ts";
import { formats } from "../formats/formats.ts";
import { shownName } from "../formats/shown-name.ts";
import { NeedsDecision } from "./decision.ts";
import type { ImportFlags } from "./import-flags.ts";
import type { Terminal } from "./terminal.ts";

/** One table, which becomes one import. */
export interface GivenTable {
  path: string;
  /** What says which table of the file it is. */
  flags: Pick<ImportFlags, "sheet" | "entry">;
  /** As a person knows it: the file's name, and what of it. */
  title: string;
}

/** @throws NeedsDecision where `--all` cannot be. */
export async function givenTables(
  { signal }: Pick<Terminal, "signal">,
  paths: readonly string[],
  { all, sheet, entry }: Pick<ImportFlags, "all" | "sheet" | "entry">,
): Promise<GivenTable[]> {
  if (paths.filter((path) => path === "-").length > 1)
    throw new NeedsDecision("`-` can be given once: there is one standard input.");
  if (!all) return paths.map((path) => ({ path, flags: { sheet, entry }, title: titleOf(path) }));
  if (sheet !== undefined || entry !== undefined)
    throw new NeedsDecision("--all imports every sheet and file: omit it, or --sheet and --entry.");
  if (paths.includes("-")) throw new NeedsDecision("--all needs a file: standard input is read once.");
  const tables: GivenTable[] = [];
  for (const path of paths) tables.push(...(await tablesOf(path, signal)));
  return tables;
}

/** Those that can be seen and have rows; of a file that has no parts, the file. */
async function tablesOf(path: string, signal: AbortSignal): Promise<GivenTable[]> {
  const source = await openFile(path);
  try {
    const entries = ((await formats.entries?.(source, signal)) ?? []).filter(({ problem }) => problem === undefined);
    if (entries.length > 0) {
      return entries
        .sort((a, b) => a.index - b.index)
        .map(({ name }) => ({ path, flags: { entry: name }, title: `${titleOf(path)}, file "${shownName(name)}"` }));
    }
    const sheets = ((await formats.sheets?.(source, signal)) ?? []).filter(
      ({ hidden, rows }) => !hidden && rows.length > 0,
    );
    if (sheets.length < 2) return [{ path, flags: {}, title: titleOf(path) }];
    return sheets.map(({ name }) => ({
      path,
      flags: { sheet: name },
      title: `${titleOf(path)}, sheet "${shownName(name)}"`,
    }));
  } finally {
    await source.close();
  }
}

function titleOf(path: string): string {
  return path === "-" ? "standard input" : basename(path);
}
