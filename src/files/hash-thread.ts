/**
 * The thread that hashes files while they are written: it reads what was just written, which the system still has in
 * memory. So neither the event loop nor the network waits for SHA-256.
 */
import { createHash, type Hash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { type MessagePort, parentPort } from "node:worker_threads";
import type { HashAnswer, HashRequest } from "./hash-protocol.ts";

const port = parentPort as MessagePort;
const buffer = Buffer.allocUnsafeSlow(1024 * 1024);
/** Bytes hashed before another file has its turn. */
const turnBytes = 16 * 1024 * 1024;
/** Files whose hash state is kept until they grow further; the others are read again from the beginning. */
const maxFiles = 500;

interface HashedFile {
  hash: Hash;
  atBytes: number;
}

const files = new Map<string, HashedFile>();
/** What is asked of each file, in its order. */
const queues = new Map<string, Promise<void>>();

port.on("message", (request: HashRequest) => {
  const before = queues.get(request.path) ?? Promise.resolve();
  const mine = before.then(() => answer(request));
  queues.set(request.path, mine);
  void mine.then(() => {
    if (queues.get(request.path) === mine) queues.delete(request.path);
  });
});

async function answer(request: HashRequest): Promise<void> {
  if (request.do === "forget") {
    files.delete(request.path);
    return;
  }
  if (request.do === "on" && request.afresh) files.delete(request.path);
  try {
    const file = await hashTo(request.path, request.to);
    if (request.do === "on") return;
    files.delete(request.path);
    tell({ ask: request.ask, hash: file.hash.digest("hex") });
  } catch (error) {
    // A caller that only wanted to continue asks for the hash later.
    files.delete(request.path);
    if (request.do === "digest") tell({ ask: request.ask, problem: (error as Error).message });
  }
}

async function hashTo(path: string, to: number): Promise<HashedFile> {
  let file = files.get(path);
  if (file === undefined || file.atBytes > to) file = { hash: createHash("sha256"), atBytes: 0 };
  remember(path, file);
  if (file.atBytes === to) return file;
  const descriptor = openSync(path, "r");
  try {
    for (let turn = 0; file.atBytes < to; ) {
      const length = readSync(descriptor, buffer, 0, Math.min(buffer.length, to - file.atBytes), file.atBytes);
      if (length === 0) throw new Error(`${path} ends at ${file.atBytes} of ${to} bytes`);
      file.hash.update(buffer.subarray(0, length));
      file.atBytes += length;
      turn += length;
      if (turn < turnBytes) continue;
      turn = 0;
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  } finally {
    closeSync(descriptor);
  }
  return file;
}

function remember(path: string, file: HashedFile): void {
  files.delete(path);
  files.set(path, file);
  for (const oldest of files.keys()) {
    if (files.size <= maxFiles) return;
    files.delete(oldest);
  }
}

function tell(message: HashAnswer): void {
  port.postMessage(message);
}
