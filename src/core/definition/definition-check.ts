/** Checks the definition of an importer, for those who write JavaScript or JSON and have no compiler to do it. */
import type { Fields, ImporterDefinition } from "../importer.ts";
import { mainRecord } from "../records.ts";
import { firstOf, isObject, optionsProblem, shown } from "../shape/shape.ts";
import { fieldProblem } from "./definition-fields.ts";
import { absentProblem, modesProblem, replaceProblem } from "./definition-modes.ts";
import { fieldNameProblem, nameProblem, namesProblem } from "./definition-names.ts";
import { definitionChecks } from "./definition-options.ts";
import { recordColumnsProblem } from "./record-columns.ts";
import { type AnyRecord, recordPlans } from "./record-plans.ts";
import { recordsProblem } from "./records-check.ts";
import { targetColumnsProblem } from "./target-columns.ts";

type Definition = ImporterDefinition<Fields>;

/** What is wrong with a definition, as a clause that begins with the place; null: nothing. */
export function definitionProblem(definition: Definition): string | null {
  const wrong = nameProblem(definition.name) ?? fieldsProblem(definition.fields);
  if (wrong !== null) return wrong;
  if (definition.records !== undefined) return severalProblem(definition);
  if (definition.target === undefined)
    return '`target` is missing. Say where the rows go: target: { table: "customers" }';
  return (
    optionsProblem(definition, definitionChecks, "") ??
    namesProblem(definition) ??
    modesProblem(definition, definition.target.absent) ??
    targetColumnsProblem({ ...definition, target: definition.target })
  );
}

/** The same of one whose rows make several records. */
function severalProblem(definition: Definition): string | null {
  const twice = (["target", "match", "load"] as const).find((option) => definition[option] !== undefined);
  if (twice !== undefined)
    return twice === "load"
      ? "it has both `records` and `load`: a loader of one's own writes all that a row makes. Keep one of them"
      : `it has both \`records\` and \`${twice}\`: each record says its own table and key. Remove \`${twice}\``;
  const several = { ...definition, records: definition.records as Readonly<Record<string, AnyRecord>> };
  const wrong = optionsProblem(definition, definitionChecks, "") ?? recordsProblem(several) ?? namesProblem(definition);
  if (wrong !== null) return wrong;
  const plans = recordPlans(several);
  return (
    absentProblem(plans) ??
    modesProblem(definition, mainRecord({ records: plans })?.absent) ??
    replaceProblem(definition, plans) ??
    recordColumnsProblem(definition, plans)
  );
}

function fieldsProblem(fields: unknown): string | null {
  if (fields === undefined) return "`fields` is missing. Add at least one: fields: { email: field.email() }";
  if (!isObject(fields)) return `fields is ${shown(fields)}: it must be an object, such as { email: field.email() }`;
  const entries = Object.entries(fields);
  if (entries.length === 0) return "it has no fields. Add at least one to `fields`";
  return firstOf(entries, ([name, given]) => fieldNameProblem(name) ?? fieldProblem(given, `fields.${name}`));
}
