/**
 * Claiming a local socket's address for one process only. An abstract address (Linux) can be bound once and goes with
 * its process; a socket file has to be told from what a killed process left behind.
 */

import { randomBytes } from "node:crypto";
import { chmod, link, rename, rm } from "node:fs/promises";
import { connect, type Server, type Socket } from "node:net";
import { isErrno } from "./embedded-home.ts";

/** Listens at the address; `false` when another process does so already. */
export async function claimAddress(server: Server, address: string): Promise<boolean> {
  if (address.startsWith("\0")) return await listen(server, address);
  const own = `${address}.${randomBytes(4).toString("hex")}`;
  await listen(server, own);
  // The peer proves itself by its secret, and may be root as well as the folder's owner.
  await chmod(own, 0o666);
  try {
    return (await linked(own, address)) || ((await clearStale(address)) && (await linked(own, address)));
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

/** Takes the file out of the way before it asks for life a second time, for it may have been claimed since the first. */
async function clearStale(address: string): Promise<boolean> {
  if (await isAnswered(address)) return false;
  const aside = `${address}.${randomBytes(4).toString("hex")}`;
  try {
    await rename(address, aside);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return true;
    throw error;
  }
  const alive = await isAnswered(aside);
  if (alive) await linked(aside, address);
  await rm(aside, { force: true });
  return !alive;
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
