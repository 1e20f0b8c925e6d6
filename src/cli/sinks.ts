/** `sluice sinks`: what is kept up to date with the importers' records, what it refused, and its index built anew. */
import { setTimeout as sleep } from "node:timers/promises";
import type { App } from "../app.ts";
import { SluiceError } from "../core/errors.ts";
import type { SinkStanding } from "../core/store/outbox.ts";
import type { CommonFlags } from "../server/config-file.ts";
import { type CommandOptions, withRun } from "./run.ts";
import { type ExitCode, exitCodes, type Terminal } from "./terminal.ts";

/** A slice of a rebuild, after which the person is told how far it is. */
const sliceMs = 2000;
/** Between two looks at what another process is at. */
const lookMs = 500;
/** More than a person reads; the API has pages. */
const mostListed = 10_000;

export async function sinksListCommand(
  terminal: Terminal,
  flags: CommonFlags & { json?: boolean },
  options: CommandOptions = {},
): Promise<ExitCode> {
  return withRun(terminal, flags, options, async ({ app }) => {
    const sinks = await app.outbox.standing();
    if (flags.json) await terminal.out(`${JSON.stringify(sinks)}\n`);
    else if (sinks.length === 0) terminal.err("There are no sinks. An importer's `afterCommit` names them.\n");
    else for (const sink of sinks) await terminal.out(lineOf(sink));
    return exitCodes.done;
  });
}

export async function sinksRefusedCommand(
  terminal: Terminal,
  name: string,
  flags: CommonFlags & { json?: boolean },
  options: CommandOptions = {},
): Promise<ExitCode> {
  return withRun(terminal, flags, options, async ({ app }) => {
    const refused = await app.outbox.records.setAside(name, { limit: mostListed, offset: 0 });
    if (flags.json) await terminal.out(`${JSON.stringify(refused)}\n`);
    else if (refused.length === 0) terminal.err(`${name} has refused nothing.\n`);
    else for (const { id, reason } of refused) await terminal.out(`${id}\t${reason}\n`);
    return exitCodes.done;
  });
}

/** What it refused is delivered as the records are now: here, as far as that goes before the command ends, else by workers. */
export async function sinksRetryCommand(
  terminal: Terminal,
  name: string,
  flags: CommonFlags,
  options: CommandOptions = {},
): Promise<ExitCode> {
  return withRun(terminal, flags, options, async ({ app }) => {
    const records = await app.outbox.records.retry(name);
    terminal.err(`${records} ${records === 1 ? "record is" : "records are"} put in again.\n`);
    return exitCodes.done;
  });
}

/** Works on the rebuild itself, beside workers that may do so as well; one that was stopped goes on where it was. */
export async function sinksRebuildCommand(
  terminal: Terminal,
  name: string,
  flags: CommonFlags & { cancel?: boolean },
  options: CommandOptions = {},
): Promise<ExitCode> {
  return withRun(terminal, flags, options, async ({ app }) => {
    const { records } = app.outbox;
    if (flags.cancel) await records.cancelRebuild(name);
    else if ((await records.rebuildOf(name)) === null) await records.askRebuild(name, terminal.user);
    else terminal.err("It is under way already, and goes on.\n");
    await follow(terminal, app, name);
    terminal.err(
      flags.cancel ? "The rebuild is given up; the index in use is as it was.\n" : "The new index is in use.\n",
    );
    return exitCodes.done;
  });
}

/** @throws SluiceError `unavailable` where the sink has stopped, or this command was. */
async function follow(terminal: Terminal, app: App, name: string): Promise<void> {
  let said = "";
  const say = (line: string): void => {
    if (line !== said) terminal.err(`${line}\n`);
    said = line;
  };
  for (;;) {
    const state = await app.outbox.records.rebuildOf(name);
    if (state === null) return;
    const standing = (await app.outbox.standing()).find((sink) => sink.name === name);
    if (standing?.state === "stopped")
      throw new SluiceError(
        "unavailable",
        `${name} takes nothing in: ${standing.error}. Give it room, then: sluice sinks rebuild ${name}`,
      );
    const of = state.total === null ? "" : ` of about ${state.total}`;
    say(standing?.error ? `${state.phase}: ${standing.error}` : `${state.phase}: ${state.loaded}${of}`);
    if (terminal.signal.aborted)
      throw new SluiceError(
        "unavailable",
        `Stopped; records so far: ${state.loaded}. Workers go on with it, or this command does.`,
      );
    const end = performance.now() + sliceMs;
    await app.deliver(name, { isOver: () => performance.now() >= end, signal: terminal.signal });
    // Another process is at it, or the sink asks for a pause.
    if (performance.now() < end) await sleep(lookMs, undefined, { signal: terminal.signal }).catch(() => {});
  }
}

function lineOf({ name, importer, state, waiting, dead, error, rebuild }: SinkStanding): string {
  const counts = `${waiting} waiting  ${dead} refused`;
  const making = rebuild === null ? "" : `  ${rebuild.phase} a new index (${rebuild.loaded})`;
  return `${name.padEnd(30)}  ${(importer ?? "all imports").padEnd(16)}  ${state.padEnd(8)}  ${counts}${making}${error === null ? "" : `  ${error}`}\n`;
}
