/** What happens to an importing process, and when; as command.ts reads it. */
import type { EngineEvent } from "../../src/core/ports.ts";

export interface Mishap {
  /** Counts the events of this name only; without it, all. */
  event?: EngineEvent["name"];
  nth: number;
  /** A signal to itself, or `ask`: tell the test and hold everything until it answers. */
  act: "SIGKILL" | "SIGSTOP" | "SIGINT" | "SIGTERM" | "ask";
}

/** What the process says on standard error before it happens. */
export const reached = (event: string): string => `chaos: ${event}`;
export const countPrefix = "chaos events: ";
