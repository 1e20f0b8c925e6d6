import { describe, expect, it } from "vitest";
import { PieceQueue } from "../../src/staging/piece-queue.ts";

async function taken(queue: PieceQueue): Promise<number[]> {
  const pieces: number[] = [];
  for await (const piece of queue) pieces.push(...piece);
  return pieces;
}

describe("PieceQueue", () => {
  it("hands on what was pushed, before and while it is taken, in order", async () => {
    const queue = new PieceQueue();
    queue.push(Uint8Array.of(1));
    const all = taken(queue);
    queue.push(Uint8Array.of(2, 3));
    await Promise.resolve();
    queue.push(Uint8Array.of(4));
    queue.end();
    expect(await all).toEqual([1, 2, 3, 4]);
  });

  it("fails whoever takes, and drops what was not taken", async () => {
    const queue = new PieceQueue();
    queue.push(Uint8Array.of(1));
    queue.fail(new Error("stopped"));
    await expect(taken(queue)).rejects.toThrow("stopped");
  });

  it("fails whoever waits for a piece", async () => {
    const queue = new PieceQueue();
    const all = taken(queue);
    await Promise.resolve();
    queue.fail(new Error("stopped"));
    await expect(all).rejects.toThrow("stopped");
  });

  it("is through once it has ended, whatever fails later", async () => {
    const queue = new PieceQueue();
    queue.end();
    queue.fail(new Error("too late"));
    queue.push(Uint8Array.of(1));
    expect(await taken(queue)).toEqual([]);
  });
});
