/** A key of the match as a person reads it. */
import type { DuplicateOptions } from "../../client/index.ts";

type Key = DuplicateOptions["keys"][number];

/** "First name + Last name + Birth date" */
export function keyLabel(key: Key, fieldLabel: (field: string) => string): string {
  return fieldsOfKey(key).map(fieldLabel).join(" + ");
}

/** Its fields, all of which must have a value. */
export function fieldsOfKey(key: Key): readonly string[] {
  return typeof key === "string" ? [key] : key;
}

/** Tells it from the others. */
export function keyName(key: Key): string {
  return fieldsOfKey(key).join("+");
}
