/** A folder of an FTP server as a source, over TLS where that is not switched off (RFC 959, 3659, 4217), by the package `basic-ftp`. */
import { isIP } from "node:net";
import { PassThrough } from "node:stream";
import { type ConnectionOptions, TLSSocket } from "node:tls";
import type { Client, FileInfo } from "basic-ftp";
import { SluiceError, told } from "../core/errors.ts";
import { optionalPackage } from "../core/optional-package.ts";
import { type FtpPlace, isSameVersion, type ListedFile, type OpenPlace } from "../core/source.ts";
import type { Outbound } from "../outbound/outbound.ts";

const silenceMs = 60_000;
/** The protocol has no pages: a list comes whole, and is refused beyond this. 10,000 files are about 1 MB. */
const maxListBytes = 16 * 1024 * 1024;
const pageFiles = 500;

/**
 * @throws SluiceError `forbidden` when the host's certificate is another than the fingerprint says, or nobody vouches for it, or the
 * password is refused; `unavailable` where nobody answers
 */
export async function openFtp(place: FtpPlace, outbound: Outbound, signal: AbortSignal): Promise<OpenPlace> {
  const { Client: FtpClient } = await optionalPackage(
    "This kind of source needs the package basic-ftp",
    "basic-ftp",
    () => import(/* webpackIgnore: true */ /* turbopackIgnore: true */ "basic-ftp"),
  );
  const client = new FtpClient(silenceMs, { allowSeparateTransferHost: false, maxListingBytes: maxListBytes });
  // What is under way ends with the connection; the place is of no use afterwards.
  const abort = (): void => client.close();
  signal.addEventListener("abort", abort, { once: true });
  const close = async (): Promise<void> => {
    signal.removeEventListener("abort", abort);
    client.close();
  };
  const asked = async <T>(what: string, ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      throw explained(error, what);
    }
  };
  try {
    await signIn(client, place, outbound, signal);
    const { folder } = place;
    if (folder !== undefined) await asked(folder, () => client.cd(folder));
  } catch (error) {
    await close();
    throw error;
  }
  /** What is there under the name now; null: nothing. */
  const listed = async (name: string): Promise<ListedFile | null> => {
    const found = await client.list(escaped(name)).catch((error: unknown) => {
      if (statusOf(error) === undefined) throw explained(error, name);
      return [];
    });
    const file = found.find((each) => each.name === name || each.name.endsWith(`/${name}`));
    return file === undefined ? null : fileOf({ ...file, name } as FileInfo);
  };
  const isSame = async (file: ListedFile): Promise<boolean> => {
    if (file.modifiedAt === null) return isSameVersion(file, await listed(file.name));
    try {
      const [size, modifiedAt] = [await client.size(file.name), await client.lastMod(file.name)];
      return size === file.sizeBytes && modifiedAt.getTime() === file.modifiedAt.getTime();
    } catch (error) {
      if (statusOf(error) === 550) return false;
      throw explained(error, file.name);
    }
  };
  return {
    grows: true,
    async *list() {
      const all = (await asked(place.folder ?? "/", () => client.list())).filter(({ isFile }) => isFile).map(fileOf);
      for (let from = 0; from === 0 || from < all.length; from += pageFiles) yield all.slice(from, from + pageFiles);
    },
    async fetch(file) {
      const { name } = file;
      return { bytes: download(client, name, () => isSame(file)), tag: () => null };
    },
    isSame,
    async remove({ name }) {
      await asked(name, () => client.remove(name, true));
    },
    async move(file, { folder, as }) {
      await client.sendIgnoringError(`MKD ${folder}`);
      await asked(`${file.name} → ${folder}/${as}`, () => client.rename(file.name, `${folder}/${as}`));
    },
    close,
  };
}

