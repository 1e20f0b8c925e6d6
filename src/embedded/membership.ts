/**
 * A command's side of the control connection: finds the data folder's supervisor, starting one where there is none, and
 * becomes a user of its server.
 */

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { Socket } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { SluiceError } from "../core/errors.ts";
import { sibling } from "../core/sibling.ts";
import { cleanEnvironment } from "./account.ts";
import { resolveInstalled } from "./binaries.ts";
import { connectTo } from "./claim.ts";
import { type Answer, controlAddress, isProof, newChallenge, onLine, prove, sendLine } from "./control.ts";
import type { EmbeddedHome } from "./home.ts";
import { openLog, readTail } from "./log.ts";
import type { ServerSettings } from "./settings.ts";

/** What a command asks for. */
export interface MembershipRequest {
  home: EmbeddedHome;
  secret: string;
  settings: ServerSettings;
  lingerMs: number;
  /** Called with the server's port, at first and whenever the server has come back. */
  onPort(port: number): void;
  /** Whether the attempt keeps this process alive. */
  ref: boolean;
  signal?: AbortSignal;
}

/** How long a supervisor may take until it listens, on a machine that is busy with other things. */
const REACH_MS = 30_000;

/** The open connection, once the server serves. Throws what the supervisor answers when it can't. */
export async function joinSupervisor(request: MembershipRequest): Promise<Socket> {
  const address = controlAddress(request.home);
  const deadline = Date.now() + REACH_MS;
  let supervisor: Spawned | undefined;
  for (;;) {
    request.signal?.throwIfAborted();
    const socket = await connectTo(address, request.ref);
    if (socket) {
      if (await apply(socket, request)) return socket;
    } else if (!supervisor || supervisor.ended) {
      if (supervisor?.failure) throw await spawnError(request.home, supervisor);
      supervisor = await spawnSupervisor(request.home);
    }
    if (Date.now() > deadline) throw await spawnError(request.home, supervisor);
    await sleep(20, undefined, { signal: request.signal, ref: request.ref }).catch(() => {});
  }
}

/** Whether the supervisor took us in; `false` when it went away before it answered, as one does that is retiring. */
async function apply(socket: Socket, request: MembershipRequest): Promise<boolean> {
  const { secret, settings, lingerMs, signal } = request;
  return await new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      reject(error);
      socket.destroy();
    };
    const silent = setTimeout(
      () => fail(new SluiceError("unavailable", `The supervisor of ${request.home.folder} does not answer.`)),
      REACH_MS,
    );
    if (!request.ref) silent.unref();
    const abort = () => fail(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      clearTimeout(silent);
      signal?.removeEventListener("abort", abort);
      resolve(false);
    });
    const ours = newChallenge();
    let expected: string | undefined;
    onLine(socket, (message) => {
      if (expected === undefined) {
        clearTimeout(silent);
        const theirs = String(message.challenge);
        expected = prove(secret, "supervisor", theirs, ours);
        sendLine(socket, { challenge: ours, proof: prove(secret, "command", ours, theirs), settings, lingerMs });
        return;
      }
      const answer = message as unknown as Answer;
      if (!isProof(expected, answer.proof)) return fail(strangerError(request.home));
      if (answer.error) return fail(new SluiceError(answer.error.code, answer.error.message));
      signal?.removeEventListener("abort", abort);
      request.onPort(Number(answer.port));
      resolve(true);
    });
  });
}

function strangerError(home: EmbeddedHome): SluiceError {
  return new SluiceError(
    "unauthorized",
    `The process that serves ${home.folder} does not know the secret in ${home.secretFile}. If that file was replaced, ` +
      "end all commands that use the folder and try again after a few seconds.",
  );
}

interface Spawned {
  ended: boolean;
  logStartBytes: number;
  failure?: string;
}

/** Beside this file; a program that bundles Sluice has it in the installed package. */
function supervisorEntry(): string {
  const beside = fileURLToPath(sibling("supervisor", import.meta.url));
  if (existsSync(beside)) return beside;
  try {
    return join(dirname(resolveInstalled("sluice/package.json")), "dist/postgres/embedded/supervisor.js");
  } catch (cause) {
    throw new SluiceError(
      "unavailable",
      "The embedded Postgres is started by files of the package sluice, which is not installed beside this bundle. Name a database of your own (databaseUrl, DATABASE_URL).",
      { cause },
    );
  }
}

/** In a session of its own, so that neither Ctrl-C nor the terminal's end reaches it or the server. */
async function spawnSupervisor(home: EmbeddedHome): Promise<Spawned> {
  const entry = supervisorEntry();
  // Before 22.18, Node strips types only when told to.
  const flags = entry.endsWith(".ts") && !process.features.typescript ? ["--experimental-strip-types"] : [];
  const log = await openLog(home.supervisorLog);
  const child = spawn(process.execPath, [...flags, entry, home.dataDir], {
    // Node itself may need the last one; what the user has set for other programs stays out.
    env: { ...cleanEnvironment, LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH },
    cwd: "/",
    detached: true,
    stdio: ["ignore", log.file.fd, log.file.fd],
  });
  const spawned: Spawned = { ended: false, logStartBytes: log.startBytes };
  child.once("error", (error) => Object.assign(spawned, { ended: true, failure: error.message }));
  // One that was killed did not fail: the next one may live.
  child.once("exit", (code) =>
    Object.assign(spawned, { ended: true, failure: code ? `it ended with code ${code}` : undefined }),
  );
  child.unref();
  await log.file.close();
  return spawned;
}

async function spawnError(home: EmbeddedHome, supervisor: Spawned | undefined): Promise<SluiceError> {
  const tail = await readTail(home.supervisorLog, supervisor?.logStartBytes ?? 0);
  return new SluiceError(
    "unavailable",
    `The supervisor of the embedded database in ${home.folder} did not start: ` +
      `${supervisor?.failure ?? "it can't be reached"}. Its log (${home.supervisorLog}) says:\n${tail}`,
  );
}
