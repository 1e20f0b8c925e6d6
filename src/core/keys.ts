/** The keys of a match: what recognises a record, one field, or several together of which each must have a value. */

/**
 * One field, or several together.
 *
 * @example ["email", ["first_name", "last_name", "birth_date"]]
 */
export type Key<N extends string = string> = N | readonly N[];

/** As an import keeps it, and the API has it. */
export type KeptKey = string | string[];

/** A match with more would have to carry too much beside each row. */
export const maxKeys = 20;

/** The fields of a key. */
export function partsOf(key: Key): readonly string[] {
  return typeof key === "string" ? [key] : key;
}

/** The fields of all keys, each once. */
export function keyFields(keys: readonly Key[]): string[] {
  return [...new Set(keys.flatMap(partsOf))];
}

/** As a person writes it: `first_name+last_name`. */
export function keyText(key: Key): string {
  return partsOf(key).join("+");
}

/** `email,first_name+last_name` as keys. */
export function keysOfText(text: string): KeptKey[] {
  return text.split(",").map((each) => keptKey(each.split("+").map((part) => part.trim())));
}

/** In the form in which it is kept: of a single field its name. */
export function keptKey(key: Key): KeptKey {
  const parts = partsOf(key);
  return parts.length === 1 ? parts[0] : [...parts];
}

/** Those of which every field is among the given ones, in their order. */
export function fedKeys(keys: readonly Key[], isFed: (field: string) => boolean): Key[] {
  return keys.filter((key) => partsOf(key).every(isFed));
}

/** Whether two lists say the same. */
export function sameKeys(a: readonly Key[], b: readonly Key[]): boolean {
  return a.length === b.length && a.every((key, k) => keyText(key) === keyText(b[k]));
}

/** What is wrong with keys of an importer of these fields; null: nothing. */
export function keysProblem(
  keys: readonly Key[],
  isField: (name: string) => boolean,
): { unknown: string } | { blank: true } | { twice: string } | { many: number } | null {
  if (keys.length > maxKeys) return { many: keys.length };
  const said = new Set<string>();
  for (const key of keys) {
    const parts = partsOf(key);
    if (parts.length === 0) return { blank: true };
    const unknown = parts.find((name) => !isField(name));
    if (unknown !== undefined) return { unknown };
    const text = [...parts].sort().join("+");
    const repeated = parts.find((name, k) => parts.indexOf(name) !== k);
    if (repeated !== undefined) return { twice: repeated };
    if (said.has(text)) return { twice: keyText(key) };
    said.add(text);
  }
  return null;
}
