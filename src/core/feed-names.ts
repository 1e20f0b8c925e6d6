/** How a mapping names the parts of a document: `custom.size`, and `custom.*` for the columns that feed nothing else. */

/** The field that a name of a mapping belongs to. */
export function ownerOf(name: string): string {
  const dot = name.indexOf(".");
  return dot < 0 ? name : name.slice(0, dot);
}

/** What the columns that feed nothing else are said to feed. */
export function restName(owner: string): string {
  return `${owner}.*`;
}

/** What the stage calls the names of a field's columns. No field can be called so. */
export function namesColumn(field: string): string {
  return `${field} name`;
}
