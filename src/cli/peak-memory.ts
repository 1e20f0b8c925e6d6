import { readFileSync } from "node:fs";

/**
 * The most memory that the process of this program has had at a time, in bytes. Linux counts the parent's into a child's `maxRSS` (getrusage(2)): what a
 * program has of its own since it was started, /proc tells (VmHWM, proc_pid_status(5)).
 */
export function peakRssBytes({ resourceUsage }: Pick<NodeJS.Process, "resourceUsage">): number {
  try {
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    if (kib !== undefined) return Number(kib) * 1024;
  } catch {
    // Not Linux.
  }
  return resourceUsage().maxRSS * 1024;
}
