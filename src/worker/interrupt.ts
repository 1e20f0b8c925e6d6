/** How an importer's own code is interrupted in the thread in which it runs. */
import { Script } from "node:vm";
import type { Attention } from "../core/ports.ts";

/** Where the script finds what to run. */
const place = Symbol.for("sluice: own code");
const script = new Script(`globalThis[Symbol.for(${JSON.stringify(place.description)})]()`, { filename: "own-code" });

/** Node interrupts a script after a time, and with it whatever it calls: loops, regular expressions, `finally` blocks. */
export const endsWithin: Attention["endsWithin"] = (ms, work) => {
  const scope = globalThis as { [place]?: (() => void) | undefined };
  const outer = scope[place];
  scope[place] = work;
  try {
    script.runInThisContext({ timeout: ms });
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    return false;
  } finally {
    scope[place] = outer;
  }
};
