/** The storage that a config names. Every thread and command opens its files here. */
import { fileURLToPath } from "node:url";
import { SluiceError } from "../core/errors.ts";
import type { Files, FilesOwner } from "../core/ports.ts";
import { diskFiles } from "./disk.ts";

/** What decides where files are stored; plain data, so that it can be passed to a thread. */
export interface FilesConfig {
  /** An absolute path. */
  dataDir: string;
  /** The storage's address; empty: the data folder. */
  files: string;
}

/**
 * Each storage by the scheme of its addresses. A new one is a file next to this one, and a line here; one with a heavy driver
 * is imported when it is opened.
 */
const storages: Readonly<Record<string, (address: URL, owner: FilesOwner | null) => Files | Promise<Files>>> = {
  "file:": (address, owner) => diskFiles(fileURLToPath(address), owner),
};

/**
 * @param owner null: the storage is nobody else's.
 * @throws SluiceError `invalid` for an address of no storage that there is.
 */
export async function openFiles(
  { dataDir, files }: Readonly<FilesConfig>,
  owner: FilesOwner | null = null,
): Promise<Files> {
  if (files === "") return diskFiles(dataDir, owner);
  const address = URL.parse(files);
  const open = storages[address?.protocol ?? ""];
  if (address === null || open === undefined)
    throw new SluiceError(
      "invalid",
      `SLUICE_FILES must be the address of a storage, beginning with one of: ${Object.keys(storages).join(" ")} For a folder: file:///srv/sluice`,
    );
  return open(address, owner);
}

/** The folders of this machine that it may be read in messages: people who only use the server are not shown them. */
export function foldersOf({ dataDir, files }: Readonly<FilesConfig>): string[] {
  return files.startsWith("file:") ? [dataDir, fileURLToPath(files)] : [dataDir];
}

/** What a thread needs of a config to open the same files. */
export function filesConfig({ dataDir, files }: Readonly<FilesConfig>): FilesConfig {
  return { dataDir, files };
}
