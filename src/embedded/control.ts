/**
 * The control connection between a command and the supervisor of its data folder: lines of JSON over a local socket.
 * Holding it open is what makes a command a user of the server. Each side proves that it knows the data folder's secret
 * before the other one says anything that matters; the secret itself never travels.
 */

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Socket } from "node:net";
import type { ErrorCode } from "../core/errors.ts";
import type { EmbeddedHome } from "./home.ts";
import type { ServerSettings } from "./settings.ts";

/** Supervisor's first line. */
export interface Challenge {
  challenge: string;
}

/** The command's only line. */
export interface Application {
  challenge: string;
  proof: string;
  settings: ServerSettings;
  /** How long the server outlives its last user. */
  lingerMs: number;
}

/** Every later line of the supervisor: where the server is now, or why there is none. */
export interface Answer {
  proof: string;
  port?: number;
  error?: { code: ErrorCode; message: string };
}

/**
 * Where the supervisor listens. On Linux that is a name without a file, which goes with the process that holds it;
 * elsewhere a file in /tmp, for paths of sockets may have 104 bytes at most and TMPDIR differs between terminals.
 */
export function controlAddress(home: EmbeddedHome, platform = process.platform): string {
  return platform === "linux" ? `\0sluice-${home.hash}` : `/tmp/sluice-${home.hash.slice(0, 32)}.sock`;
}

export function newChallenge(): string {
  return randomBytes(32).toString("hex");
}

/** Proof of knowing the secret; each side has its own so that it can't be handed back as the other's. */
export function prove(secret: string, side: "command" | "supervisor", ours: string, theirs: string): string {
  return createHmac("sha256", secret).update(`${side}:${ours}:${theirs}`).digest("hex");
}

export function isProof(expected: string, given: unknown): boolean {
  const actual = Buffer.from(typeof given === "string" ? given : "");
  return actual.length === expected.length && timingSafeEqual(actual, Buffer.from(expected));
}

export function sendLine(socket: Socket, message: Challenge | Application | Answer): void {
  socket.write(`${JSON.stringify(message)}\n`);
}

/** A peer that sends more than this without a line's end is no Sluice. */
const LONGEST_LINE = 65_536;

/** Calls back with each line's content, unproven; ends the connection at anything that is not a line of JSON. */
export function onLine(socket: Socket, callback: (message: Record<string, unknown>) => void): void {
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > LONGEST_LINE) socket.destroy();
    for (const line of lines) {
      const message = parseObject(line);
      if (!message) return void socket.destroy();
      callback(message);
    }
  });
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
