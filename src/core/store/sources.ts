/** Sources and what is known of their files; postgres/sources/ is the adapter. */
import type { ContextValues } from "../context.ts";
import type { Telling } from "../errors.ts";
import type { Status } from "../import.ts";
import type { Notified } from "../mail.ts";
import type { ListedFile, NewSource, Place, SourceChoices, SourceOrigin, SourceRules } from "../source.ts";
import type { ImportBounds, Listed, Page } from "./archive.ts";

/** `stopped`: a person has to see to it. `paused`: a person wants it to rest. */
export type SourceState = "working" | "paused" | "stopped";

export interface FileSource extends SourceRules {
  id: number;
  name: string;
  /** `config`: of a config file, which alone changes it. */
  origin: SourceOrigin;
  importer: string;
  context: ContextValues;
  /** Without its secrets. */
  place: Place;
  /** The secrets, encrypted; null: it has none, or its config has them. */
  sealed: Uint8Array | null;
  choices: SourceChoices;
  /** In whose name its imports are made. */
  createdBy: string | null;
  createdByName: string | null;
  /** Who hears of it by mail, as uploads tell people apart; null: whoever has the account `createdBy`. */
  notify: string | null;
  state: SourceState;
  /** Of the schedule; null: it has none, or rests. */
  nextRunAt: Date | null;
  /** When its place is looked at next because a person asked, files had not settled, or the last look failed. */
  lookAt: Date | null;
  /** When its place was listed last. */
  lookedAt: Date | null;
  /** Why it stopped, or what failed last. */
  error: Telling | null;
  /** Looks that failed, one after the other. */
  failures: number;
  /** The import that was made last, where it is not over: without `parallel`, the next file waits for it. */
  waitsFor: number | null;
  createdAt: Date;
  updatedAt: Date;
}

/** A source with the numbers of its files. */
export interface SourceStanding extends FileSource {
  counts: Record<FileState, number>;
}

/**
 * - `new`: seen once, or still changing. `ready`: to be fetched. `made`: its import is made, and about to start.
 * - `imported`: its import has started, or waits for a person. `same`: its bytes were imported before. `empty`: it has none.
 * - `failed`: it cannot be imported; a person has to see to it, or another version to come.
 */
export const fileStates = ["new", "ready", "made", "imported", "same", "empty", "failed"] as const;
export type FileState = (typeof fileStates)[number];

export interface SourceFile extends ListedFile {
  id: number;
  state: FileState;
  /** SHA-256 of the bytes that were fetched last, in hex. */
  hash: string | null;
  /** What told the version that was fetched last. */
  fetchedTag: string | null;
  importId: number | null;
  /** Of that import; null: there is none, or it was deleted. */
  importStatus: Status | null;
  error: Telling | null;
  /** Fetches that failed, one after the other. */
  failures: number;
  firstSeenAt: Date;
  /** When it was moved or deleted at its place. */
  awayAt: Date | null;
}

/** What the file's row must still be for something to be noted of it: another version may have come. */
export type FileVersion = Pick<SourceFile, "id" | "sizeBytes" | "modifiedAt" | "tag">;

/** A source in the hands of one worker. */
export interface SourceTurn {
  source: FileSource;
  /** Whether its place is to be listed now. */
  looks: boolean;
}

export interface SourceChanges extends Partial<Omit<NewSource, "name" | "importer" | "context">> {
  sealed?: Uint8Array | null;
  nextRunAt?: Date | null;
}

export type SourceOwner = Pick<FileSource, "createdBy" | "createdByName">;

/** What a process has of sources: the importers they are for, and of a config's sources those that are in its own, by name. */
export interface SourcesAtHand {
  importers: readonly string[];
  config: readonly string[];
}

