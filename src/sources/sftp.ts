/** A folder of an SSH server as a source (draft-ietf-secsh-filexfer-02, which OpenSSH speaks), by the package `ssh2`. */
import { createHash, timingSafeEqual } from "node:crypto";
import { posix } from "node:path";
import type { Client, ConnectConfig, FileEntryWithStats, SFTPWrapper, Stats } from "ssh2";
import { SluiceError, told } from "../core/errors.ts";
import { optionalPackage } from "../core/optional-package.ts";
import { isSameVersion, type ListedFile, type OpenPlace, type SftpPlace } from "../core/source.ts";
import type { Outbound } from "../outbound/outbound.ts";

const connectMs = 30_000;
/** Bits of a file's type in its mode. */
const [typeBits, plainFile] = [0o170000, 0o100000];
/** Of the protocol, section 7. */
const [endOfList, noSuchFile, notPermitted] = [1, 2, 3];
/** What OpenSSH reads at once; several are asked for before the first has come. */
const readBytes = 32_768;
const readsAhead = 16;

/**
 * @throws SluiceError `forbidden` when the host's key is another than the fingerprint says, or the password or key is refused;
 * `unavailable` where nobody answers
 */
export async function openSftp(place: SftpPlace, outbound: Outbound, signal: AbortSignal): Promise<OpenPlace> {
  const { default: ssh2 } = await optionalPackage(
    "This kind of source needs the package ssh2",
    "ssh2",
    () => import(/* webpackIgnore: true */ /* turbopackIgnore: true */ "ssh2"),
  );
  const { Client: SshClient } = ssh2;
  const client = new SshClient();
  const sftp = await connect(client, place, outbound, signal);
  const folder = place.folder ?? ".";
  const path = (name: string): string => posix.join(folder, name);
  const stat = (name: string): Promise<ListedFile | null> =>
    call<Stats>((done) => sftp.lstat(path(name), done)).then(
      (found) => (isPlain(found.mode) ? fileOf(name, found) : null),
      (error: unknown) => {
        if (codeOf(error) === noSuchFile) return null;
        throw explained(error, name);
      },
    );
  return {
    grows: true,
    async *list(until) {
      const handle = await call<Buffer>((done) => sftp.opendir(folder, done)).catch((error: unknown) => {
        throw explained(error, folder);
      });
      try {
        for (;;) {
          until.throwIfAborted();
          // About a hundred at a time, as the server has it.
          const entries = await call<FileEntryWithStats[]>((done) => sftp.readdir(handle, done)).catch(
            (error: unknown) => {
              if (codeOf(error) === endOfList) return null;
              throw explained(error, folder);
            },
          );
          if (entries === null) return;
          yield entries
            .filter(({ attrs }) => isPlain(attrs.mode))
            .map(({ filename, attrs }) => fileOf(filename, attrs));
        }
      } finally {
        await call((done) => sftp.close(handle, done)).catch(() => {});
      }
    },
    async fetch({ name }, _, until) {
      const file = await stat(name);
      if (file === null) throw new SluiceError("not_found", told`${name} is not there any more.`);
      const stream = sftp.createReadStream(path(name), { highWaterMark: readBytes * readsAhead });
      const abort = (): void => void stream.destroy(until.reason);
      until.addEventListener("abort", abort, { once: true });
      stream.once("close", () => until.removeEventListener("abort", abort));
      // Whoever reads it hears of what fails; when the connection ends before it has closed its file, nobody reads any more.
      stream.on("error", () => {});
      return { bytes: readOf(stream, name), tag: () => null };
    },
    isSame: async (file) => isSameVersion(file, await stat(file.name)),
    async remove({ name }) {
      await call((done) => sftp.unlink(path(name), done)).catch((error: unknown) => {
        if (codeOf(error) !== noSuchFile) throw explained(error, name);
      });
    },
    async move({ name }, { folder: to, as }) {
      const target = posix.join(folder, to);
      await call((done) => sftp.mkdir(target, done)).catch(() => {
        // It is there already, or the rename says why not.
      });
      // OpenSSH refuses to rename over another file, which is why the older request is used.
      await call((done) => sftp.rename(path(name), posix.join(target, as), done)).catch(async (error: unknown) => {
        if ((await stat(name)) !== null) throw explained(error, `${name} → ${to}/${as}`);
      });
    },
    async close() {
      client.end();
    },
  };
}

