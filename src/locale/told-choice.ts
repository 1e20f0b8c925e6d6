/** What was decided of how a file is read, as programs get it: with the reason of what came second as text. */
import type { Language } from "../core/fields/language.ts";
import type { ReadingChoice, RunnerUp } from "../core/reading-choice.ts";
import { textIn } from "./told.ts";

interface ToldChoice extends Omit<ReadingChoice, "runnerUp"> {
  runnerUp: (Omit<RunnerUp, "reason"> & { reason: string }) | null;
}

export function choiceIn(language: Language, { runnerUp, ...choice }: ReadingChoice): ToldChoice {
  return {
    ...choice,
    runnerUp: runnerUp === null ? null : { ...runnerUp, reason: textIn(language, runnerUp.reason) },
  };
}
