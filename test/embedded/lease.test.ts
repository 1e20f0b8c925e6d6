/** A data folder that several machines or containers share serves one of them at a time. */

import { access, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { openHome } from "../../src/embedded/home.ts";
import { takeLease } from "../../src/embedded/lease.ts";
import { freshFolder, patience } from "./fixture.ts";

const times = { beatMs: 20, staleMs: 2_000, patienceMs: 300 };
const elsewhere = "other-container 1234";

describe("lease on a data folder", () => {
  it("is taken in a fresh folder, kept fresh and given back", async () => {
    const home = await openHome(await freshFolder());
    const lease = await takeLease(home, failWhenLost, times);
    await setBack(home.leaseFile);
    await expect.poll(() => ageMs(home.leaseFile), patience).toBeLessThan(60_000);
    await lease.release();
    await expect(access(home.leaseFile)).rejects.toThrow("ENOENT");
  });

  it("is refused while another machine keeps it fresh", async () => {
    const home = await openHome(await freshFolder());
    await writeFile(home.leaseFile, elsewhere);
    // Touched, not written: a reader in between would see an empty file.
    const beat = setInterval(() => void utimes(home.leaseFile, new Date(), new Date()), times.beatMs);
    onTestFinished(() => clearInterval(beat));
    await expect(takeLease(home, failWhenLost, times)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/in use on other-container.*DATABASE_URL/),
    });
  });

  it("is taken over from a machine that was switched off", async () => {
    const home = await openHome(await freshFolder());
    await writeFile(home.leaseFile, elsewhere);
    await setBack(home.leaseFile);
    const lease = await takeLease(home, failWhenLost, times);
    expect(await readFile(home.leaseFile, "utf8")).not.toBe(elsewhere);
    await lease.release();
  });

  it("is taken at once after a killed process of the same machine", async () => {
    const home = await openHome(await freshFolder());
    const first = await takeLease(home, failWhenLost, { ...times, beatMs: 60_000 });
    const second = await takeLease(home, failWhenLost, { ...times, patienceMs: 0 });
    await Promise.all([first.release(), second.release()]);
  });

  it.for([
    ["another machine took it over", (file: string) => writeFile(file, elsewhere)],
    ["the folder is gone", (file: string) => rm(dirname(file), { recursive: true, maxRetries: 5 })],
  ] as const)("is known to be lost when %s", async ([, happen]) => {
    const home = await openHome(await freshFolder());
    const lost = vi.fn();
    const lease = await takeLease(home, lost, times);
    onTestFinished(() => lease.release());
    await happen(home.leaseFile);
    const again = (): Promise<void> => happen(home.leaseFile).catch(() => {});
    // A beat that was under way may have written over it.
    await expect.poll(() => again().then(() => lost.mock.calls.length), patience).toBe(1);
  });
});

function failWhenLost(): void {
  throw new Error("The lease was lost.");
}

async function setBack(file: string): Promise<void> {
  await utimes(file, new Date(0), new Date(0));
}

async function ageMs(file: string): Promise<number> {
  return Date.now() - (await stat(file)).mtimeMs;
}
