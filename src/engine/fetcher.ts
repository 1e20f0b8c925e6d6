/**
 * Fetches what a source has: lists its place, takes in the files that are new or have changed, moves away those whose import is
 * completed. Each step is noted in the database before the next begins, so that a turn that is cut off anywhere goes on in another.
 */

import { fitsContext } from "../core/context.ts";
import { SluiceError, type Telling, told, toSluiceError } from "../core/errors.ts";
import type { ImportJob } from "../core/import.ts";
import { completeOptions, pickOptions, rememberedNames } from "../core/import-options.ts";
import type { Importer } from "../core/importer.ts";
import { knownNames } from "../core/known-names.ts";
import type { EventListener, Files, KeptFile } from "../core/ports.ts";
import type { Delivered } from "../core/queue.ts";
import {
  isFileName,
  type ListedFile,
  type NewSource,
  type OpenPlace,
  type Place,
  type SourceAdapters,
} from "../core/source.ts";
import { storableText } from "../core/storable.ts";
import type { FileSource, SourceFile, Sources, SourcesAtHand } from "../core/store/sources.ts";
import type { Engine } from "./engine.ts";
import { givenFor, unsaid } from "./given-mapping.ts";
import type { Preparation } from "./preparation.ts";

export interface FetcherParts {
  engine: Engine;
  sources: Sources;
  files: Files;
  importers: ReadonlyMap<string, Importer>;
  /** Those of this process's config by their names, with their secrets. */
  definitions: ReadonlyMap<string, NewSource>;
  adapters: SourceAdapters;
  /** Says that this process has them. */
  register(): Promise<void>;
  /** SHA-256 of a text, in hex. */
  sha256: (text: string) => string;
  /** Of the largest file that is taken in. */
  maxBytes: number;
  onEvent: EventListener;
}

export interface FetchOptions {
  /** When to hand on. */
  isOver: () => boolean;
  /** Interrupts whatever is under way, which is done again. */
  signal: AbortSignal;
}

/** A turn lasts two minutes unless it is asked for again. */
const prolongMs = 20_000;
/** After how many failures one after the other a person is told, of a place that is away or a file that cannot be read to its end. */
const patience = 3;
const firstWaitSeconds = 60;
const longestWaitSeconds = 3600;
/** Where the owner of the imports has too many. */
const crowdedSeconds = 30;
/** Files that are moved away before anything else has its turn. */
const awayAtOnce = 100;
/** Of a name that no import has. */
const maxShownName = 200;

export class Fetcher {
  readonly #parts: FetcherParts;
  readonly #preparation: Preparation;

  constructor(parts: FetcherParts) {
    this.#parts = parts;
    this.#preparation = parts.engine.preparation({ sha256: parts.sha256 });
  }

  /** The sources that have something to do here, after those whose time has come are noted. */
  async due(): Promise<number[]> {
    await this.#tick();
    return this.#parts.sources.due(this.#atHand());
  }

  /** Those that will have something to do here, and in how many seconds. */
  dueLater(): Promise<{ id: number; inSeconds: number }[]> {
    return this.#parts.sources.dueLater(this.#atHand());
  }

