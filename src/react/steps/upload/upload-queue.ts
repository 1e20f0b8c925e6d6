/**
 * Files on their way to imports: each is uploaded, two at a time, and an import is created from it. It outlives the step, so that the others
 * go on while a person looks at one of them; what the network or a lost session interrupts goes on by itself.
 */
import { type Client, ClientError, type Import, type Upload } from "../../../client/index.ts";
import { persistently } from "../../foundation/persistently.ts";
import type { ServerState } from "../../foundation/server-state.tsx";
import type { OtherTable } from "../map/other-table.ts";
import type { QueuedFile } from "./chosen-file.ts";
import {
  type ChosenFile,
  complete,
  type FileState,
  type Refusal,
  Refused,
  readable,
  type Sendable,
  type Wanted,
  whyOf,
} from "./chosen-file.ts";
import { hasQuestions } from "./has-questions.ts";
import { forgetUpload, keepUpload, keptFor } from "./kept-uploads.ts";
import { TransferSpeed } from "./transfer-speed.ts";

/** Files that are sent at the same time: more would only make each slower. */
const atOnce = 2;

export class UploadQueue {
  readonly #server: ServerState;
  readonly #listeners = new Set<() => void>();
  #client: Client;
  #wanted: Wanted = { importer: undefined, context: null, language: "en" };
  #all: QueuedFile[] = [];
  #files: readonly ChosenFile[] = [];
  #active = 0;
  #lastKey = 0;

