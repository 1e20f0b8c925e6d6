/** `defineImporter`: a definition that is checked before anything is done with it. */
import { SluiceError } from "../errors.ts";
import type { Fields, ImporterDefinition, TypedImporter } from "../importer.ts";
import { definitionProblem } from "./definition-check.ts";

/**
 * Describes an importer. Wrong definitions throw `invalid` at once, with what to change.
 *
 * @example
 * export const customers = defineImporter({
 *   name: "customers",
 *   fields: { email: field.email({ required: true }), name: field.text({ aliases: { fr: ["Nom"] } }) },
 *   match: { keys: ["email"], onDuplicate: "update" },
 *   target: { table: "customers" },
 * });
 */
export function defineImporter<const F extends Fields>(definition: ImporterDefinition<F>): TypedImporter<F> {
  const isObject = typeof definition === "object" && definition !== null;
  const problem = isObject
    ? definitionProblem(definition as unknown as ImporterDefinition<Fields>)
    : "it takes one object";
  if (problem !== null) {
    const who = isObject && typeof definition.name === "string" ? `Importer "${definition.name}"` : "defineImporter()";
    throw new SluiceError("invalid", `${who}: ${problem}${/[.?]$/.test(problem) ? "" : "."}`);
  }
  return {
    ...definition,
    target: { id: "id", ...definition.target },
    match: {
      ...definition.match,
      keys: definition.match?.keys ?? [],
      onDuplicate: definition.match?.onDuplicate ?? "skip",
    },
  };
}