function connect(client: Client, place: SftpPlace, outbound: Outbound, signal: AbortSignal): Promise<SFTPWrapper> {
  const { host, port = 22, user, password, privateKey, passphrase } = place;
  const expected = [place.hostFingerprint].flat().map(digestOf);
  let seen: string | null = null;
  const answered = async (): Promise<SFTPWrapper> => {
    const until = AbortSignal.any([signal, AbortSignal.timeout(connectMs)]);
    const sock = await outbound.connect({ host, port, signal: until }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw error instanceof SluiceError ? error : away(host, port, error);
    });
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        client.destroy();
        reject(signal.aborted ? signal.reason : away(host, port, new Error("it does not go on")));
      };
      until.addEventListener("abort", abort, { once: true });
      // Later ones end what is under way by itself.
      client.on("error", (error) => reject(refused(error, place, seen)));
      client.on("close", () => reject(away(host, port, new Error("it has ended the connection"))));
      client.on("ready", () =>
        client.sftp((error, sftp) => {
          until.removeEventListener("abort", abort);
          if (error === undefined) resolve(sftp);
          else reject(refused(error, place, seen));
        }),
      );
      const settings: ConnectConfig = {
        sock,
        username: user,
        ...(password !== undefined && { password }),
        ...(privateKey !== undefined && { privateKey }),
        ...(passphrase !== undefined && { passphrase }),
        readyTimeout: connectMs,
        // A host that goes silent is noticed within a minute and a half.
        keepaliveInterval: 30_000,
        keepaliveCountMax: 2,
        hostVerifier: (key: Buffer) => {
          const digest = createHash("sha256").update(key).digest();
          const isKnown = expected.some((each) => each.length === digest.length && timingSafeEqual(each, digest));
          if (!isKnown) seen = `SHA256:${digest.toString("base64").replace(/=+$/, "")}`;
          return isKnown;
        },
      };
      try {
        client.connect(settings);
      } catch (error) {
        reject(refused(error, place, seen));
      }
    });
  };
  return answered().catch((error: unknown) => {
    client.destroy();
    throw error;
  });
}

function digestOf(fingerprint: string): Buffer {
  return Buffer.from(fingerprint.replace(/^SHA256:/, ""), "base64");
}

function refused(error: unknown, { host, port = 22, user }: SftpPlace, seen: string | null): SluiceError {
  if (seen !== null)
    return new SluiceError(
      "forbidden",
      told`The key of ${host} is not the one of the source: its fingerprint is ${seen}. Ask who runs the host whether its key has changed before you enter another: somebody may pretend to be it.`,
      { cause: error },
    );
  const { level, message } = error as { level?: string; message: string };
  if (level === "client-authentication")
    return new SluiceError(
      "forbidden",
      told`${host} does not let "${user}" in. Check the user, and the password or key.`,
      {
        cause: error,
      },
    );
  if (/parse|passphrase|unsupported key format/i.test(message) && level === undefined)
    return new SluiceError("invalid", told`The private key of the source cannot be read: ${message}.`, {
      cause: error,
    });
  return away(host, port, error);
}

function away(host: string, port: number, error: unknown): SluiceError {
  const { message, code } = error as NodeJS.ErrnoException;
  return new SluiceError("unavailable", told`${host} cannot be reached on port ${port}: ${message || String(code)}.`, {
    cause: error,
  });
}

async function* readOf(stream: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    throw error instanceof SluiceError ? error : explained(error, name);
  }
}

/** A call with a callback; one that never comes, since the connection has ended, is `No response from server`, which ssh2 says itself. */
function call<T = void>(ask: (done: (error: Error | null | undefined, result?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) =>
    ask((error, result) => (error == null ? resolve(result as T) : reject(error))),
  );
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}

function explained(error: unknown, what: string): SluiceError {
  const code = codeOf(error);
  const { message } = error as Error;
  if (code === noSuchFile) return new SluiceError("invalid", told`The host has no ${what}.`, { cause: error });
  if (code === notPermitted)
    return new SluiceError("forbidden", told`${what}: the host does not permit this to the source's user.`, {
      cause: error,
    });
  return new SluiceError("unavailable", told`${what}: the host says "${message}".`, { cause: error });
}

function isPlain(mode: number): boolean {
  return (mode & typeBits) === plainFile;
}

function fileOf(name: string, { size, mtime }: { size: number; mtime: number }): ListedFile {
  return { name, sizeBytes: size, modifiedAt: new Date(mtime * 1000), tag: null };
}
