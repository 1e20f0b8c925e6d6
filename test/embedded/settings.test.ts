/** The embedded server's tuning on machines of all sizes. */

import { describe, expect, it } from "vitest";
import { serverSettings, thisMachine } from "../../src/embedded/settings.ts";
import { freshFolder } from "./fixture.ts";

const GIGABYTE = 1024 ** 3;
const laptop = { memoryBytes: 16 * GIGABYTE, cores: 8, freeDiskBytes: 500 * GIGABYTE };

describe("embedded server's settings", () => {
  it.for([
    ["a laptop", {}, { shared_buffers: "512MB", max_wal_size: "8192MB", max_parallel_workers_per_gather: "4" }],
    ["a small machine", { memoryBytes: GIGABYTE / 2, cores: 1 }, { shared_buffers: "128MB", work_mem: "4MB" }],
    ["one core", { cores: 1 }, { max_parallel_workers_per_gather: "1", max_parallel_workers: "1" }],
    ["a disk that is nearly full", { freeDiskBytes: GIGABYTE }, { max_wal_size: "256MB" }],
    ["a container", { sharedMemoryBytes: 64 * 1024 ** 2 }, { dynamic_shared_memory_type: "mmap" }],
  ] as const)("fit %s", ([, machine, expected]) => {
    expect(serverSettings({ ...laptop, ...machine })).toMatchObject(expected);
  });

  it("leave shared memory as Postgres chose it where there is enough", () => {
    expect(serverSettings({ ...laptop, sharedMemoryBytes: GIGABYTE })).not.toHaveProperty("dynamic_shared_memory_type");
  });

  it("are computed from this machine", async () => {
    const machine = await thisMachine(await freshFolder());
    expect(machine.memoryBytes).toBeGreaterThan(0);
    expect(machine.cores).toBeGreaterThan(0);
    expect(machine.freeDiskBytes).toBeGreaterThan(0);
  });
});
