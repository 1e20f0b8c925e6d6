/** The storage that a config names. Every thread and command opens its files here. */
import { fileURLToPath } from "node:url";
import { SluiceError, told } from "../core/errors.ts";
import type { Files, FilesOwner } from "../core/ports.ts";
import { diskFiles } from "./disk.ts";
import { isS3Path } from "./s3-address.ts";

/** What decides where files are stored; plain data, so that it can be passed to a thread. */
export interface FilesConfig {
  /** An absolute path. */
  dataDir: string;
  /** The storage's address; empty: the data folder. */
  files: string;
  s3Endpoint?: string;
  s3Region?: string;
  s3AccessKeyId?: string;
  s3SecretAccessKey?: string;
  s3SessionToken?: string;
  s3PathStyle?: boolean | null;
  /** Whether browsers send large uploads there themselves; null: where it is the Storage of the Supabase project that is named. */
  s3Uploads?: boolean | null;
  /** A project of Supabase, and the key that its servers have. */
  hosting?: { supabaseUrl: string };
  supabaseServiceKey?: string;
}

type Opener = (address: URL, config: Readonly<FilesConfig>, owner: FilesOwner | null) => Files | Promise<Files>;

/**
 * Each storage by the scheme of its addresses. A new one is a file next to this one, and a line here; one with a heavy driver
 * is imported when it is opened.
 */
const storages: Readonly<Record<string, Opener>> = {
  "file:": (address, _config, owner) => besideS3(diskFiles(fileURLToPath(address), owner)),
  "s3:": openS3,
};

/**
 * @param owner null: the storage is nobody else's.
 * @throws SluiceError `invalid` for an address of no storage that there is.
 */
export async function openFiles(config: Readonly<FilesConfig>, owner: FilesOwner | null = null): Promise<Files> {
  const { dataDir, files } = config;
  if (files === "") return besideS3(diskFiles(dataDir, owner));
  const address = URL.parse(files);
  const open = storages[address?.protocol ?? ""];
  if (address === null || open === undefined)
    throw new SluiceError(
      "invalid",
      `SLUICE_FILES must be the address of a storage, beginning with one of: ${Object.keys(storages).join(" ")} For a folder: file:///srv/sluice`,
    );
  return open(address, config, owner);
}

/** The folders, of this machine or of an object storage, that may be read in messages: people who only use the server are not shown them. */
export function foldersOf({ dataDir, files, s3Endpoint = "" }: Readonly<FilesConfig>): string[] {
  const places = [dataDir];
  if (files.startsWith("file:")) places.push(fileURLToPath(files));
  if (isS3Path(files)) places.push(files, ...(s3Endpoint === "" ? [] : [s3Endpoint]));
  return places;
}

/** What a thread needs of a config to open the same files. */
export function filesConfig(config: Readonly<FilesConfig>): FilesConfig {
  const { dataDir, files, s3Endpoint, s3Region, s3AccessKeyId, s3SecretAccessKey, s3SessionToken, s3PathStyle } =
    config;
  return { dataDir, files, s3Endpoint, s3Region, s3AccessKeyId, s3SecretAccessKey, s3SessionToken, s3PathStyle };
}

async function openS3(address: URL, config: Readonly<FilesConfig>, owner: FilesOwner | null): Promise<Files> {
  const [{ s3Files }, { supabaseStorage }] = await Promise.all([import("./s3.ts"), import("./supabase-storage.ts")]);
  const settings = {
    endpoint: config.s3Endpoint,
    region: config.s3Region,
    accessKeyId: config.s3AccessKeyId,
    secretAccessKey: config.s3SecretAccessKey,
    sessionToken: config.s3SessionToken,
    pathStyle: config.s3PathStyle,
  };
  const supabase = supabaseStorage({
    endpoint: config.s3Endpoint ?? "",
    projectUrl: config.hosting?.supabaseUrl ?? "",
    serviceKey: config.supabaseServiceKey ?? "",
  });
  const storage = await s3Files(address, settings, owner, { supabase });
  const isDirect = config.s3Uploads ?? supabase !== null;
  return withOlder({ ...storage, direct: isDirect ? storage.direct : null }, diskFiles(config.dataDir, owner));
}

/** An object storage, and the files that were taken in while the data folder was in use. */
function withOlder(storage: Files, disk: Files): Files {
  const of = (path: string): Files => (isS3Path(path) ? storage : disk);
  return {
    ...storage,
    async keepAgain(path) {
      if (isS3Path(path)) return storage.keepAgain(path);
      // Said by the disk where the file is gone.
      await (await disk.open(path)).close();
      return (await storage.keep(path, { name: path })).storagePath;
    },
    open: (path) => of(path).open(path),
    remove: (path) => of(path).remove(path),
    async removeUnneeded(options) {
      await storage.removeUnneeded(options);
      await disk.removeUnneeded(options);
    },
    uploadedBytes: (path, options) => of(path).uploadedBytes(path, options),
    continueUpload: (path, offset, options) => of(path).continueUpload(path, offset, options),
    abortUpload: (path) => of(path).abortUpload(path),
    link: (path, options) => of(path).link(path, options),
  };
}

/** A folder, whose imports may name files of the object storage that was in use before: those can't be read, and stay. */
function besideS3(disk: Files): Files {
  const refuse = (path: string): void => {
    if (!isS3Path(path)) return;
    throw new SluiceError(
      "unavailable",
      told`Sluice's copy of the file is in an object storage (${path}), and this process is set up for a folder. Set SLUICE_FILES to the object storage, as it was when the file came.`,
    );
  };
  return {
    ...disk,
    async keepAgain(path) {
      refuse(path);
      return disk.keepAgain(path);
    },
    async open(path) {
      refuse(path);
      return disk.open(path);
    },
    async remove(path) {
      if (!isS3Path(path)) await disk.remove(path);
    },
    async uploadedBytes(path, options) {
      refuse(path);
      return disk.uploadedBytes(path, options);
    },
    async continueUpload(path, offset, options) {
      refuse(path);
      return disk.continueUpload(path, offset, options);
    },
    async abortUpload(path) {
      if (!isS3Path(path)) await disk.abortUpload(path);
    },
  };
}
