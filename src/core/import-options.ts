/**
 * What a person decides about an import besides its mapping: one value that travels whole, from the page, the API, the command line
 * or a program to the import, the mappings that are remembered, and back. A new option is a member of `ImportOptions` and an entry of
 * `optionRules`: it is checked, stored, remembered, and in the API by that.
 */
import type { Assignment } from "./assignment.ts";
import { type DuplicateOptions, duplicateStrategies, type MergeRules } from "./duplicates.ts";
import { SluiceError, told } from "./errors.ts";
import { mergeRules } from "./fields/kind.ts";
import { checkContext, type Importer } from "./importer.ts";
import type { DialectHints } from "./row.ts";

export interface ImportOptions {
  dialect: DialectHints;
  duplicates: DuplicateOptions;
  /** What an update does with a field, where it is not what the importer says. */
  merge: MergeRules;
  /** Owners by id, e-mail or name. */
  assignment: Assignment;
  context: Record<string, string>;
  /** Language of the person who imports: report and messages are written in it. */
  language: string;
  /** Go on to the commit without a review. */
  autoCommit: boolean;
}

/** As an import keeps them: its dialect is what its file was found to be, its owners are ids. */
export type KeptOptions = Omit<ImportOptions, "dialect">;
export type OptionName = keyof KeptOptions;

/** How the API represents an option that is one word or a yes or no. Others have their own form there. */
export type PlainOption = { says: string } & ({ kind: "boolean" } | { kind: "choice"; of: readonly string[] });

interface OptionRule<Value> {
  /** What it is where nobody has said anything. */
  absent: Value | ((importer: Importer) => Value);
  /** In the form in which it is kept. @throws SluiceError `invalid` for what does not serve the importer */
  checked?(value: Value, importer: Importer): Value;
  /** Kept with the mapping for the next file of the same columns. */
  remembered: boolean;
  /** Of a remembered one, what the importer still knows. */
  fitted?(value: Value, importer: Importer): Value;
  /** Can be changed when the rows are staged already: it has no part in reading them. */
  whenReady: boolean;
  plain?: PlainOption;
}

export const optionRules = {
  assignment: { absent: { mode: "none" }, remembered: true, whenReady: true },
  duplicates: {
    absent: ({ match }): DuplicateOptions => ({ strategy: match.onDuplicate, keys: [...match.keys] }),
    checked(duplicates, importer) {
      checkStrategy(duplicates);
      checkKeys(importer, duplicates.keys);
      return duplicates;
    },
    remembered: true,
    whenReady: true,
  },
  merge: {
    absent: {},
    checked(merge, importer) {
      checkMerge(importer, merge);
      return merge;
    },
    remembered: true,
    fitted: (merge, { fields }) =>
      Object.fromEntries(Object.entries(merge).filter(([field]) => Object.hasOwn(fields, field))),
    whenReady: true,
  },
  context: {
    absent: {},
    checked: (context, importer) => checkContext(importer, context),
    remembered: false,
    whenReady: true,
  },
  language: { absent: "en", remembered: false, whenReady: true },
  autoCommit: {
    absent: false,
    remembered: false,
    whenReady: false,
    plain: { kind: "boolean", says: "Go on to the commit without a review." },
  },
} as const satisfies { readonly [Name in OptionName]: OptionRule<KeptOptions[Name]> };

/** The same for handling each in turn. */
const rules: Readonly<Record<OptionName, OptionRule<unknown>>> = optionRules;

type NamesWith<Trait> = {
  [Name in OptionName]: (typeof optionRules)[Name] extends Trait ? Name : never;
}[OptionName];
/** What is kept with a remembered mapping. */
export type RememberedOptions = Pick<KeptOptions, NamesWith<{ remembered: true }>>;
/** What can be changed of an import whose rows are staged already. */
export type ReadyOptions = Pick<KeptOptions, NamesWith<{ whenReady: true }>>;
/** What the API represents unchanged. */
export type PlainOptions = Pick<KeptOptions, NamesWith<{ plain: PlainOption }>>;

