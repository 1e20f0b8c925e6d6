/**
 * What a person decides about an import besides its mapping: one value that travels whole, from the page, the API, the command line
 * or a program to the import, the mappings that are remembered, and back. A new option is a member of `ImportOptions` and an entry of
 * `optionRules`: it is checked, stored, remembered, and in the API by that.
 */
import type { Assignment } from "./assignment.ts";
import { type DuplicateOptions, duplicateStrategies, type MergeRules } from "./duplicates.ts";
import { SluiceError, told } from "./errors.ts";
import { kindOf, mergeRulesOf } from "./field.ts";
import { checkContext, type Importer, targetFields } from "./importer.ts";
import { type Key, keptKey, keyFields, keysProblem, maxKeys } from "./keys.ts";
import { type Mode, modes, offeredModes } from "./modes.ts";
import { type Repeats, repeatChoices } from "./repeats.ts";
import type { DialectHints } from "./row.ts";

export interface ImportOptions {
  dialect: DialectHints;
  /** What is done with what is there already. */
  mode: Mode;
  duplicates: DuplicateOptions;
  /** Which rows of a file count that are the same record, where they update. */
  repeats: Repeats;
  /** Records that may be removed by a replace or a mirror, though they be more than the importer lets go unasked. 0: none was confirmed. */
  confirmRemovals: number;
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

/** How the API represents an option that is one word, a number, or a yes or no. Others have their own form there. */
export type PlainOption = { says: string } & (
  | { kind: "boolean" }
  | { kind: "choice"; of: readonly string[] }
  /** Whole, from 0. */
  | { kind: "number" }
);

interface OptionRule<Value> {
  /** What it is where nobody has said anything. */
  absent: Value | ((importer: Importer) => Value);
  /** What imports have that were made before there was such an option, where `absent` is not that. */
  before?: Value;
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
  mode: {
    absent: (importer): Mode => offeredModes(importer)[0],
    before: "upsert",
    checked(mode, importer) {
      checkMode(importer, mode);
      return mode;
    },
    remembered: true,
    fitted: (mode, importer) => (offeredModes(importer).includes(mode) ? mode : offeredModes(importer)[0]),
    whenReady: true,
    plain: {
      kind: "choice",
      of: modes,
      says: "What is done with what is there: rows are matched and duplicates treated as said, records are only updated, rows are only added, everything is replaced by the file, or what the file does not name is removed.",
    },
  },
  confirmRemovals: {
    absent: 0,
    before: 0,
    checked(records) {
      if (Number.isSafeInteger(records) && records >= 0) return records;
      throw new SluiceError("invalid", told`"${String(records)}" is not a number of records that may be removed.`);
    },
    remembered: false,
    whenReady: true,
    plain: {
      kind: "number",
      says: "How many records a replace or a mirror may remove, where that is more than the importer allows without asking.",
    },
  },
  assignment: { absent: { mode: "none" }, remembered: true, whenReady: true },
  duplicates: {
    absent: ({ match }): DuplicateOptions => ({ strategy: match.onDuplicate, keys: match.keys.map(keptKey) }),
    checked(duplicates, importer) {
      checkStrategy(duplicates);
      const keys = duplicates.keys.map(keptKey);
      checkKeys(importer, keys);
      return { ...duplicates, keys };
    },
    remembered: true,
    whenReady: true,
  },
  repeats: {
    absent: ({ repeats = "all" }): Repeats => repeats,
    before: "all",
    checked(repeats) {
      checkRepeats(repeats);
      return repeats;
    },
    remembered: true,
    whenReady: true,
    plain: {
      kind: "choice",
      of: repeatChoices,
      says: "Which rows of the file count that are the same record: all of them, one after the other, or only the first or the last, where duplicates update and one key recognises them.",
    },
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

/** @throws SluiceError `invalid` for a mode that the importer does not offer. */
function checkMode(importer: Importer, mode: Mode): void {
  const offered = offeredModes(importer);
  if (offered.includes(mode)) return;
  throw new SluiceError(
    "invalid",
    told`The importer "${importer.name}" does not offer the mode "${mode}". It offers: ${offered.join(", ")}.`,
  );
}

/** @throws SluiceError `invalid` for what is no choice. */
function checkRepeats(repeats: Repeats): void {
  if (repeatChoices.includes(repeats)) return;
  throw new SluiceError(
    "invalid",
    told`"${repeats}" does not say which of several rows count. Use one of: ${repeatChoices.join(", ")}.`,
  );
}

function checkStrategy({ strategy }: DuplicateOptions): void {
  if (duplicateStrategies.includes(strategy)) return;
  throw new SluiceError("invalid", told`The strategy "${strategy}" is not one of: ${duplicateStrategies.join(", ")}.`);
}

/** @throws SluiceError `invalid` when duplicates are to be matched on what is none of the importer's fields. */
function checkKeys(importer: Importer, keys: readonly Key[]): void {
  const several = keyFields(keys).find(
    (key) => Object.hasOwn(importer.fields, key) && kindOf(importer.fields[key]).key === "none",
  );
  if (several !== undefined) {
    throw new SluiceError(
      "invalid",
      told`Duplicates cannot be matched on "${several}", which holds several values. Choose a field of one value.`,
    );
  }
  const known = targetFields(importer).map(([name]) => name);
  const problem = keysProblem(keys, (name) => known.includes(name));
  if (problem === null) return;
  if ("unknown" in problem)
    throw new SluiceError(
      "invalid",
      told`Duplicates cannot be matched on "${problem.unknown}": it is not one of ${known.join(", ")}.`,
    );
  if ("twice" in problem)
    throw new SluiceError("invalid", told`Duplicates are matched on "${problem.twice}" twice. Name it once.`);
  if ("many" in problem)
    throw new SluiceError("invalid", told`Duplicates can be matched on at most ${maxKeys} keys, not ${problem.many}.`);
  throw new SluiceError("invalid", told`A key of several fields has none. Name its fields, or leave it out.`);
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
    const rules = mergeRulesOf(importer.fields[field]);
    if (!rules.includes(rule)) {
      throw new SluiceError(
        "invalid",
        told`"${rule}" is not a merge rule for "${field}". Use one of: ${rules.join(", ")}.`,
      );
    }
  }
}
