/** The names that tell a table's columns from one another. */

/** Headers as such names: `Email`, `Email (2)`, `Column 3`. */
export function columnNames(headers: readonly string[]): string[] {
  const written = new Set(headers.map((header) => header.trim()));
  const taken = new Set<string>();
  const nexts = new Map<string, number>();
  return headers.map((header, c) => {
    const trimmed = header.trim();
    const name = trimmed || `Column ${c + 1}`;
    let unique = name;
    for (let n = nexts.get(name) ?? 2; taken.has(unique) || (unique !== trimmed && written.has(unique)); n++) {
      unique = `${name} (${n})`;
      nexts.set(name, n + 1);
    }
    taken.add(unique);
    return unique;
  });
}