  #atHand(): SourcesAtHand {
    const { importers, definitions } = this.#parts;
    return { importers: [...importers.keys()], config: [...definitions.keys()] };
  }

  #tick(): Promise<void> {
    const { sources, adapters } = this.#parts;
    return sources.tick((source, now) => {
      try {
        return adapters.nextRun(source, now);
      } catch {
        // A schedule of another version: it is asked for by hand.
        return null;
      }
    });
  }

  /** The config's sources are still there. */
  register(): Promise<void> {
    return this.#parts.register();
  }

  /** Until there is nothing more to do for now, or another has the source. */
  async fetch(sourceId: number, { isOver, signal }: FetchOptions): Promise<Delivered> {
    const { sources } = this.#parts;
    // A wake-up that was put in for this moment is the first to see that it has come.
    await this.#tick();
    const turn = await sources.turn(sourceId);
    if (turn === null) return "done";
    const { source } = turn;
    const lost = new AbortController();
    const until = AbortSignal.any([signal, lost.signal]);
    const prolonging = setInterval(() => {
      sources.prolong(sourceId).then(
        (mine) => mine || lost.abort(new Error("another worker has the source")),
        // Asked again in a moment; the turn lasts longer than that.
        () => {},
      );
    }, prolongMs);
    try {
      return await this.#take(source, turn.looks, isOver, until);
    } catch (error) {
      if (lost.signal.aborted) return "done";
      if (signal.aborted || this.#parts.engine.isConnectionLost(error)) return { againAfterSeconds: 1 };
      await this.#fail(source, error);
      return "done";
    } finally {
      clearInterval(prolonging);
      await sources.release(sourceId).catch(() => {});
    }
  }

  async #take(source: FileSource, looks: boolean, isOver: () => boolean, signal: AbortSignal): Promise<Delivered> {
    const { sources } = this.#parts;
    const importer = this.#importerOf(source);
    // What is begun already needs no connection.
    if (!(await this.#beginMade(source, importer))) return "done";
    const place = await this.#open(source, signal);
    try {
      if (source.done !== "keep" && !(await this.#putAway(source, place, isOver, signal))) return "again";
      if (looks) await this.#look(source, place, signal);
      for (;;) {
        if (isOver()) return "again";
        signal.throwIfAborted();
        const file = await sources.next(source);
        if (file === null) return "done";
        const goesOn =
          file.state === "made"
            ? await this.#begin(source, importer, file)
            : await this.#takeIn(source, importer, place, file, signal);
        if (!goesOn) return "done";
      }
    } finally {
      await place.close().catch(() => {});
    }
  }

  /** @throws SluiceError `invalid` where the importer has other context values by now: its imports would reach others' records. */
  #importerOf(source: FileSource): Importer {
    const importer = this.#parts.importers.get(source.importer);
    if (importer === undefined) throw new SluiceError("not_found", told`There is no importer "${source.importer}".`);
    if (!fitsContext(importer, source.context))
      throw new SluiceError(
        "invalid",
        told`The importer "${importer.name}" has other context values than the source was made with. Make the source anew.`,
      );
    return importer;
  }

  async #open(source: FileSource, signal: AbortSignal): Promise<OpenPlace> {
    const { adapters, definitions } = this.#parts;
    const own = source.origin === "config" ? definitions.get(source.name)?.place : undefined;
    const place =
      own ?? ({ ...source.place, ...(source.sealed !== null && adapters.unseal(source.sealed)) } as unknown as Place);
    // What was allowed when the source was made may not be any more.
    adapters.checkPlace(place, source.origin);
    return adapters.open(place, source.origin, signal);
  }

  /** Lists the place, page by page. */
  async #look(source: FileSource, place: OpenPlace, signal: AbortSignal): Promise<void> {
    const { sources, adapters, onEvent } = this.#parts;
    const fits = adapters.fits(source.files);
    const { grows } = place;
    const startedAt = await sources.now();
    let [seen, ignored] = [0, 0];
    for await (const page of place.list(signal)) {
      signal.throwIfAborted();
      const named = page.filter(({ name }) => isFileName(name));
      ignored += page.length - named.length;
      // A name twice in a list is no two files, and one statement takes it once.
      const fitting = new Map(named.filter(({ name }) => fits(name)).map((file) => [file.name, file]));
      seen += fitting.size;
      await sources.note(source, [...fitting.values()].map(storable), { startedAt, grows });
    }
    await sources.looked(source, { startedAt, ignored });
    onEvent({ name: "source.looked", source: source.name, files: seen, ignored });
  }

  /** False: time is up. */
  async #putAway(source: FileSource, place: OpenPlace, isOver: () => boolean, signal: AbortSignal): Promise<boolean> {
    const { sources, onEvent } = this.#parts;
    for (;;) {
      const finished = await sources.finished(source, awayAtOnce);
      for (const file of finished) {
        if (isOver()) return false;
        signal.throwIfAborted();
        // A newer version under the same name is not to be taken away with the old one: the next look finds it.
        if (await place.isSame(file, signal)) {
          if (source.done === "delete") await place.remove(file, signal);
          else if (source.done !== "keep")
            await place.move(file, { folder: source.done.moveTo, as: `${file.importId}-${file.name}` }, signal);
          onEvent({ name: "source.file_put_away", source: source.name });
        }
        await sources.away(source, file.id);
      }
      if (finished.length < awayAtOnce) return true;
    }
  }

  /** Imports that were made by a turn that was cut off. False: one cannot begin for now. */
  async #beginMade(source: FileSource, importer: Importer): Promise<boolean> {
    for (;;) {
      const file = await this.#parts.sources.next(source);
      if (file?.state !== "made") return true;
      if (!(await this.#begin(source, importer, file))) return false;
    }
  }

  /** Starts the import of a file; where it is in doubt, it waits for a person. False: not for now. */
  async #begin(source: FileSource, importer: Importer, file: SourceFile): Promise<boolean> {
    const { engine, sources, onEvent } = this.#parts;
    try {
      const job = await engine.imports.get(file.importId ?? 0);
      if (job.status === "pending") {
        this.#preparation.settle(job, importer, source.choices.acceptDoubts);
        await engine.start(job.id, source.createdBy);
      }
    } catch (error) {
      if (!(error instanceof SluiceError) || error.code === "unavailable") throw error;
      if (error.code === "too_many") {
        await sources.lookAgain(source, crowdedSeconds);
        return false;
      }
      // Deleted, or begun by a person meanwhile: nothing more to do.
      if (error.code !== "invalid") return sources.settle(source, file, { state: "imported" });
      onEvent({ name: "source.waits", source: source.name, jobId: file.importId ?? 0, reason: error.message });
      return sources.settle(source, file, { state: "waits", error: tellingOf(error) });
    }
    return sources.settle(source, file, { state: "imported" });
  }

  /** Fetches a file and makes its import. False: the turn is over. */
  async #takeIn(
    source: FileSource,
    importer: Importer,
    place: OpenPlace,
    file: SourceFile,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { sources, files, engine, onEvent } = this.#parts;
    if (file.sizeBytes === 0) return sources.settle(source, file, { state: "empty" });
    let fetched: Fetched;
    try {
      fetched = await this.#fetchBytes(place, file, signal);
    } catch (error) {
      signal.throwIfAborted();
      return this.#notFetched(source, file, error);
    }
    if (!("kept" in fetched)) {
      if (fetched.state === "new") await sources.lookAgain(source, source.settleSeconds);
      return sources.settle(source, file, { state: fetched.state });
    }
    const { kept, tag: fetchedTag } = fetched;
    let wanted = false;
    try {
      const { hash } = kept;
      if (hash === file.hash) return await sources.settle(source, file, { state: "unchanged" });
      // What a name holds now counts, whatever it or another has held before; a new name may be a file that was delivered twice.
      if (source.sameContent === "skip" && file.hash === null) {
        const importId = await sources.importedBytes(source, file, hash);
        if (importId !== null) return await sources.settle(source, file, { state: "same", hash, fetchedTag, importId });
      }
      const job = await this.#makeImport(source, importer, { file, kept, fetchedTag }, signal);
      wanted = true;
      onEvent({ name: "source.file_taken", source: source.name, jobId: job.id });
      // It is `made`, and the next one to be begun.
      return true;
    } catch (error) {
      // It has the file.
      if (wanted) throw error;
      // What a lost database has decided is not known: a file that no import has is swept away later.
      wanted = engine.isConnectionLost(error);
      signal.throwIfAborted();
      const { code } = toSluiceError(error);
      if (wanted || code === "unavailable" || code === "conflict") throw error;
      const telling = tellingOf(error);
      if (code === "too_many")
        return sources.settle(source, file, { state: "failed", error: telling, seconds: crowdedSeconds });
      onEvent({ name: "source.file_failed", source: source.name, reason: toSluiceError(error).message });
      return sources.settle(source, file, {
        state: "failed",
        error: telling,
        seconds: null,
        hash: kept.hash,
        fetchedTag,
      });
    } finally {
      if (!wanted) await files.remove(kept.storagePath);
    }
  }

  async #fetchBytes(place: OpenPlace, file: SourceFile, signal: AbortSignal): Promise<Fetched> {
    const { files, maxBytes } = this.#parts;
    const got = await place.fetch(file, file.hash === null ? null : file.fetchedTag, signal);
    if (got === null) return { state: "unchanged" };
    const read = { bytes: 0 };
    let kept: KeptFile;
    try {
      kept = await files.keep(limited(got.bytes, { file, maxBytes, read }), { name: file.name, signal });
    } catch (error) {
      if (error instanceof SluiceError && error.code === "invalid" && read.bytes === 0) return { state: "empty" };
      throw error;
    }
    let isWhole = false;
    try {
      isWhole = (file.sizeBytes === null || file.sizeBytes === kept.sizeBytes) && (await place.isSame(file, signal));
    } finally {
      if (!isWhole) await files.remove(kept.storagePath);
    }
    return isWhole ? { kept, tag: got.tag() } : { state: "new" };
  }

  /** A file that is away, or cannot be read to its end. */
  async #notFetched(source: FileSource, file: SourceFile, error: unknown): Promise<boolean> {
    const { sources, onEvent } = this.#parts;
    if (this.#parts.engine.isConnectionLost(error)) throw error;
    const { code, message } = toSluiceError(error);
    if (code === "not_found") return sources.settle(source, file, { state: "gone" });
    const isPassing = code === "unavailable" || code === "internal";
    const telling = tellingOf(error);
    if (isPassing && file.failures < patience) {
      await sources.settle(source, file, { state: "failed", error: telling, seconds: waitSeconds(file.failures) });
      throw error;
    }
    onEvent({ name: "source.file_failed", source: source.name, reason: message });
    return sources.settle(source, file, { state: "failed", error: telling, seconds: null });
  }

  /** What is said goes before what served for the last file of the same columns, that before what is suggested. */
  async #makeImport(
    source: FileSource,
    importer: Importer,
    { file, kept, fetchedTag }: { file: SourceFile; kept: KeptFile; fetchedTag: string | null },
    signal: AbortSignal,
  ): Promise<ImportJob> {
    const { engine } = this.#parts;
    const { choices, context, createdBy, createdByName, notify } = source;
    const { name } = file;
    const { dialect: hints, ...options } = choices.options;
    const inspected = await this.#preparation.inspect(
      { storagePath: kept.storagePath, name },
      { ...hints, names: knownNames(importer) },
      signal,
    );
    const { columns } = inspected.dialect;
    const fingerprint = this.#preparation.fingerprint(columns);
    const known = { createdBy: createdBy ?? "", importer: importer.name, context, fingerprint };
    const [template = null] = (await engine.templates.list(known, { limit: 1 })).items;
    const remembered = template === null ? [] : givenFor(template.mapping, columns, importer);
    return this.#preparation.create(
      {
        importer,
        file: { ...kept, name },
        options: completeOptions(
          importer,
          { ...options, context },
          template === null ? null : pickOptions(template, rememberedNames),
          { language: "en" },
        ),
        given: [...choices.given, ...unsaid(remembered, choices.given)],
        createdBy,
        ...(createdByName !== null && { createdByName }),
        ...(notify !== null && { notify: { id: notify, address: null } }),
        dryRun: false,
        once: false,
        madeOf: { sourceId: source.id, file, hash: kept.hash, fetchedTag },
      },
      inspected,
    );
  }

  /** A place that is away is asked again, at longer and longer intervals; anything else waits for a person. */
  async #fail(source: FileSource, error: unknown): Promise<void> {
    const { sources, onEvent } = this.#parts;
    const { code, message } = toSluiceError(error);
    const isPassing = code === "unavailable" || code === "internal" || code === "conflict" || code === "too_many";
    const seconds = isPassing ? waitSeconds(source.failures) : null;
    onEvent({ name: "source.failed", source: source.name, reason: message, stops: !isPassing });
    await sources.failed(source, tellingOf(error), { seconds, tells: !isPassing || source.failures === patience });
  }
}

type Fetched = { kept: KeptFile; tag: string | null } | { state: "unchanged" | "empty" | "new" };

function waitSeconds(failures: number): number {
  return Math.min(longestWaitSeconds, firstWaitSeconds * 4 ** Math.min(failures, 10));
}

function tellingOf(error: unknown): Telling {
  const { message, told: telling } = toSluiceError(error);
  return telling ?? { template: "{0}", values: [message] };
}

/** As Postgres takes it. */
function storable(file: ListedFile): ListedFile {
  const { tag } = file;
  return { ...file, tag: tag === null ? null : storableText(tag.slice(0, 1000)) };
}

/** @throws SluiceError `too_large` */
async function* limited(
  bytes: AsyncIterable<Uint8Array>,
  { file, maxBytes, read }: { file: SourceFile; maxBytes: number; read: { bytes: number } },
): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    read.bytes += piece.length;
    if (read.bytes > maxBytes)
      throw new SluiceError(
        "too_large",
        told`${file.name.slice(0, maxShownName)} is larger than ${maxBytes} bytes, which is the limit. An operator can raise SLUICE_UPLOAD_MAX_BYTES.`,
      );
    yield piece;
  }
}
