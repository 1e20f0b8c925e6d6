/** OpenSSH's own server on this machine, with keys and a config of its own in a folder that goes with it. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import type { SftpPlace } from "../../src/core/source.ts";
import { freePort } from "../free-port.ts";
import { debianServer } from "./debian.ts";

export interface SshServer {
  /** What it shows: an empty folder at first. */
  folder: string;
  place: SftpPlace;
  /** Another key from now on, as if somebody else had taken the host's address. */
  changeKey(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function sshServer(): Promise<SshServer> {
  const sshd = debianServer("/usr/sbin/sshd", "openssh-server");
  const root = await mkdtemp(join(tmpdir(), "sluice-sshd-"));
  const [folder, hostKey, userKey] = [join(root, "files"), join(root, "host"), join(root, "user")];
  await mkdir(folder);
  // As root it separates its privileges there.
  if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true });
  const makeKey = (path: string): void =>
    void execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path]);
  makeKey(hostKey);
  makeKey(userKey);
  const port = await freePort();
  const config = [
    ...[`Port ${port}`, "ListenAddress 127.0.0.1", `HostKey ${hostKey}`, `AuthorizedKeysFile ${userKey}.pub`],
    ...["PidFile none", "StrictModes no", "UsePAM no", "PasswordAuthentication no", "PermitRootLogin yes"],
    "Subsystem sftp internal-sftp",
  ];
  await writeFile(join(root, "config"), config.join("\n"));
  let running: ReturnType<typeof spawn> | null = null;
  const start = async (): Promise<void> => {
    running = spawn(sshd, ["-D", "-e", "-f", join(root, "config")], { stdio: "ignore" });
    await vi.waitUntil(() => answers(port), { timeout: 60_000, interval: 50 });
  };
  const stop = async (): Promise<void> => {
    if (running === null) return;
    const ended = once(running, "exit");
    running.kill("SIGTERM");
    await ended;
    running = null;
  };
  await start();
  const fingerprint = (): string =>
    execFileSync("ssh-keygen", ["-lf", `${hostKey}.pub`], { encoding: "utf8" }).split(" ")[1];
  return {
    folder,
    place: {
      ...{ kind: "sftp", host: "127.0.0.1", port, user: userInfo().username, folder },
      privateKey: await readFile(userKey, "utf8"),
      hostFingerprint: fingerprint(),
    },
    async changeKey() {
      await stop();
      await rm(hostKey);
      makeKey(hostKey);
      await start();
    },
    start,
    stop,
    async close() {
      await stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