async function signIn(client: Client, place: FtpPlace, outbound: Outbound, signal: AbortSignal): Promise<void> {
  const { host, tls = "explicit", user = "anonymous", password = "guest" } = place;
  const port = place.port ?? (tls === "implicit" ? 990 : 21);
  try {
    // The client makes its connections itself: to the address that was checked, and to no other one of the name.
    const checked = await outbound.connect({
      host,
      port,
      signal: AbortSignal.any([signal, AbortSignal.timeout(silenceMs)]),
    });
    const address = checked.remoteAddress ?? host;
    checked.destroy();
    const secured = async (options: ConnectionOptions): Promise<void> => {
      if (tls === "implicit") await client.connectImplicitTLS(address, port, options);
      else await client.connect(address, port);
      // biome-ignore lint/correctness/useHookAtTopLevel: a command of FTP
      if (tls === "explicit") await client.useTLS(options);
    };
    const options: ConnectionOptions = { host, ...(isIP(host) === 0 && { servername: host }) };
    if (tls !== "none" && place.hostFingerprint !== undefined) {
      // A look at the certificate comes first; then no connection is made to a host with another, be it one for a file.
      await secured({ ...options, rejectUnauthorized: false });
      await secured({ ...options, ...pinnedTo(client, host, place.hostFingerprint) });
    } else await secured(options);
    await client.login(user, password);
    // biome-ignore lint/correctness/useHookAtTopLevel: commands of FTP
    await client.useDefaultSettings();
    // Files are encrypted too, or nothing is.
    if (tls !== "none") await client.send("PROT P");
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SluiceError) throw error;
    if (statusOf(error) === 530 || statusOf(error) === 332)
      throw new SluiceError("forbidden", told`${host} does not let "${user}" in. Check the user and the password.`, {
        cause: error,
      });
    throw certificateRefusal(error, host) ?? explained(error, host);
  }
}

/** @throws SluiceError `forbidden` when the host's certificate has another fingerprint */
function pinnedTo(client: Client, host: string, fingerprint: string): ConnectionOptions {
  const pinned = fingerprint.replaceAll(":", "").toUpperCase();
  const { socket } = client.ftp;
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  const seen = certificate?.fingerprint256.replaceAll(":", "");
  if (certificate === undefined || seen !== pinned)
    throw new SluiceError(
      "forbidden",
      told`The certificate of ${host} is not the one of the source: its fingerprint is ${String(seen?.toLowerCase())}. Ask who runs the host whether it has changed before you enter another: somebody may pretend to be it.`,
    );
  return {
    ca: certificate.toString(),
    rejectUnauthorized: true,
    allowPartialTrustChain: true,
    // It is that very certificate, whatever names are in it.
    checkServerIdentity: () => undefined,
  };
}

function certificateRefusal(error: unknown, host: string): SluiceError | null {
  const { code, message } = error as NodeJS.ErrnoException;
  if (!/^(?:DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|CERT_|ERR_TLS_CERT)/.test(code ?? "")) return null;
  return new SluiceError(
    "forbidden",
    told`Nobody vouches for the certificate of ${host} (${message}). Give its fingerprint as \`hostFingerprint\`, once you have compared it with whoever runs the host.`,
    { cause: error },
  );
}

/** A transfer that is not read to its end leaves the connection in the middle of something: it is closed. */
async function* download(client: Client, name: string, isThere: () => Promise<boolean>): AsyncGenerator<Uint8Array> {
  const pass = new PassThrough();
  const transfer = client.downloadTo(pass, name);
  transfer.catch((error: Error) => pass.destroy(error));
  let isRead = false;
  try {
    yield* pass as AsyncIterable<Uint8Array>;
    await transfer;
    isRead = true;
  } catch (error) {
    if (statusOf(error) === 550 && !(await isThere().catch(() => true))) {
      isRead = true;
      throw new SluiceError("not_found", told`${name} is not there any more.`, { cause: error });
    }
    isRead = statusOf(error) !== undefined;
    throw explained(error, name);
  } finally {
    if (!isRead) client.close();
  }
}

/** The code of a reply; undefined: the connection failed, not the command. */
function statusOf(error: unknown): number | undefined {
  const { name, code } = error as { name?: string; code?: unknown };
  return name === "FTPError" && typeof code === "number" ? code : undefined;
}

function explained(error: unknown, what: string): SluiceError {
  if (error instanceof SluiceError) return error;
  const { message } = error as Error;
  const status = statusOf(error);
  if (status !== undefined && status >= 500)
    return new SluiceError("forbidden", told`${what}: the host refuses it (${message}).`, { cause: error });
  return new SluiceError("unavailable", told`${what}: the host cannot be reached, or says "${message}".`, {
    cause: error,
  });
}

function fileOf({ name, size, modifiedAt, rawModifiedAt }: FileInfo): ListedFile {
  return {
    name,
    sizeBytes: size,
    modifiedAt: modifiedAt ?? null,
    // Of an older server, to the minute, and in its own words.
    tag: modifiedAt === undefined && rawModifiedAt !== "" ? rawModifiedAt : null,
  };
}

/** Servers read a list's path as a pattern. */
function escaped(name: string): string {
  return name.replace(/[*?[\]{}\\]/g, "?");
}
