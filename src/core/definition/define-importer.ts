/** `defineImporter`: a definition that is checked before anything is done with it. */
import { SluiceError } from "../errors.ts";
import type { Fields, ImporterDefinition, Target, TypedImporter } from "../importer.ts";
import { keptKey } from "../keys.ts";
import { mainRecord, type PlannedColumn, type RecordPlan } from "../records.ts";
import { isObject } from "../shape/shape.ts";
import { definitionProblem } from "./definition-check.ts";
import { type AnyRecord, recordPlans } from "./record-plans.ts";

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
export function defineImporter<const F extends Fields, const R extends string = never>(
  definition: ImporterDefinition<F, R> & ({ target: Target } | { records: object }),
): TypedImporter<F> {
  const isThere = typeof definition === "object" && definition !== null;
  const said = isThere ? withFieldValues(asSaid(definition as unknown as ImporterDefinition<Fields>)) : null;
  const problem = said === null ? "it takes one object" : definitionProblem(said);
  if (said === null || problem !== null) {
    const who = isThere && typeof definition.name === "string" ? `Importer "${definition.name}"` : "defineImporter()";
    throw new SluiceError("invalid", `${who}: ${problem}${/[.?]$/.test(problem ?? "") ? "" : "."}`);
  }
  const records = plansOf(said);
  const { target, match } = records === undefined ? said : ofMain(records);
  const { defaults: _, derive: __, ...whole } = definition as unknown as ImporterDefinition<F>;
  return {
    ...(whole as unknown as TypedImporter<F>),
    fields: said.fields as unknown as F,
    target: { id: "id", ...(target as Target) },
    match: {
      ...match,
      keys: (match?.keys ?? []).map(keptKey) as TypedImporter<F>["match"]["keys"],
      onDuplicate: match?.onDuplicate ?? "skip",
    },
    ...(records !== undefined && { records }),
  };
}

/** The definition with what `defaults` and `derive` say put into the fields; what is wrong with it stays where it was said. */
function withFieldValues(definition: ImporterDefinition<Fields>): ImporterDefinition<Fields> {
  const { fields, defaults, derive } = definition;
  if (!isObject(fields) || (!isObject(defaults) && !isObject(derive))) return definition;
  const made = Object.entries(fields).map(([name, given]) => {
    const more = {
      ...(isObject(defaults) && Object.hasOwn(defaults, name) && { default: defaults[name] }),
      ...(isObject(derive) && Object.hasOwn(derive, name) && { derive: derive[name] }),
    };
    return [name, isObject(given) ? { ...given, ...more } : given];
  });
  return { ...definition, fields: Object.fromEntries(made) };
}

/** What the records of a defined importer were, beside the plans that became of them: for a definition that is made from it. */
const definedAs = "definedAs";

function plansOf(said: ImporterDefinition<Fields>): readonly RecordPlan[] | undefined {
  if (said.records === undefined) return undefined;
  const records = said.records as Readonly<Record<string, AnyRecord>>;
  return Object.defineProperty(recordPlans({ ...said, records }), definedAs, { value: records });
}

/** A definition as somebody wrote it, who may have begun with an importer that is defined: `{ ...customers, name: "others" }`. */
function asSaid(definition: ImporterDefinition<Fields>): ImporterDefinition<Fields> {
  const { records } = definition;
  const written = Array.isArray(records)
    ? (records as { [definedAs]?: Record<string, AnyRecord> })[definedAs]
    : undefined;
  if (written === undefined) return definition;
  const { target, match, ...others } = definition;
  const made = ofMain(records as readonly RecordPlan[]);
  const isMade = (one: object | undefined, other: object): boolean => JSON.stringify(one) === JSON.stringify(other);
  return {
    ...others,
    records: written as unknown as ImporterDefinition<Fields>["records"],
    ...(!isMade(target, made.target) && { target }),
    ...(!isMade(match, made.match) && { match }),
  };
}

/** Target and keys of the importer: those of its main record, or of the last one where there is none. */
function ofMain(plans: readonly RecordPlan[]): Required<Pick<ImporterDefinition<Fields>, "target" | "match">> {
  const main = mainRecord({ records: plans });
  const { table, id, keys } = main ?? plans.findLast((plan) => plan.id !== null) ?? plans[plans.length - 1];
  const named = (parts: readonly PlannedColumn[]): string[] =>
    parts.flatMap(({ source }) => (source.kind === "field" ? [source.field] : []));
  const where = main?.where ?? null;
  return {
    target: { id: id ?? keys[0]?.[0]?.column ?? "id", table },
    match: {
      keys: main === undefined ? [] : main.keys.map((parts) => keptKey(named(parts))),
      onDuplicate: main?.onMatch === "update" ? "update" : "skip",
      ...(where !== null && { where }),
    },
  };
}
