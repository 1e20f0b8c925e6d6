/**
 * Sources: places that files are fetched from by schedule, each for one importer, in one context, with options that are fixed. What a
 * source is made of, and what is asked of a place; sources/ has one file for each kind of place.
 */
import type { Given } from "./given-mapping.ts";
import type { ImportOptions } from "./import-options.ts";

export const placeKinds = ["url", "s3", "sftp", "ftp", "folder"] as const;
export type PlaceKind = (typeof placeKinds)[number];

/** One file at an address: fetched again when it is another than before. */
export interface UrlPlace {
  kind: "url";
  /** https://…; it may redirect, at most five times. */
  url: string;
  /** Sent with each request, such as `Authorization`; to another origin than the URL's only `Accept` is. */
  headers?: Readonly<Record<string, string>> | undefined;
}

/** The objects of a bucket whose keys begin so. */
export interface S3Place {
  kind: "s3";
  bucket: string;
  /** Everything before the files' names, such as `incoming/`. Default: none. */
  prefix?: string | undefined;
  region?: string | undefined;
  /** Of a store that is not AWS: https://…; buckets are then named in the path. */
  endpoint?: string | undefined;
  accessKeyId?: string | undefined;
  secretAccessKey?: string | undefined;
  sessionToken?: string | undefined;
}

export interface SftpPlace {
  kind: "sftp";
  host: string;
  /** Default 22. */
  port?: number | undefined;
  user: string;
  password?: string | undefined;
  /** As OpenSSH or PEM writes it. */
  privateKey?: string | undefined;
  passphrase?: string | undefined;
  /** Of the host's key, as `ssh-keygen -lf` prints it: `SHA256:…`. Several: any of them. */
  hostFingerprint: string | readonly string[];
  /** Default: the one after signing in. */
  folder?: string | undefined;
}

export interface FtpPlace {
  kind: "ftp";
  host: string;
  /** Default 21; 990 for `implicit`. */
  port?: number | undefined;
  /** `explicit` (default) and `implicit`: over TLS. `none`: nothing is encrypted and nothing tells the host from another. */
  tls?: "explicit" | "implicit" | "none" | undefined;
  /** SHA-256 of the host's certificate in hex, where no authority vouches for it. */
  hostFingerprint?: string | undefined;
  /** Default `anonymous`. */
  user?: string | undefined;
  password?: string | undefined;
  folder?: string | undefined;
}

/** A folder of the machine that the worker runs on. */
export interface FolderPlace {
  kind: "folder";
  path: string;
}

export type Place = UrlPlace | S3Place | SftpPlace | FtpPlace | FolderPlace;

/** Members that are never shown, and kept encrypted. */
export const placeSecrets: Readonly<Record<PlaceKind, readonly string[]>> = {
  url: ["headers"],
  s3: ["secretAccessKey", "sessionToken"],
  sftp: ["password", "privateKey", "passphrase"],
  ftp: ["password"],
  folder: [],
};

/** What becomes of a file at its place once its import is completed: it stays, it goes, or it is moved to a folder beside the others. */
export type Done = "keep" | "delete" | { readonly moveTo: string };

/** What is decided about the imports of a source, for all of them. */
export interface SourceChoices {
  /** Columns and fields; what it leaves out is as in the last import of the same columns, else suggested. */
  given: readonly Given[];
  /** Takes doubtful columns as they are suggested. */
  acceptDoubts: boolean;
  options: Partial<Omit<ImportOptions, "context">>;
}

/** How files are told apart, and taken. */
export interface SourceRules {
  /** Files by their names: `*.csv`, `orders-??.xlsx`, in any case. A file fits one of them. */
  files: readonly string[];
  /** Five fields of cron, or `@daily` and its like; null: only when somebody asks. */
  schedule: string | null;
  /** Of the schedule, by its name in the IANA database. */
  timeZone: string;
  done: Done;
  /** A file is taken when its size and time are the same as this long before. */
  settleSeconds: number;
  /** Files are imported at the same time; else one after the other, the oldest first, each when the one before it is over. */
  parallel: boolean;
  /** A file with another name and the bytes of one that was imported: it is skipped, or imported too. */
  sameContent: "skip" | "import";
}

export interface NewSource extends SourceRules {
  /** Letters, digits and hyphens. */
  name: string;
  importer: string;
  context: Readonly<Record<string, string>>;
  place: Place;
  choices: SourceChoices;
}

