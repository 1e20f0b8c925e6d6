/**
 * Files on their way in, and those that wait for an import: whose they are, how many bytes are safely stored, and who is
 * writing at the moment. Where the bytes are stored is up to Files. postgres/jobs/uploads.ts is the adapter.
 */

import type { ContextValues } from "../context.ts";
import { SluiceError, told } from "../errors.ts";
import type { Status } from "../import.ts";
import type { Files } from "../ports.ts";
import type { ImportBounds } from "./archive.ts";

/** `open`: bytes are missing. `complete`: an import can be made of it. `taken`: one was. */
export type UploadStatus = "open" | "complete" | "taken";

export interface Upload {
  id: string;
  /** Who uploads it, and in which tenant: each has its own id. */
  userId: string;
  fileName: string;
  /** What the client said about it, as tus has it. */
  metadata: Record<string, string | null>;
  /** Null: not known before its last byte. */
  sizeBytes: number | null;
  /** Bytes that are safely stored. */
  receivedBytes: number;
  status: UploadStatus;
  /** SHA-256 in hex; null until it is complete. */
  hash: string | null;
  storagePath: string;
  /** The process that stored the last bytes. */
  writer: string | null;
  /** The import that has the file now. */
  jobId: number | null;
  createdAt: Date;
  /** When its last byte came. */
  changedAt: Date;
  expiresAt: Date;
}

export interface NewUpload {
  id: string;
  userId: string;
  fileName: string;
  metadata: Record<string, string | null>;
  sizeBytes: number | null;
  /** The most that the file can have, for the quota. */
  reservedBytes: number;
  storagePath: string;
  /** It is deleted when no byte arrives for this long. */
  keepMs: number;
}

/** What one person may have waiting: files on their way in, and files that no import was made of. */
export interface UploadQuota {
  files: number;
  bytes: number;
}

export interface UploadLimits {
  /** The largest file. */
  fileBytes: number;
  /** What one request may carry of it: clients are told. */
  pieceBytes: number;
  quota: UploadQuota;
  /** An upload is deleted this long after its last byte. */
  keepMs: number;
}

export const defaultUploadLimits: UploadLimits = {
  fileBytes: 2 * 1024 ** 3,
  pieceBytes: 10_000_000,
  quota: { files: 50, bytes: 10 * 1024 ** 3 },
  keepMs: 24 * 3600 * 1000,
};

/** Bytes that were stored. */
export interface StoredBytes {
  receivedBytes: number;
  writer: string;
  keepMs: number;
  /** Who must still hold the upload's lock for this to count; null: it is not shared. */
  holder: string | null;
}

/** An import that has the same bytes. */
export interface SameFile {
  jobId: number;
  importer: string;
  status: Status;
  createdAt: Date;
  completedAt: Date | null;
}

export interface Uploads {
  /** @throws SluiceError `too_many` when the quota is used up, `too_large` for a file that no quota would hold. */
  create(fresh: NewUpload, quota: UploadQuota): Promise<Upload>;
  /** @throws SluiceError `not_found`, for one that has expired too. */
  get(id: string): Promise<Upload>;
  /** Those of a person that are on their way in or wait for an import, the newest first. */
  list(userId: string): Promise<Upload[]>;
  /** Notes what is stored. False: the upload is in other hands, or open no more. */
  store(id: string, stored: StoredBytes): Promise<boolean>;
  /** Notes that an open upload is gone on with by another path. False: somebody else did so before, or it is open no more. */
  move(id: string, paths: { from: string; to: string }): Promise<boolean>;
  /** open → complete. False: the upload is in other hands, or open no more. */
  complete(id: string, file: StoredBytes & { hash: string; storagePath: string }): Promise<boolean>;
  /**
   * One of which an import can be made. It is taken in the transaction that makes the import (`NewImport.uploadId`): so nothing holds
   * it before, and nothing has to be given back.
   *
   * @throws SluiceError `not_found`; `conflict` when it is not complete, or an import has it.
   */
  ready(id: string, userId: string): Promise<Upload>;
  /**
   * Forgets it, after `files` took it away. Waits for a transaction that is making an import of it.
   *
   * @throws SluiceError `conflict` when an import has it.
   */
  discard(id: string, files: Pick<Files, "abortUpload">): Promise<void>;
  /**
   * Forgets what has expired, after `files` took it away, if no import has it; returns how many. Any number of processes may do
   * so at the same time.
   */
  expire(files: Pick<Files, "abortUpload" | "remove">): Promise<number>;
  /**
   * The newest import of a person that began with the same bytes and was neither cancelled nor undone: of one context, or within
   * what they may see.
   */
  sameFile(file: {
    hash: string;
    createdBy: string;
    importer?: string;
    context?: ContextValues;
    bounds?: ImportBounds | null;
  }): Promise<SameFile | null>;

  /** Takes the upload's lock if it is free or its lease is over; else its holder is asked to release it. */
  lock(id: string, holder: string, leaseMs: number): Promise<boolean>;
  /** Takes the lease again. `asked`: it is held, and another wants it. `lost`: another has it. */
  renewLock(id: string, holder: string, leaseMs: number): Promise<"held" | "asked" | "lost">;
  unlock(id: string, holder: string): Promise<void>;
  /** Called when somebody wants a lock, where Postgres can notify; `renewLock` reports it in any case. Returns how to stop. */
  onLockWanted(listener: (id: string) => void): () => void;
}

/** Characters of a file's name that are kept. */
const maxNameLength = 200;

/** The name of a file as it is shown: without folders and control characters. */
export function cleanFileName(given: string | null | undefined): string {
  const name = (given ?? "")
    .split(/[/\\]/)
    .at(-1)
    ?.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "")
    .trim();
  if (name === undefined || name === "" || name === "." || name === "..") return "upload";
  if (name.length <= maxNameLength) return name;
  // Its suffix tells people what it is.
  const ending = /\.[^.]{1,10}$/.exec(name)?.[0] ?? "";
  return `${name.slice(0, maxNameLength - ending.length)}${ending}`;
}

export function unfinishedUpload({ id, receivedBytes, sizeBytes }: Upload): SluiceError {
  return new SluiceError(
    "conflict",
    told`Upload ${id} is not complete: ${receivedBytes} of ${sizeBytes ?? "?"} bytes have arrived. Upload the rest first.`,
  );
}
