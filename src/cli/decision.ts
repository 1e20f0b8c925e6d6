/** What only a person can decide, as an error with an exit code of its own. */
import { SluiceError } from "../core/errors.ts";
import type { NextStep } from "../core/next-step.ts";

/** A decision that only a person can take; the message says what to pass. Exit code 2. */
export class NeedsDecision extends SluiceError {
  constructor(message: string, next?: NextStep) {
    super("invalid", message, { ...(next !== undefined && { next }) });
    this.name = "NeedsDecision";
  }
}

/** What is wrong with an option is for the person to decide. */
export function asDecision<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof SluiceError && error.code === "invalid") throw new NeedsDecision(error.message, error.next);
    throw error;
  }
}