/** A file as its place lists it. */
export interface ListedFile {
  name: string;
  /** Null where the place does not say. */
  sizeBytes: number | null;
  modifiedAt: Date | null;
  /** Whatever else changes with the file: an ETag, a time in the place's own words. */
  tag: string | null;
}

/** Whether a file is as it was listed; null: it is not there. */
export function isSameVersion(listed: ListedFile, now: ListedFile | null): boolean {
  return (
    now !== null &&
    now.sizeBytes === listed.sizeBytes &&
    now.modifiedAt?.getTime() === listed.modifiedAt?.getTime() &&
    now.tag === listed.tag
  );
}

/** The bytes of a file that is being fetched. */
export interface FetchedFile {
  bytes: AsyncIterable<Uint8Array>;
  /** What tells this version of the file, once its bytes are read. */
  tag(): string | null;
}

/** A place that is connected to. Its methods are called one at a time. */
export interface OpenPlace {
  /** Whether a file may be there before all of it is. */
  readonly grows: boolean;
  /** The files themselves, no folders and no links, in pages of at most a thousand. */
  list(signal: AbortSignal): AsyncIterable<readonly ListedFile[]>;
  /**
   * `known`: the tag of the version that was fetched before. Null: it is that one still.
   *
   * @throws SluiceError `not_found` when it is gone
   */
  fetch(file: ListedFile, known: string | null, signal: AbortSignal): Promise<FetchedFile | null>;
  /** Whether it is as it was listed. */
  isSame(file: ListedFile, signal: AbortSignal): Promise<boolean>;
  /** Takes it away, or moves it to `folder` under the name `as`, never over another file. It may be gone already. */
  remove(file: ListedFile, signal: AbortSignal): Promise<void>;
  move(file: ListedFile, to: { folder: string; as: string }, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Who named a place: an operator in a config, or whoever may make sources by the API. */
export type SourceOrigin = "config" | "api";

/** What whoever makes sources by the API may name. */
export interface AllowedPlaces {
  readonly kinds: readonly PlaceKind[];
  /** Whether there is a key to encrypt passwords, keys and headers with. */
  readonly secrets: boolean;
  /** Folders of the workers' machine that theirs must be in. */
  readonly folders: readonly string[];
}

/** What sources are made of besides the database. */
export interface SourceAdapters {
  readonly allowed: AllowedPlaces;
  /**
   * Connects.
   *
   * @throws SluiceError `unavailable` where trying again later may help, any other code where a person has to see to it.
   */
  open(place: Place, origin: SourceOrigin, signal: AbortSignal): Promise<OpenPlace>;
  /** @throws SluiceError `invalid` for a place that cannot be; `forbidden` for one that this `origin` may not name. */
  checkPlace(place: Place, origin: SourceOrigin): void;
  /** Whether a name fits one of the patterns. */
  fits(patterns: readonly string[]): (name: string) => boolean;
  /** The next moment of a schedule; null: it has none. @throws SluiceError `invalid` for what is no schedule or time zone */
  nextRun(rules: Pick<SourceRules, "schedule" | "timeZone">, after: Date): Date | null;
  /** @throws SluiceError `conflict` where there is no key to encrypt with */
  seal(secrets: object): Uint8Array;
  /** @throws SluiceError `conflict` where the key is another than before */
  unseal(sealed: Uint8Array): object;
}

/** A place without its secrets, and those. */
export function partedPlace(place: Place): { open: Place; secrets: Record<string, unknown> | null } {
  const secret = placeSecrets[place.kind];
  const entries = Object.entries(place).filter(([, value]) => value !== undefined);
  const secrets = entries.filter(([name]) => secret.includes(name));
  return {
    open: Object.fromEntries(entries.filter(([name]) => !secret.includes(name))) as unknown as Place,
    secrets: secrets.length === 0 ? null : Object.fromEntries(secrets),
  };
}

/** Longer names are no file's (NAME_MAX of Linux is 255 bytes; keys of S3 have up to 1024). */
const maxNameBytes = 1024;

/** Whether a name can be one of a file in a folder: nothing in it leads elsewhere, and Postgres can keep it. */
export function isFileName(name: string): boolean {
  if (name === "" || name === "." || name === ".." || name.length > maxNameBytes) return false;
  if (new TextEncoder().encode(name).length > maxNameBytes) return false;
  // U+FFFD stands where bytes were no UTF-8: there is no file of that name.
  return name.isWellFormed() && !/[/\\\0\ufffd]/.test(name);
}
