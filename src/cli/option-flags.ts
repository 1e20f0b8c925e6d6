/**
 * Options of an import that are one word, a number, or a yes or no: the list of options says all there is to their flags. The others have flags
 * with a form of their own (import-flags.ts).
 */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { ImportJob } from "../core/import.ts";
import { optionRules, type PlainOption, type PlainOptions, plainNames } from "../core/import-options.ts";

/** A command commits whatever it imports. */
const withoutFlag: readonly (keyof PlainOptions)[] = ["autoCommit"];
const flagNames = plainNames.filter((name) => !withoutFlag.includes(name));

/** As commander keeps what was given. */
export type GivenFlags = Readonly<Record<string, unknown>>;

/** Adds a flag for each. */
export function withOptionFlags(command: Command, names: readonly (keyof PlainOptions)[] = flagNames): Command {
  for (const name of names) {
    const plain = optionRules[name].plain as PlainOption;
    const says = plain.says.slice(0, 1).toLowerCase() + plain.says.slice(1).replace(/\.$/, "");
    const placeholder = plain.kind === "number" ? "n" : name;
    const option = new Option(plain.kind === "boolean" ? flagOf(name) : `${flagOf(name)} <${placeholder}>`, says);
    if (plain.kind === "choice") option.choices(plain.of);
    if (plain.kind === "number") option.argParser(wholeNumber);
    command.addOption(option);
  }
  return command;
}

/** What was said of them. */
export function saidByFlags(flags: object, names: readonly (keyof PlainOptions)[] = flagNames): Partial<PlainOptions> {
  const given = flags as GivenFlags;
  return Object.fromEntries(names.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]));
}

/** Flags that say otherwise than an import has it, each with what it is there. */
export function otherFlags(
  flags: object,
  job: Pick<ImportJob, keyof PlainOptions>,
  names: readonly (keyof PlainOptions)[] = flagNames,
): string[] {
  return (
    Object.entries(saidByFlags(flags, names))
      // What is confirmed is said when the import has stopped.
      .filter(([name, value]) => name !== "confirmRemovals" && job[name as keyof PlainOptions] !== value)
      .map(([name]) => `${flagOf(name)} is ${job[name as keyof PlainOptions]}`)
  );
}

/** `autoCommit` → `--auto-commit` */
function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** @throws InvalidArgumentError */
export function wholeNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a whole number from 0.");
}
