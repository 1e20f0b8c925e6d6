/** What a program says of a file's import, checked by its form before anything is opened; whether it fits the importer is asked later. */
import { SluiceError } from "../core/errors.ts";
import { type FieldSource, fieldSourceKinds } from "../core/field-source.ts";
import { isStorable } from "../core/storable.ts";
import type { ImportChoices } from "./choices.ts";

/** @throws SluiceError `invalid` naming the option that cannot be. */
export function checkChoices(where: string, choices: ImportChoices): void {
  const { context, mapping, values, match, merge, assign, dialect, user, fileName, acceptDoubts } = choices;
  const refuse = (name: string, takes: string): never => {
    throw new SluiceError("invalid", `${where}: \`${name}\` must be ${takes}.`);
  };
  for (const [name, given] of Object.entries({ context, mapping, values, merge, assign, dialect })) {
    if (given !== undefined && !isRecord(given)) refuse(name, "an object");
  }
  checkYesOrNo(where, { acceptDoubts });
  for (const [name, given] of Object.entries(context ?? {})) {
    if (!["string", "number", "bigint"].includes(typeof given)) refuse(`context.${name}`, "text or a number");
  }
  for (const [column, said] of Object.entries(mapping ?? {})) {
    if (said !== null && typeof said !== "string" && typeof said?.field !== "string")
      refuse(`mapping.${column}`, "a field's name, null, or { field, default }");
  }
  for (const [field, source] of Object.entries(values ?? {})) {
    if (!isSource(source))
      refuse(`values.${field}`, `an object whose \`kind\` is one of: ${fieldSourceKinds.join(", ")}`);
  }
  if (match !== undefined && !(Array.isArray(match) && match.every(isKey)))
    refuse("match", "a list of fields, or of lists of them");
  for (const [name, given] of Object.entries({ user, fileName })) {
    if (given !== undefined && !isText(given))
      refuse(name, "text, without NUL characters and halves of surrogate pairs");
  }
}

/** @throws SluiceError `invalid` naming what is neither: a word such as "false" would count as yes. */
export function checkYesOrNo(where: string, given: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && typeof value !== "boolean")
      throw new SluiceError("invalid", `${where}: \`${name}\` must be true or false.`);
  }
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "" && isStorable(value);
}

function isKey(key: unknown): boolean {
  return typeof key === "string" || (Array.isArray(key) && key.every((field) => typeof field === "string"));
}

function isSource(source: FieldSource<string> | null): boolean {
  if (source?.kind === "constant") return typeof source.value === "string";
  if (source?.kind === "join") return Array.isArray(source.columns) && typeof source.separator === "string";
  return source?.kind === "split" && typeof source.column === "string";
}
