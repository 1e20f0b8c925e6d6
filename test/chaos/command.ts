/**
 * The command line with a mishap built in: at the n-th event of the engine, or the n-th of a name, the process does to
 * itself what `SLUICE_CHAOS` says. That way a moment is the same in every run, however fast the machine.
 */
import { existsSync, writeSync } from "node:fs";
import { main } from "../../src/cli.ts";
import type { EngineEvent } from "../../src/core/ports.ts";
import { countPrefix, type Mishap, reached } from "./mishap.ts";

const mishap = JSON.parse(process.env.SLUICE_CHAOS || "null") as Mishap | null;
let events = 0;
let matching = 0;

function listen({ name }: EngineEvent): void {
  events++;
  if (mishap === null || (mishap.event !== undefined && mishap.event !== name)) return;
  matching++;
  if (matching !== mishap.nth) return;
  writeSync(2, `${reached(name)}\n`);
  if (mishap.act === "ask") {
    // Nothing in this process moves until the test has done its deed.
    while (!existsSync(process.env.SLUICE_CHAOS_ANSWER ?? "")) hold(5);
    return;
  }
  process.kill(process.pid, mishap.act);
  // A stopped process may run on for a moment before the kernel holds it.
  if (mishap.act === "SIGSTOP") hold(50);
}

/** Holds the whole process, timers and sockets included. */
function hold(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

process.exitCode = await main(process.argv.slice(2), listen);
writeSync(2, `${countPrefix}${events}\n`);
