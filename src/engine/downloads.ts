/**
 * What can be downloaded: an import's rejected rows, to be corrected and uploaded again, and its records;
 * of an importer a workbook to fill in. Written as it is read; nothing is held.
 */

import { SluiceError, told } from "../core/errors.ts";
import type { Language } from "../core/fields/language.ts";
import type { ImportJob } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import { piecesOf } from "../core/pieces.ts";
import type { Files, Format, Source } from "../core/ports.ts";
import { type RecordQuery, recordColumns } from "../core/store/archive.ts";
import type { EditedRow, ReportedRow } from "../core/store/outcomes.ts";
import type { Store } from "../core/store/store.ts";
import { type Contents, downloadName } from "../locale/file-names.ts";
import { fieldLabel } from "../locale/locale.ts";
import { recordLabel } from "../locale/record-label.ts";
import { type CorrectedFile, correctedCsv, correctedRows } from "../report/corrected.ts";
import { rejectedRows, rejectedRowsCsv } from "../report/report.ts";
import { type SheetColumn, workbook, workbookType } from "../report/workbook.ts";
import { quotedCell, reportCell } from "../values/report-cell.ts";

export interface Download {
  name: string;
  contentType: string;
  pieces: AsyncGenerator<Uint8Array>;
  /** An address at which whoever has it gets the very same for a minute; null, or absent: there is none. */
  link?: () => Promise<string | null>;
}

/** A file to fill in: its rows, and what its columns take. */
export interface Template {
  name: string;
  rows: readonly (readonly string[])[];
  columns: readonly SheetColumn[];
}

export interface DownloadParts {
  store: Store;
  files: Files;
  format: Format;
  /** Whether browsers may get stored files from where they are kept. */
  linksFiles: boolean;
}

export type Outcome = ReportedRow["outcome"];
export const rejectedOutcomes: readonly Outcome[] = ["invalid", "failed"];

/** A browser follows the address at once; what it has begun to fetch by then goes on. */
const linkSeconds = 60;
/** Bytes sent at a time. */
const pieceBytes = 64 * 1024;
const csvType = "text/csv; charset=utf-8";

export interface RejectedOptions {
  /** Default: those that an import leaves out. */
  outcomes?: readonly Outcome[] | undefined;
  /** Of the file's name. */
  language: Language;
  signal?: AbortSignal | undefined;
}

export interface CorrectedOptions {
  /** Of the file's name, and of the delimiter where the file has none of its own. */
  language: Language;
  signal?: AbortSignal | undefined;
}

export class Downloads {
  readonly #parts: DownloadParts;

  constructor(parts: DownloadParts) {
    this.#parts = parts;
  }

