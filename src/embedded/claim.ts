/**
 * Claiming a local socket's address for one process only. An abstract address (Linux) can be bound once and goes with
 * its process; a socket file has to be distinguished from one that a killed process left.
 */

import { randomBytes } from "node:crypto";
import { chmod, link, open, rename, rm, stat } from "node:fs/promises";
import { connect, type Server, type Socket } from "node:net";
import { isErrno } from "./home.ts";

/** Listens at the address; `false` when another process does so already. */
export async function claimAddress(server: Server, address: string): Promise<boolean> {
  if (address.startsWith("\0")) return await listen(server, address);
  const own = `${address}.${randomBytes(4).toString("hex")}`;
  await listen(server, own);
  // The peer proves itself by its secret, and may be root as well as the folder's owner.
  await chmod(own, 0o666);
  try {
    return (await linked(own, address)) || (await replacedStale(own, address));
  } finally {
    await rm(own, { force: true });
  }
}

/** Takes a socket file away; called by the process that holds the address, when it is about to end. */
export async function yieldAddress(address: string): Promise<void> {
  if (!address.startsWith("\0")) await rm(address, { force: true });
}

async function listen(server: Server, address: string): Promise<boolean> {
  return await new Promise((resolve, reject) => {
    server.once("error", (error) => (isErrno(error, "EADDRINUSE") ? resolve(false) : reject(error)));
    server.listen(address, () => resolve(true));
  });
}

/** A link, other than a rename, is never made over what is there: of several claimants one wins. */
async function linked(own: string, address: string): Promise<boolean> {
  try {
    await link(own, address);
    return true;
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    throw error;
  }
}

/** A ticket older than this was left by a process that died over it. */
const ticketMs = 5000;

/**
 * Replaces a socket that nobody answers with its own. Of several that find it so, one gets the ticket to
 * replace that very file; it asks once more with the ticket in hand, so that no living socket is ever replaced.
 */
async function replacedStale(own: string, address: string): Promise<boolean> {
  const stale = await fileId(address);
  if (stale === undefined) return await linked(own, address);
  if (await isAnswered(address)) return false;
  const ticket = `${address}.${stale}.ticket`;
  if (!(await drawn(ticket))) return false;
  try {
    if ((await fileId(address)) !== stale || (await isAnswered(address))) return false;
    await rename(own, address);
    return true;
  } finally {
    await rm(ticket, { force: true });
  }
}

async function drawn(ticket: string): Promise<boolean> {
  try {
    await (await open(ticket, "wx")).close();
    return true;
  } catch (error) {
    if (!isErrno(error, "EEXIST")) throw error;
    const drawnAt = await stat(ticket).catch(() => undefined);
    if (drawnAt !== undefined && Date.now() - drawnAt.mtimeMs > ticketMs) await rm(ticket, { force: true });
    return false;
  }
}

/** Which file is at the path; `undefined` for none. */
async function fileId(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found === undefined ? undefined : `${found.ino}-${found.ctimeNs}`;
}

async function isAnswered(address: string): Promise<boolean> {
  const socket = await connectTo(address);
  socket?.destroy();
  return socket !== undefined;
}

/**
 * A connection to the address; `undefined` when no process listens there.
 *
 * @param ref whether the attempt keeps this process alive
 */
export async function connectTo(address: string, ref = true): Promise<Socket | undefined> {
  return await new Promise((resolve, reject) => {
    const socket = connect(address, () => resolve(socket));
    if (!ref) socket.unref();
    socket.once("error", (error) => {
      if (isErrno(error, "ECONNREFUSED") || isErrno(error, "ENOENT")) resolve(undefined);
      else reject(error);
    });
  });
}
