/** What the columns of an importer's files may be called: its fields' names, labels and aliases, in every language. */
import type { Importer } from "./importer.ts";

export function knownNames({ fields }: Pick<Importer, "fields">): string[] {
  return Object.entries(fields).flatMap(([name, { label, aliases }]) => [
    name,
    ...Object.values(label),
    ...Object.values(aliases).flat(),
  ]);
}
