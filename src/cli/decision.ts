/** What only a person can decide, as an error with an exit code of its own. */
import { SluiceError } from "../errors.ts";

/** A decision that only a person can take; the message says what to pass. Exit code 2. */
export class NeedsDecision extends SluiceError {
  constructor(message: string) {
    super("invalid", message);
    this.name = "NeedsDecision";
  }
}