  /** The report as it was written at the end; before that, and for other outcomes, as the rows are now. */
  async rejectedCsv(
    job: ImportJob,
    importer: Importer,
    { outcomes = rejectedOutcomes, language, signal }: RejectedOptions,
  ): Promise<Download> {
    const name = `${downloadName(job.fileName, contentsOf(outcomes), language)}.csv`;
    if (outcomes === rejectedOutcomes && job.rejectedRowsPath !== null) {
      const written = await this.#kept(job.rejectedRowsPath);
      if (written !== null) {
        const file = { name, contentType: csvType };
        return { ...file, pieces: written.pieces, ...this.#linked(job.rejectedRowsPath, file) };
      }
    }
    const rows = this.#parts.store.outcomes.rows(job.id, outcomes);
    const pieces = this.#withFile(job, signal, (file) => rejectedRowsCsv(job, rows, file, this.#label(job, importer)));
    return { name, contentType: csvType, pieces: encoded(pieces) };
  }

  async rejectedXlsx(
    job: ImportJob,
    importer: Importer,
    { outcomes = rejectedOutcomes, language, signal }: RejectedOptions,
  ): Promise<Download> {
    const rows = this.#parts.store.outcomes.rows(job.id, outcomes);
    const name = `${downloadName(job.fileName, contentsOf(outcomes), language)}.xlsx`;
    const cells = this.#withFile(job, signal, (file) => rejectedRows(job, rows, file, this.#label(job, importer)));
    return { name, contentType: workbookType, pieces: gathered(workbook(cells, `Import ${job.id}`)) };
  }

  /**
   * The whole file with what the review has changed, rows that are left out among them.
   *
   * @throws SluiceError `not_found` when it is no longer kept.
   */
  async correctedCsv(job: ImportJob, { language, signal }: CorrectedOptions): Promise<Download> {
    const pieces = await this.#corrected(job, signal, (edits, file) => correctedCsv({ ...job, language }, edits, file));
    const name = `${downloadName(job.fileName, "corrected", language)}.csv`;
    return { name, contentType: csvType, pieces: encoded(pieces) };
  }

  /** The same as a workbook. @throws as `correctedCsv` does. */
  async correctedXlsx(job: ImportJob, { language, signal }: CorrectedOptions): Promise<Download> {
    const cells = await this.#corrected(job, signal, (edits, file) => correctedRows(job, edits, file));
    const name = `${downloadName(job.fileName, "corrected", language)}.xlsx`;
    return { name, contentType: workbookType, pieces: gathered(workbook(cells, `Import ${job.id}`)) };
  }

  templateXlsx({ name, rows, columns }: Template): Download {
    const cells = (async function* () {
      yield* rows;
    })();
    return { name: `${name}.xlsx`, contentType: workbookType, pieces: gathered(workbook(cells, name, { columns })) };
  }

  /** With a byte order mark, so that Excel reads accents. The example below the headers is Sluice's own: a phone's `+` stays. */
  templateCsv({ name, rows: [headers, ...examples] }: Pick<Template, "name" | "rows">, delimiter: string): Download {
    const lines = [
      headers.map((cell) => reportCell(cell, delimiter)),
      ...examples.map((cells) => cells.map((cell) => quotedCell(cell, delimiter))),
    ];
    const text = `\ufeff${lines.map((cells) => `${cells.join(delimiter)}\r\n`).join("")}`;
    const pieces = (async function* () {
      yield text;
    })();
    return { name: `${name}.csv`, contentType: csvType, pieces: encoded(pieces) };
  }

  /**
   * The file as uploaded.
   *
   * @throws SluiceError `not_found` when it is no longer kept.
   */
  async original(job: ImportJob): Promise<Download & { sizeBytes: number }> {
    const kept = await this.#kept(job.storagePath);
    if (kept === null) throw fileGone(job);
    const file = { name: job.fileName, contentType: "application/octet-stream" };
    return { ...file, ...kept, ...this.#linked(job.storagePath, file) };
  }

  /** The path of the same file for another import. @throws SluiceError `not_found` when it is no longer kept. */
  async originalAgain(job: ImportJob): Promise<string> {
    try {
      return await this.#parts.files.keepAgain(job.storagePath);
    } catch (error) {
      if (error instanceof SluiceError && error.code === "not_found") throw fileGone(job);
      throw error;
    }
  }

  /** The records that the import made or updated, as they are now; the main ones, unless another is asked for. */
  recordsCsv(
    job: ImportJob,
    importer: Importer,
    { language, ...options }: Pick<RecordQuery, "record" | "revealed"> & { language: Language },
  ): Download {
    const { record } = options;
    const records = this.#parts.store.archive.records(job, importer, options);
    async function* text(): AsyncGenerator<string> {
      yield `\ufeff${recordColumns(importer, record).join(",")}\r\n`;
      for await (const page of records) {
        yield page.map((cells) => `${cells.map((cell) => reportCell(cell ?? "", ",")).join(",")}\r\n`).join("");
      }
    }
    const contents = record === undefined ? "records" : { record: recordLabel(record, language) };
    return {
      name: `${downloadName(job.fileName, contents, language)}.csv`,
      contentType: csvType,
      pieces: encoded(text()),
    };
  }

  #label(job: ImportJob, importer: Importer) {
    return fieldLabel(importer, job.language);
  }

  /** Rows whose cells are not kept are read again from the stored file, as long as it is kept. */
  async *#withFile<T>(
    job: ImportJob,
    signal: AbortSignal | undefined,
    read: (file: { source: Source | null; format: Format; signal?: AbortSignal }) => AsyncGenerator<T>,
  ): AsyncGenerator<T> {
    const source = await this.#parts.files.open(job.storagePath).catch((error: unknown) => {
      if (error instanceof SluiceError && error.code === "not_found") return null;
      throw error;
    });
    try {
      yield* read({
        source: source === null ? null : { ...source, name: job.fileName },
        format: this.#parts.format,
        signal,
      });
    } finally {
      await source?.close();
    }
  }

  async #corrected<T>(
    job: ImportJob,
    signal: AbortSignal | undefined,
    read: (edits: AsyncGenerator<EditedRow>, file: CorrectedFile) => AsyncGenerator<T>,
  ): Promise<AsyncGenerator<T>> {
    if ((await this.#kept(job.storagePath)) === null) throw fileGone(job);
    return this.#withFile(job, signal, ({ source, ...file }) => {
      if (source === null) throw fileGone(job);
      return read(this.#parts.store.outcomes.edited(job.id), { ...file, source });
    });
  }

  #linked(path: string, { name, contentType }: Pick<Download, "name" | "contentType">): Pick<Download, "link"> {
    const { files, linksFiles } = this.#parts;
    if (!linksFiles) return {};
    return { link: () => files.link(path, { expiresInSeconds: linkSeconds, fileName: name, contentType }) };
  }

  /** A file's bytes, read when they are asked for: who wants none leaves nothing open. Null when it was put away. */
  async #kept(path: string): Promise<{ sizeBytes: number; pieces: AsyncGenerator<Uint8Array> } | null> {
    const found = await this.#openWritten(path);
    if (found === null) return null;
    const { sizeBytes } = found;
    await found.close();
    return { sizeBytes, pieces: bytesOf(() => this.#openWritten(path)) };
  }

  /** Null when it was put away with what is kept for a while only. */
  async #openWritten(path: string): Promise<Source | null> {
    return this.#parts.files.open(path).catch((error: unknown) => {
      if (error instanceof SluiceError && error.code === "not_found") return null;
      throw error;
    });
  }
}