export const optionNames = Object.keys(optionRules) as OptionName[];
const namesWith = (has: (rule: OptionRule<unknown>) => boolean): OptionName[] =>
  optionNames.filter((name) => has(rules[name]));
export const rememberedNames = namesWith(({ remembered }) => remembered) as (keyof RememberedOptions)[];
export const readyNames = namesWith(({ whenReady }) => whenReady) as (keyof ReadyOptions)[];
export const plainNames = namesWith(({ plain }) => plain !== undefined) as (keyof PlainOptions)[];

/** Those of some names alone. */
export function pickOptions<Options extends object, Name extends keyof Options & OptionName>(
  options: Options,
  names: readonly Name[],
): Pick<Options, Name> {
  return Object.fromEntries(
    names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
  ) as Pick<Options, Name>;
}

/** What is said first goes before what is said later; what nobody says is as the importer has it. */
export function completeOptions(
  importer: Importer,
  ...said: readonly (Partial<ImportOptions> | null | undefined)[]
): ImportOptions {
  const find = (name: keyof ImportOptions): unknown =>
    said.map((each) => each?.[name]).find((value) => value !== undefined);
  const absent = (name: OptionName): unknown => {
    const { absent } = rules[name];
    return typeof absent === "function" ? absent(importer) : absent;
  };
  const kept = optionNames.map((name) => [name, find(name) ?? absent(name)]);
  return { dialect: find("dialect") ?? {}, ...Object.fromEntries(kept) } as ImportOptions;
}

/** Those that are there in the form in which they are kept. @throws SluiceError `invalid` for what does not serve the importer */
export function checkedOptions<Options extends Partial<KeptOptions>>(importer: Importer, options: Options): Options {
  const checked = optionNames
    .filter((name) => options[name] !== undefined)
    .map((name) => [name, rules[name].checked?.(options[name], importer) ?? options[name]]);
  return { ...options, ...Object.fromEntries(checked) };
}

/** Remembered options as far as the importer still knows them. */
export function fittedOptions(importer: Importer, remembered: RememberedOptions): RememberedOptions {
  const fitted = rememberedNames.map((name) => [
    name,
    rules[name].fitted?.(remembered[name], importer) ?? remembered[name],
  ]);
  return Object.fromEntries(fitted) as RememberedOptions;
}

function checkStrategy({ strategy }: DuplicateOptions): void {
  if (duplicateStrategies.includes(strategy)) return;
  throw new SluiceError("invalid", told`The strategy "${strategy}" is not one of: ${duplicateStrategies.join(", ")}.`);
}

/** @throws SluiceError `invalid` when duplicates are to be matched on what is none of the importer's fields. */
function checkKeys(importer: Importer, keys: readonly string[]): void {
  const unknown = keys.find((key) => !Object.hasOwn(importer.fields, key));
  if (unknown === undefined) return;
  throw new SluiceError(
    "invalid",
    told`Duplicates cannot be matched on "${unknown}": it is not one of ${Object.keys(importer.fields).join(", ")}.`,
  );
}

/** @throws SluiceError `invalid` when a merge rule is none, or for what is none of the importer's fields. */
function checkMerge(importer: Importer, merge: MergeRules): void {
  for (const [field, rule] of Object.entries(merge)) {
    if (!Object.hasOwn(importer.fields, field)) {
      throw new SluiceError(
        "invalid",
        told`There is no field "${field}" to merge. The fields are: ${Object.keys(importer.fields).join(", ")}.`,
      );
    }
    if (!mergeRules.includes(rule)) {
      throw new SluiceError(
        "invalid",
        told`"${rule}" is not a merge rule for "${field}". Use one of: ${mergeRules.join(", ")}.`,
      );
    }
  }
}
