/** `sluice serve` as a process of its own, and a client that an admin's token lets in. */
import { type Client, createClient } from "../../src/client/index.ts";
import { runInProcess } from "../run-in-process.ts";
import { type ChaosRun, type Place, startChaos } from "./run-chaos.ts";

export interface Serving {
  run: ChaosRun;
  url: string;
  client: Client;
}

/** Of an admin that it makes: once for a place. */
export async function adminToken({ cwd, url }: Place): Promise<string> {
  await runInProcess(["users", "add", "Anna", "--admin"], { cwd, url });
  const made = await runInProcess(["tokens", "create", "chaos", "--user", "Anna", "--role", "admin"], { cwd, url });
  if (made.exitCode !== 0) throw new Error(made.stderr);
  return made.stdout.trim();
}

/** On a port that is free. */
export async function startServing(place: Place, token: string): Promise<Serving> {
  const run = startChaos(["serve", "--port", "0"], place);
  await run.shows("Ctrl-C stops it");
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(run.shown())?.[0] ?? "";
  return { run, url, client: createClient({ baseUrl: url, token }) };
}
