/** What wakes the imports of a mount, and what keeps it from working where it is. */
import type { Config } from "../config.ts";
import { SluiceError } from "../core/errors.ts";
import { type HostingFinding, hostingFindings, queueOf, tasksAddress } from "../core/hosting.ts";

export interface MountQueue {
  config: Config;
  /** Where QStash posts tasks; undefined: it does not. */
  tasksUrl: string | undefined;
  /** The mount's own process works on them. */
  isDirect: boolean;
}

/** @param below the mount's path. */
export async function mountQueue(config: Config, below: string): Promise<MountQueue> {
  if (config.queue !== null) return { config, tasksUrl: undefined, isDirect: false };
  const { kind } = queueOf(config);
  if (kind === "direct") {
    const { withDirectQueue } = await import("../app.ts");
    return { config: await withDirectQueue(config), tasksUrl: undefined, isDirect: true };
  }
  const tasksUrl = kind === "qstash" ? (tasksAddress(config, below) ?? undefined) : undefined;
  return { config, tasksUrl, isDirect: false };
}

/** What is wrong or missing where Sluice is mounted. A queue of the program's own needs nothing of QStash, and no other worker. */
export function mountFindings(config: Config): HostingFinding[] {
  if (config.queue === null) return hostingFindings(config);
  return hostingFindings({ ...config, queueKind: "pg-boss" }).filter(({ level }) => level === "error");
}

/** @throws SluiceError `invalid` with what to set, where imports cannot work on this host. */
export function refuseHosting(where: string, config: Config): void {
  const errors = mountFindings(config).filter(({ level }) => level === "error");
  if (errors.length > 0)
    throw new SluiceError("invalid", [`${where} cannot work here.`, ...errors.map(({ message }) => message)].join(" "));
}
