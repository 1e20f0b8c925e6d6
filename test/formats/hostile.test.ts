/**
 * Hostile and broken files: each is refused by a message that says why, or read with what is wrong told; the process lives,
 * and its memory stays small whatever the file says it holds. They are read in a process of their own, so that its memory
 * can be told, and so that one that never ends can be ended.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { hostileFiles } from "../corpus/hostile-files.ts";
import type { HostileOutcome } from "../corpus/read-hostile.ts";

/** Of the whole process: Node itself, what makes the files (up to 50 MB), and the readers. */
const maxRssBytes = 512 * 2 ** 20;
/** A file that takes longer than this never comes to an end, however much else the machine has to do. */
const hangMs = 300_000;

const outcomes = new Map<string, HostileOutcome>();
let lastBegun = "";

beforeAll(async () => {
  const script = fileURLToPath(new URL("../corpus/read-hostile.ts", import.meta.url));
  const child = spawn(process.execPath, ["--max-old-space-size=160", script], { stdio: ["ignore", "pipe", "inherit"] });
  const kill = (): void => void child.kill("SIGKILL");
  let timer = setTimeout(kill, hangMs);
  for await (const line of createInterface({ input: child.stdout })) {
    clearTimeout(timer);
    timer = setTimeout(kill, hangMs);
    const told = JSON.parse(line) as HostileOutcome | { begins: string };
    if ("begins" in told) lastBegun = told.begins;
    else outcomes.set(told.name, told);
  }
  clearTimeout(timer);
});

describe("a hostile file", () => {
  it.each(hostileFiles.map((file) => [file.name, file] as const))("%s: comes to a clear end", (name, file) => {
    const outcome = outcomes.get(name);
    expect(outcome, `the process died or hung at: ${lastBegun}`).toBeDefined();
    if (outcome === undefined) return;
    expect(outcome.thrown).toBeNull();
    expect(outcome.peakRssBytes).toBeLessThan(maxRssBytes);
    if (file.refused !== undefined) {
      expect(outcome.error?.message).toMatch(file.refused);
      expect(["invalid", "too_large"]).toContain(outcome.error?.code);
      return;
    }
    expect(outcome).toMatchObject({ error: null, rows: file.rows });
    if (file.damagedRows !== undefined) expect(outcome.damagedRows).toBe(file.damagedRows);
    for (const code of file.findings ?? []) expect(outcome.findings).toContain(code);
  });
});