function contentsOf(outcomes: readonly Outcome[]): Contents {
  return outcomes === rejectedOutcomes || outcomes.length !== 1 ? "left_out" : outcomes[0];
}

function fileGone({ id, fileName }: ImportJob): SluiceError {
  return new SluiceError(
    "not_found",
    told`The file of import ${id} (${fileName}) is no longer kept: files of finished imports are deleted after a while, those of cancelled imports at once.`,
    { next: { code: "upload_again" } },
  );
}

async function* bytesOf(open: () => Promise<Source | null>): AsyncGenerator<Uint8Array> {
  const source = await open();
  if (source === null)
    throw new SluiceError("not_found", told`The file was deleted a moment ago.`, {
      next: { code: "upload_again" },
    });
  try {
    yield* piecesOf(source, pieceBytes);
  } finally {
    await source.close();
  }
}

async function* encoded(pieces: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = "";
  for await (const piece of pieces) {
    text += piece;
    if (text.length < pieceBytes) continue;
    yield encoder.encode(text);
    text = "";
  }
  if (text !== "") yield encoder.encode(text);
}

/** Small pieces put together. */
async function* gathered(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    held.push(piece);
    length += piece.length;
    if (length < pieceBytes) continue;
    yield joined(held, length);
    held = [];
    length = 0;
  }
  if (length > 0) yield joined(held, length);
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