  constructor(client: Client, server: ServerState) {
    this.#client = client;
    this.#server = server;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  files = (): readonly ChosenFile[] => this.#files;

  /** What files are imported with from now on. */
  want(client: Client, wanted: Wanted): void {
    this.#client = client;
    this.#wanted = wanted;
  }

  add(sendables: readonly Sendable[]): void {
    const alone = sendables.length === 1 && this.#all.length === 0;
    for (const each of this.#all) each.file = { ...each.file, alone: false };
    for (const sendable of sendables) {
      const { name, source } = sendable;
      const state: FileState = source.size === 0 ? { is: "refused", why: "empty" } : { is: "waiting" };
      this.#put({ name, sizeBytes: source.size, state, alone }, sendable, null);
    }
    this.#told();
    this.#pump();
  }

  /** What cannot be sent at all. */
  refuse(name: string, why: Refusal): void {
    this.#put({ name, sizeBytes: 0, state: { is: "refused", why }, alone: false }, null, null);
    this.#told();
  }

  /** An earlier upload whose bytes have all arrived. */
  adopt({ id, fileName, sizeBytes }: Upload, importer?: string): void {
    const file = {
      name: fileName,
      sizeBytes: sizeBytes ?? 0,
      state: { is: "waiting" as const },
      alone: this.#all.length === 0,
    };
    this.#put(file, null, id, importer);
    this.#told();
    this.#pump();
  }

  /** Another table of a file that has an import: each is an import of its own, with what was said for that one. */
  addTables({ id, fileName }: Pick<Import, "id" | "fileName">, own: string, others: readonly OtherTable[]): void {
    const file = { sizeBytes: 0, alone: false };
    this.#put({ ...file, name: `${fileName} · ${own}`, state: { is: "made", importId: id } }, null, null);
    for (const { name, dialect } of others) {
      const queued = this.#put({ ...file, name: `${fileName} · ${name}`, state: { is: "waiting" } }, null, null);
      queued.fileOf = id;
      queued.dialect = dialect;
    }
    this.#told();
    this.#pump();
  }

  /** Begins the check of all that are ready and ask nothing. */
  startAll(): void {
    for (const each of this.#all) {
      const { state } = each.file;
      if (state.is === "made") void this.#start(each, state.importId);
    }
  }

  /** Goes on with one that was held, refused or the same as another. */
  retry(key: number, { again = false } = {}): void {
    const found = this.#all.find(({ file }) => file.key === key);
    if (found === undefined) return;
    found.again ||= again;
    found.wanted = complete(this.#wanted);
    this.#change(found, { is: "waiting" });
    this.#pump();
  }

  /** Stops it, and takes what is of it at the server away; an import that was made of it stays. */
  remove(key: number): void {
    const found = this.#all.find(({ file }) => file.key === key);
    if (found === undefined) return;
    this.#all = this.#all.filter((each) => each !== found);
    found.stop.abort(new Error("The file is not wanted any more."));
    const { uploadId } = found;
    if (uploadId !== null && found.file.state.is === "made") forgetUpload(uploadId);
    else if (uploadId !== null) this.#drop(uploadId);
    this.#told();
  }

  /** Nothing can come of it any more. */
  #drop(uploadId: string): void {
    forgetUpload(uploadId);
    // One that is left behind expires.
    void this.#client.uploads.delete(uploadId).catch(() => {});
  }

  #put(
    file: Omit<ChosenFile, "key">,
    sendable: Sendable | null,
    uploadId: string | null,
    importer = this.#wanted.importer,
  ): QueuedFile {
    const wanted = complete({ ...this.#wanted, importer });
    const stop = new AbortController();
    const dialect = sendable?.dialect;
    const queued: QueuedFile = {
      file: { ...file, key: ++this.#lastKey },
      sendable,
      uploadId,
      fileOf: null,
      dialect,
      wanted,
      again: false,
      stop,
    };
    this.#all.push(queued);
    return queued;
  }

  #pump(): void {
    for (const each of this.#all) {
      if (this.#active >= atOnce) return;
      if (each.file.state.is !== "waiting") continue;
      this.#active++;
      this.#change(each, { is: "sending", sentBytes: 0, bytesPerSecond: null });
      void this.#bring(each).finally(() => {
        this.#active--;
        this.#pump();
      });
    }
  }

  async #bring(each: QueuedFile): Promise<void> {
    try {
      if (each.sendable !== null) await this.#send(each, each.sendable);
      if (each.fileOf !== null) await this.#makeOf(each, each.fileOf);
      else await this.#make(each);
    } catch (error) {
      if (each.stop.signal.aborted) return;
      const why = error instanceof Refused ? error.why : whyOf(error, each);
      if (why === "no_table" && each.uploadId !== null) this.#drop(each.uploadId);
      this.#change(each, { is: "refused", why, error: error instanceof Refused ? error.cause : error });
    }
  }

  /** Until the server has all of it. */
  async #send(each: QueuedFile, { source, name, lastModified }: Sendable): Promise<void> {
    const { signal } = each.stop;
    const speed = new TransferSpeed();
    await readable(source);
    if (each.uploadId === null && source instanceof File && lastModified !== null) {
      each.uploadId = keptFor(source)?.id ?? null;
    }
    const onAway = (): void => {
      speed.reset();
      const { state } = each.file;
      this.#change(each, { is: "cut", sentBytes: "sentBytes" in state ? state.sentBytes : 0 });
    };
    const { id } = await persistently({ server: this.#server, signal, onAway, mayMend: true }, () =>
      this.#client
        .upload(source, {
          name,
          signal,
          // Only as often as it takes to tell a hiccup from a cut.
          retries: 1,
          ...(each.uploadId !== null && { resumeFrom: each.uploadId }),
          onBegin: (uploadId) => {
            each.uploadId = uploadId;
            if (lastModified === null) return;
            keepUpload({
              id: uploadId,
              name,
              sizeBytes: source.size,
              lastModified,
              importer: each.wanted?.importer ?? this.#wanted.importer,
            });
          },
          onProgress: ({ sentBytes }) => {
            speed.add(sentBytes, performance.now());
            if (this.#server.reach() !== "reached") this.#server.note(null);
            this.#change(each, { is: "sending", sentBytes, bytesPerSecond: speed.bytesPerSecond() });
          },
        })
        .catch(async (error: unknown) => {
          // What a browser cannot read any more fails as the network does.
          if (error instanceof ClientError && error.status === 0) await readable(source);
          throw error;
        }),
    );
    each.uploadId = id;
    each.sendable = null;
  }

  /** An import of what is there. */
  async #make(each: QueuedFile): Promise<void> {
    each.wanted ??= complete(this.#wanted);
    const { wanted, uploadId, dialect, again, stop } = each;
    if (wanted === null || uploadId === null) return this.#change(each, { is: "held" });
    const onAway = (): void => this.#change(each, { is: "cut", sentBytes: each.file.sizeBytes });
    try {
      const { id } = await persistently({ server: this.#server, signal: stop.signal, onAway }, () => {
        this.#change(each, { is: "looking" });
        return this.#client.imports.create(
          {
            uploadId,
            importer: wanted.importer,
            options: { context: { ...wanted.context }, language: wanted.language, ...(dialect && { dialect }) },
            ...(again && { again }),
          },
          { signal: stop.signal },
        );
      });
      this.#made(each, id);
    } catch (error) {
      if (!(error instanceof ClientError) || error.status !== 409) throw error;
      // The answer of an earlier try may have been lost.
      const { importId } = await this.#client.uploads.get(uploadId, { signal: stop.signal });
      if (importId !== null) return this.#made(each, importId);
      if (typeof error.problem.importId !== "number") throw error;
      const at = typeof error.problem.importedAt === "string" ? error.problem.importedAt : null;
      // Told of here and now: after a reload it would come back as one that waits.
      forgetUpload(uploadId);
      this.#change(each, { is: "same", importId: error.problem.importId, at });
    }
  }

  /** An import of another table of the same file. */
  async #makeOf(each: QueuedFile, fileOf: number): Promise<void> {
    const { dialect, stop } = each;
    const onAway = (): void => this.#change(each, { is: "cut", sentBytes: 0 });
    const { id } = await persistently({ server: this.#server, signal: stop.signal, onAway }, () => {
      this.#change(each, { is: "looking" });
      return this.#client.imports.create({ fileOf, options: { ...(dialect && { dialect }) } }, { signal: stop.signal });
    });
    this.#made(each, id);
  }

  async #start(each: QueuedFile, importId: number): Promise<void> {
    const { signal } = each.stop;
    const onAway = (): void => {};
    this.#change(each, { is: "starting", importId });
    try {
      const isOpen = await persistently({ server: this.#server, signal, onAway }, () =>
        hasQuestions(this.#client, importId, this.#wanted.language, signal),
      );
      if (!isOpen)
        await persistently({ server: this.#server, signal, onAway }, () =>
          this.#client.imports.start(importId, { signal }),
        );
      this.#change(each, { is: isOpen ? "asks" : "started", importId });
      void this.#server.queries.invalidateQueries({ queryKey: ["imports"] });
    } catch {
      // The import itself says what is wrong.
      if (!signal.aborted) this.#change(each, { is: "asks", importId });
    }
  }

  #made(each: QueuedFile, importId: number): void {
    if (each.uploadId !== null) forgetUpload(each.uploadId);
    void this.#server.queries.invalidateQueries({ queryKey: ["imports"] });
    this.#change(each, { is: "made", importId });
  }

  #change(each: QueuedFile, state: FileState): void {
    each.file = { ...each.file, state };
    this.#told();
  }

  #told(): void {
    this.#files = this.#all.map(({ file }) => file);
    for (const listener of this.#listeners) listener();
  }
}
