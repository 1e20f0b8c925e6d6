/** What a process lacks to do an import: another version of it, or another app on the same database, may have it. */

import { fitsContext } from "./context.ts";
import { type Telling, told } from "./errors.ts";
import { feedOf } from "./feeds.ts";
import type { ImportJob } from "./import.ts";
import type { Importer } from "./importer.ts";
import { keyFields } from "./keys.ts";
import { offeredModes, removes } from "./modes.ts";

/** What of an import decides whether a process can do it. */
export type Demands = Pick<
  ImportJob,
  "importer" | "mapping" | "duplicates" | "context" | "mode" | "assignment" | "phase"
>;

/** Who the import waits for, where this process cannot do it: it lacks the importer, or something of it that the import needs. */
export function missingFor(
  importers: ReadonlyMap<string, Importer>,
  { importer: name, mapping, duplicates, context, mode, assignment, phase }: Demands,
): Telling | null {
  const importer = importers.get(name);
  if (importer === undefined) {
    return told`It is waiting for a worker that has the importer "${name}". Start one whose sluice.config.ts lists it, or cancel the import.`;
  }
  // Without its context it would reach everybody's records, or nobody's.
  if (!fitsContext(importer, context)) {
    const named = Object.keys(context).join(", ") || told`none`;
    return told`It is waiting for a worker whose importer "${name}" has the context values: ${named}. If they have changed since, cancel the import and import its file again.`;
  }
  // An undo follows what was written, whatever the importer has become.
  const writes = phase !== "undo";
  // One that does not know the mode does not know what becomes of what it removes.
  if (writes && removes(mode) && !offeredModes(importer).includes(mode))
    return told`It is waiting for a worker whose importer "${name}" offers the mode "${mode}". If it is no longer offered, pause the import, reopen it and choose another mode.`;
  if (writes && assignment.mode !== "none" && importer.assign === undefined)
    return told`It is waiting for a worker whose importer "${name}" assigns records to owners (\`assign\`). If it no longer does, pause the import, reopen it and choose no owner.`;
  const fed = [...mapping.columns, ...(mapping.fields ?? [])].flatMap(({ field }) => (field === null ? [] : [field]));
  const used = [...fed, ...keyFields(duplicates.keys)];
  const gone = [...new Set(used)].filter((field) => feedOf(importer, field) === null);
  if (gone.length === 0) return null;
  return told`It is waiting for a worker whose importer "${name}" has the fields: ${gone}. If they were removed, pause the import, reopen it and map its columns again.`;
}
