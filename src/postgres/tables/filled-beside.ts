/** Columns of the target that something fills beside the fields, the context and the owner. */
import type { Importer } from "../../core/importer.ts";

export function filledBeside({ target }: Importer): string[] {
  return [...[target.job, target.updatedAt].filter((name) => name !== undefined), ...Object.keys(target.set ?? {})];
}
