/** vsftpd on this machine, plain or over TLS, with a config and a certificate of its own in a folder that goes with it. */
import { execFileSync, spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { freePort } from "../free-port.ts";
import { debianServer } from "./debian.ts";
import { answers } from "./ssh-server.ts";

export interface FtpServer {
  folder: string;
  port: number;
  /** SHA-256 of its certificate. */
  fingerprint: string;
  close(): Promise<void>;
}

/** For anybody who says so, without a password: accounts would have to be made on the machine. */
export async function ftpServer({ tls }: { tls: boolean }): Promise<FtpServer> {
  const vsftpd = debianServer("/usr/sbin/vsftpd", "vsftpd");
  const root = await mkdtemp(join(tmpdir(), "sluice-ftp-"));
  // It works as another account, and its root must not be writable for that.
  await chmod(root, 0o755);
  const folder = join(root, "files");
  await mkdir(folder, { mode: 0o777 });
  await chmod(folder, 0o777);
  await mkdir(join(root, "empty"), { mode: 0o555 });
  const [key, certificate] = [join(root, "key"), join(root, "certificate")];
  const subject = ["-subj", "/CN=elsewhere.example", "-days", "2", "-keyout", key, "-out", certificate];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...subject], { stdio: "ignore" });
  const port = await freePort();
  const yes = (isSo: boolean): string => (isSo ? "YES" : "NO");
  const settings = {
    ...{ listen: "YES", listen_address: "127.0.0.1", listen_port: port, background: "NO", anonymous_enable: "YES" },
    ...{ no_anon_password: "YES", anon_root: root, write_enable: "YES", anon_upload_enable: "YES", anon_umask: "022" },
    ...{ anon_mkdir_write_enable: "YES", anon_other_write_enable: "YES", anon_world_readable_only: "NO" },
    ...{ secure_chroot_dir: join(root, "empty"), seccomp_sandbox: "NO", xferlog_enable: "NO" },
    ...{
      ssl_enable: yes(tls),
      allow_anon_ssl: yes(tls),
      force_anon_data_ssl: yes(tls),
      force_anon_logins_ssl: yes(tls),
    },
    ...{ rsa_cert_file: certificate, rsa_private_key_file: key, require_ssl_reuse: yes(tls), ssl_ciphers: "HIGH" },
  };
  await writeFile(
    join(root, "config"),
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
  await chmod(join(root, "config"), 0o600);
  const running = spawn(vsftpd, [join(root, "config")], { stdio: "ignore" });
  await vi.waitUntil(() => answers(port), { timeout: 60_000, interval: 50 });
  return {
    folder,
    port,
    fingerprint: new X509Certificate(await readFile(certificate)).fingerprint256,
    async close() {
      const ended = once(running, "exit");
      running.kill("SIGTERM");
      await ended;
      await rm(root, { recursive: true, force: true });
    },
  };
}
