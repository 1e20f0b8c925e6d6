/** The file of an import as those who look at it ask for it. */
import type { ImportJob } from "../core/import.ts";
import type { DetectionHints } from "../core/row.ts";
import { refuseUnusedHints } from "../core/unused-hints.ts";
import { fold } from "../values/fold.ts";
import type { InspectedFile, Inspection, Inspector } from "./inspector.ts";

export function fileOf({ storagePath, fileName }: ImportJob): InspectedFile {
  return { storagePath, name: fileName };
}

/** Looks at the head of a kept file. @throws SluiceError `invalid` for a hint that means nothing to its format. */
export async function inspectFile(
  look: Inspector,
  file: InspectedFile,
  hints: DetectionHints,
  signal?: AbortSignal,
): Promise<Inspection> {
  const inspection = await look.inspect(file, hints, signal);
  refuseUnusedHints(hints, inspection.dialect);
  return inspection;
}

/** What files with these columns have in common, in whatever order: SHA-256 in hex over their folded names. */
export function fingerprintOf(columns: readonly string[], sha256: (text: string) => string): string {
  return sha256(
    columns
      .map((name) => fold(name) || name)
      .sort()
      .join("\n"),
  );
}