export interface Sources {
  /** @throws SluiceError `conflict` when one is called so. */
  create(
    source: NewSource & SourceOwner & Pick<FileSource, "sealed" | "nextRunAt"> & { notify?: Notified },
  ): Promise<FileSource>;
  /** Those of a config as they are there now; what an operator has paused stays so. `nextRunAt`: of each, for a schedule that is new. */
  register(sources: readonly (NewSource & Pick<FileSource, "nextRunAt">)[]): Promise<void>;
  /** Those after the id. */
  list(bounds: ImportBounds | null, page: Page): Promise<Listed<SourceStanding>>;
  /** @throws SluiceError `not_found` */
  get(id: number): Promise<SourceStanding>;
  /** @throws SluiceError `not_found` */
  change(id: number, changes: SourceChanges): Promise<void>;
  /** Its imports stay. @throws SluiceError `not_found` */
  delete(id: number): Promise<void>;
  /** Looks at the place now; a source that has stopped or rests works again. */
  run(id: number): Promise<void>;
  pause(id: number): Promise<void>;
  resume(id: number, nextRunAt: Date | null): Promise<void>;

  /** The files, the latest first. */
  files(id: number, filter: { state?: FileState | undefined }, page: Page): Promise<Listed<SourceFile>>;
  /** Fetches a file again that failed, or whose import was given up. @throws SluiceError `not_found`, `conflict` */
  retryFile(id: number, fileId: number): Promise<void>;

  /** Of those with a schedule whose time has come, each by one worker: notes when the next is, by `next`. */
  tick(next: (source: FileSource, now: Date) => Date | null): Promise<void>;
  /** Those that have something to do and nobody at it. */
  due(can: SourcesAtHand): Promise<number[]>;
  /** Those that will have something to do, and in how many seconds: at their schedule's time, or where they try again. */
  dueLater(can: SourcesAtHand): Promise<{ id: number; inSeconds: number }[]>;
  /** Takes a source into this worker's hands for two minutes; null: it has nothing to do, or somebody has it. */
  turn(id: number): Promise<SourceTurn | null>;
  /** False: it is another's by now. */
  prolong(id: number): Promise<boolean>;
  release(id: number): Promise<void>;
  /** Notes what a page of the list says; those that are as they were `settleSeconds` ago are ready. */
  note(source: FileSource, page: readonly ListedFile[], options: { startedAt: Date; grows: boolean }): Promise<void>;
  /** The whole place was listed; `ignored`: names that no file can have. Files that were never fetched and are not there any more are forgotten. */
  looked(source: FileSource, look: { startedAt: Date; ignored: number }): Promise<void>;
  /** The database's present moment. */
  now(): Promise<Date>;
  /** The next file to be fetched, the oldest first, and files whose import is made and not begun. Null: none, for now. */
  next(source: FileSource): Promise<SourceFile | null>;
  /** Whether another file of the source with these bytes was imported, and that was not taken back; as which import. */
  importedBytes(source: FileSource, file: FileVersion, hash: string): Promise<number | null>;
  /** False: another version has come, or somebody else has the source. */
  settle(source: FileSource, file: FileVersion, as: SettledFile): Promise<boolean>;
  /** Files of completed imports that are still at their place. */
  finished(source: FileSource, limit: number): Promise<SourceFile[]>;
  away(source: FileSource, fileId: number): Promise<void>;
  /** A look failed: again after `seconds`; null: not before a person says so. Where `tells`, the sinks hear of it. */
  failed(source: FileSource, error: Telling, how: { seconds: number | null; tells: boolean }): Promise<void>;
  /** Looks again after `seconds`. */
  lookAgain(source: FileSource, seconds: number): Promise<void>;
}

/** What has become of a file. */
export type SettledFile =
  | { state: "imported" }
  | { state: "same"; hash: string; fetchedTag: string | null; importId: number | null }
  /** The version that was fetched before is there still. */
  | { state: "unchanged" }
  | { state: "empty" }
  /** It has changed while it was fetched: it is looked at again. */
  | { state: "new" }
  | { state: "gone" }
  /** Again after `seconds`; null: given up, and the sinks hear of it. `hash`, `fetchedTag`: of its bytes, as far as they are known. */
  | { state: "failed"; error: Telling; seconds: number | null; hash?: string | null; fetchedTag?: string | null }
  /** Its import waits for a person, and the sinks hear of it. */
  | { state: "waits"; error: Telling };

/** The import of a file: made once for each version. */
export interface MadeOfFile {
  sourceId: number;
  file: FileVersion;
  hash: string;
  fetchedTag: string | null;
}
