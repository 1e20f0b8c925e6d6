/** The embedded server's tuning: made for bulk loads, sized for the machine, and as durable as Postgres can be. */

import { statfs } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";

/** Settings of Postgres by name, each value as in postgresql.conf, without quotes. */
export type ServerSettings = Record<string, string>;

const MEGABYTE = 1024 * 1024;

/** What the tuning depends on. */
export interface Machine {
  memoryBytes: number;
  cores: number;
  /** Free on the disk that holds the cluster. */
  freeDiskBytes: number;
  /** Size of /dev/shm; containers often get 64 MB. `undefined` where there is none. */
  sharedMemoryBytes?: number;
}

export async function thisMachine(clusterFolder: string): Promise<Machine> {
  const disk = await statfs(clusterFolder);
  const shm = await statfs("/dev/shm").catch(() => undefined);
  const limit = process.constrainedMemory();
  return {
    // Without a limit, Node answers 0 or a number beyond any real memory.
    memoryBytes: limit > 0 ? Math.min(limit, totalmem()) : totalmem(),
    cores: availableParallelism(),
    freeDiskBytes: disk.bavail * disk.bsize,
    sharedMemoryBytes: shm && shm.blocks * shm.bsize,
  };
}

/** @see https://www.postgresql.org/docs/18/runtime-config.html */
export function serverSettings(machine: Machine): ServerSettings {
  const { cores } = machine;
  const memoryMb = machine.memoryBytes / MEGABYTE;
  const helpers = Math.max(1, Math.min(4, Math.floor(cores / 2)));
  return {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    password_encryption: "scram-sha-256",
    max_connections: "100",
    timezone: "UTC",

    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",
    // No replica reads this server's log, so bulk loads into new tables may skip it.
    wal_level: "minimal",
    max_wal_senders: "0",
    max_logical_replication_workers: "0",
    // Few, well spread checkpoints; the log may take a tenth of the free disk.
    checkpoint_timeout: "30min",
    max_wal_size: megabytes(clamp(machine.freeDiskBytes / MEGABYTE / 10, 256, 8192)),

    shared_buffers: megabytes(clamp(memoryMb / 4, 32, 512)),
    effective_cache_size: megabytes(clamp(memoryMb / 2, 64, 16384)),
    maintenance_work_mem: megabytes(clamp(memoryMb / 16, 32, 512)),
    work_mem: megabytes(clamp(memoryMb / 256, 4, 32)),
    // Parallel plans die where /dev/shm is too small for them; files in the cluster have no such bound.
    ...(enoughSharedMemory(machine) ? {} : { dynamic_shared_memory_type: "mmap" }),

    max_worker_processes: String(Math.max(8, cores)),
    max_parallel_workers: String(cores),
    max_parallel_workers_per_gather: String(helpers),
    max_parallel_maintenance_workers: String(helpers),
    random_page_cost: "1.1",
    // Compiling pays off in long analytic queries only.
    jit: "off",

    // A command that was killed must not leave its statement running, nor its locks held.
    client_connection_check_interval: "2s",
    tcp_keepalives_idle: "10",
    tcp_keepalives_interval: "5",
    tcp_keepalives_count: "3",

    logging_collector: "off",
    log_timezone: "UTC",
    log_checkpoints: "off",
    // Errors of statements go to the client that sent them; here they would carry the values of cells into a log.
    log_min_messages: "log",
    log_min_error_statement: "panic",
    log_error_verbosity: "terse",
  };
}

function enoughSharedMemory(machine: Machine): boolean {
  return machine.sharedMemoryBytes === undefined || machine.sharedMemoryBytes >= 256 * MEGABYTE;
}

function clamp(value: number, least: number, most: number): number {
  return Math.floor(Math.min(most, Math.max(least, value)));
}

function megabytes(value: number): string {
  return `${value}MB`;
}
