/** One process only behind a local socket, with and without a file. */

import { rename } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { claimAddress, connectTo, yieldAddress } from "../../src/embedded/claim.ts";
import { controlAddress } from "../../src/embedded/control.ts";
import { homeOf } from "../../src/embedded/home.ts";
import { freshFolder } from "./fixture.ts";

describe("claim of a socket's address", () => {
  it("goes to the first of two, by name and by file", async () => {
    const folder = await freshFolder();
    for (const address of [`\0${folder}`, join(folder, "socket")].slice(process.platform === "linux" ? 0 : 1)) {
      expect(await claimAddress(server(), address)).toBe(true);
      expect(await claimAddress(server(), address)).toBe(false);
      expect(await answers(address)).toBe(true);
    }
  });

  it("goes to exactly one of many over a file that a killed process left", async () => {
    const address = join(await freshFolder(), "socket");
    await leaveStale(address);
    expect(await answers(address)).toBe(false);
    const claims = await Promise.all(Array.from({ length: 8 }, () => claimAddress(server(), address)));
    expect(claims.filter((claimed) => claimed)).toHaveLength(1);
    expect(await answers(address)).toBe(true);
  });

  it("is open to others once it was given up", async () => {
    const address = join(await freshFolder(), "socket");
    await claimAddress(server(), address);
    await yieldAddress(address);
    expect(await claimAddress(server(), address)).toBe(true);
  });

  it.for(["linux", "darwin"] as const)("fits into what a socket's path may have on %s", (platform) => {
    const address = controlAddress(homeOf(`/${"long/".repeat(200)}`), platform);
    expect(Buffer.byteLength(address)).toBeLessThan(104);
    expect(controlAddress(homeOf("/a"), platform)).not.toBe(controlAddress(homeOf("/b"), platform));
  });
});

function server(): Server {
  const made = createServer((socket) => socket.destroy());
  onTestFinished(() => void made.close());
  return made;
}

/** A socket's file without a process behind it: Node removes the file only under the name that it was made with. */
async function leaveStale(address: string): Promise<void> {
  const made = createServer();
  await new Promise<void>((resolve) => made.listen(`${address}.made`, resolve));
  await rename(`${address}.made`, address);
  await new Promise((resolve) => made.close(resolve));
}

async function answers(address: string): Promise<boolean> {
  const socket = await connectTo(address);
  socket?.destroy();
  return socket !== undefined;
}
