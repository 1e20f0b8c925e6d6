/** CPU time of processes, as Linux counts it in /proc (proc_pid_stat(5)): in clock ticks of a hundredth of a second. */
import { readdirSync, readFileSync } from "node:fs";

const ticksPerSecond = 100;

interface Stat {
  parent: number;
  /** Seconds of its own. */
  own: number;
  /** Seconds of children that have ended and were waited for. */
  children: number;
}

function statOf(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Behind the name, which may hold anything.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number);
    return {
      parent: Number(fields[1]),
      own: (utime + stime) / ticksPerSecond,
      children: (cutime + cstime) / ticksPerSecond,
    };
  } catch {
    return null;
  }
}

export function cpuSeconds(pid: number): number {
  return statOf(pid)?.own ?? 0;
}

/** Of a process and its children, those that have ended included: a Postgres and all its backends. */
export function treeCpuSeconds(pid: number): number {
  const root = statOf(pid);
  if (root === null) return 0;
  let sum = root.own + root.children;
  for (const entry of readdirSync("/proc")) {
    const stat = /^\d+$/.test(entry) ? statOf(Number(entry)) : null;
    if (stat?.parent === pid) sum += stat.own;
  }
  return sum;
}

export function parentOf(pid: number): number {
  return statOf(pid)?.parent ?? 0;
}
