/**
 * Every format as one: a file is judged by what is in it, never by its name, unpacked where it is packed, and read by
 * the reader of its kind.
 */
import { SluiceError, textOf, told } from "../core/errors.ts";
import type { FormatName } from "../core/file-formats.ts";
import type { Format, ReadOptions, Source } from "../core/ports.ts";
import { readingOf } from "../core/reading.ts";
import {
  type Batch,
  type DetectionHints,
  type Dialect,
  type EntryLook,
  type FileFinding,
  type Packing,
  rowCells,
  type SheetLook,
} from "../core/row.ts";
import { archiveKind } from "./archive-kind.ts";
import { compoundKind } from "./compound/compound-kind.ts";
import { csv } from "./csv/csv.ts";
import { unlocked } from "./encryption/unlocked-source.ts";
import { json } from "./json/json.ts";
import { ods } from "./ods/ods.ts";
import { gunzip } from "./packing/gzip.ts";
import { spool } from "./packing/spool.ts";
import { UnpackedSource, type Unpacking } from "./packing/unpacked-source.ts";
import { shownName } from "./shown-name.ts";
import { kindOf, signatureBytes } from "./signature.ts";
import { takenCells } from "./table/taken-cells.ts";
import { withoutBetween } from "./table/without-between.ts";
import { xls } from "./xls/xls.ts";
import { xlsx } from "./xlsx/xlsx.ts";
import { openZip, type ZipArchive, type ZipEntry } from "./zip/archive.ts";
import { fill } from "./zip/directory.ts";
import { byLikelihood, examinedFiles, fileByHint, fileNames, likelyFile, type ZipFile } from "./zip-files.ts";

const readers: Readonly<Record<FormatName, Format>> = { csv, json, jsonl: json, ods, xls, xlsx };

/**
 * Every file Sluice reads: delimited text, JSON and JSON Lines, XLSX, ODS and XLS, each of them also gzipped or in a
 * zip archive.
 *
 * @example
 * const dialect = await formats.detect(source, {});
 * for await (const batch of formats.read(source, dialect, {})) profiler.add(batch, dialect.headerRow);
 */
export const formats: Format = {
  /** @throws SluiceError `invalid` naming what the file is instead, and what to do. */
  async detect(source: Source, hints: DetectionHints, signal?: AbortSignal): Promise<Dialect> {
    const found = await lookInto(source, hints.entry, signal);
    if ("format" in found) return { ...(await found.format.detect(found.source, hints, signal)), ...readingOf(hints) };
    const inner = await openPacked(found.unpack(), signal);
    try {
      const dialect = await detectInside(inner, hints, signal);
      const { packing, entry, findings = [] } = found;
      return {
        ...dialect,
        ...readingOf(hints),
        packing,
        ...(entry !== undefined && { entry }),
        findings: [...dialect.findings, ...findings],
      };
    } finally {
      await inner.close();
    }
  },

  /** @throws SluiceError `invalid` where far more text comes out than the file has, as of cells or rows that are repeated without end. */
  read(source: Source, dialect: Dialect, options: ReadOptions): AsyncGenerator<Batch> {
    const batches =
      dialect.packing !== "none" ? readPacked(source, dialect, options) : readInside(source, dialect, options);
    const whole = bounded(batches, source);
    const rows = options.everyRow ? whole : withoutBetween(whole, dialect, options.onFinding);
    return takenCells(rows, dialect);
  },

  async sheets(source: Source, signal?: AbortSignal, entry?: string): Promise<SheetLook[]> {
    const found = await lookInto(source, entry, signal);
    if ("format" in found) return (await found.format.sheets?.(found.source, signal)) ?? [];
    const inner = await openPacked(found.unpack(), signal);
    try {
      const within = await lookInto(inner, undefined, signal);
      return ("format" in within && (await within.format.sheets?.(within.source, signal))) || [];
    } finally {
      await inner.close();
    }
  },

  async entries(source: Source, signal?: AbortSignal): Promise<EntryLook[]> {
    const head = Buffer.alloc(Math.min(signatureBytes, source.sizeBytes));
    if (kindOf(source.name, head.subarray(0, await fill(source, head, 0, signal))) !== "zip") return [];
    const archive = await openZip(source, signal);
    const found = await archiveKind(archive, signal);
    if (found.kind !== "packed" || found.files.length < 2) return [];
    const looks: EntryLook[] = [];
    for (const [k, file] of byLikelihood(found.files).slice(0, listedFiles).entries())
      looks.push(await lookAt(archive, file, k < examinedFiles, signal));
    return looks;
  },
};

/** As many files of an archive are listed. */
const listedFiles = 1000;
/** A workbook is unpacked whole before it is looked at, so a larger one is listed by its name alone. */
const maxLookBytes = 64 * 1024 * 1024;
/** Rows that show how a table begins. */
const lookRows = 5;

/** A file of an archive as far as its first rows show it, or why it cannot be read. */
async function lookAt(
  archive: ZipArchive,
  { entry, index }: ZipFile,
  isExamined: boolean,
  signal?: AbortSignal,
): Promise<EntryLook> {
  const look: EntryLook = { name: entry.name, index, sizeBytes: entry.sizeBytes, columns: 0, rows: [], more: false };
  if (!isExamined || entry.sizeBytes > maxLookBytes) return look;
  let inner: Source | null = null;
  try {
    inner = await openPacked(new UnpackedSource(shownName(entry.name), () => unzip(archive, entry, signal)), signal);
    const dialect = await detectInside(inner, {}, signal);
    for await (const batch of readInside(inner, dialect, { signal })) {
      for (let r = 0; r < batch.rowCount; r++) {
        const cells = rowCells(batch, r);
        if (cells.every((cell) => cell.trim() === "")) continue;
        if (look.rows.length === lookRows) return { ...look, more: true };
        look.rows.push(cells);
        look.columns = Math.max(look.columns, cells.length);
      }
    }
    return look;
  } catch (error) {
    if (error instanceof SluiceError && (error.code === "invalid" || error.code === "too_large"))
      return { ...look, rows: [], problem: error.told ?? { template: error.message, values: [] } };
    throw error;
  } finally {
    await inner?.close();
  }
}

/** Of what was packed: no archive of archives. */
async function detectInside(inner: Source, hints: DetectionHints, signal?: AbortSignal): Promise<Dialect> {
  const within = await lookInto(inner, undefined, signal);
  if ("format" in within) return within.format.detect(within.source, hints, signal);
  throw new SluiceError("invalid", told`${inner.name} contains another archive. Unpack it and upload what is inside.`);
}

/** Text that comes out of any file, and of a larger one how many times its size. */
const freeBytes = 1024 ** 3;
const maxRatio = 500;

/** The same batches, as long as they do not hold far more than the file. */
export async function* bounded(
  batches: AsyncIterable<Batch>,
  { name, sizeBytes }: Pick<Source, "name" | "sizeBytes">,
): AsyncGenerator<Batch> {
  const most = freeBytes + maxRatio * sizeBytes;
  let bytes = 0;
  for await (const batch of batches) {
    bytes += batch.bytes.length;
    if (bytes > most)
      throw new SluiceError(
        "invalid",
        told`${name}: its cells hold more than ${maxRatio} times the file's size, as in a zip bomb, so reading stopped. If the table is real, save it as CSV.`,
      );
    yield batch;
  }
}

async function* readPacked(source: Source, dialect: Dialect, options: ReadOptions): AsyncGenerator<Batch> {
  const found = await lookInto(source, dialect.entry, options.signal);
  if (!("packing" in found) || found.packing !== dialect.packing) {
    throw new SluiceError(
      "invalid",
      told`${source.name} is not compressed with ${dialect.packing}: it is not the file this import began with.`,
      { next: { code: "upload_again" } },
    );
  }
  const inner = await openPacked(found.unpack(), options.signal);
  try {
    yield* readInside(inner, dialect, options);
  } finally {
    await inner.close();
  }
}

/** A workbook is read at many places, and may be one that Excel opens without asking for its password. */
async function* readInside(source: Source, dialect: Dialect, options: ReadOptions): AsyncGenerator<Batch> {
  const inside =
    dialect.format === "xlsx" && (await isCompound(source)) ? await unlocked(source, options.signal) : source;
  yield* readers[dialect.format].read(inside, dialect, options);
}

async function isCompound(source: Source): Promise<boolean> {
  const head = Buffer.alloc(8);
  return (await fill(source, head, 0)) === head.length && kindOf(source.name, head) === "compound";
}

/** A file by its content: for one of the readers (`source` is what it reads), or something to unpack first. */
type Found =
  | { format: Format; source: Source }
  | {
      packing: Exclude<Packing, "none">;
      unpack(): UnpackedSource;
      /** Which of an archive's files it is, where there are several. */
      entry?: string;
      findings?: FileFinding[];
    };

/** @param hint the file of an archive that is meant. */
async function lookInto(source: Source, hint: string | undefined, signal?: AbortSignal): Promise<Found> {
  const head = Buffer.alloc(Math.min(signatureBytes, source.sizeBytes));
  const kind = kindOf(source.name, head.subarray(0, await fill(source, head, 0, signal)));
  switch (kind) {
    case "csv":
    case "json":
      return { format: readers[kind], source };
    case "compound":
      return (await compoundKind(source)) === "xls"
        ? { format: readers.xls, source }
        : lookIntoUnlocked(source, signal);
    case "gzip":
      return { packing: "gzip", unpack: () => new UnpackedSource(source.name, () => gunzip(source, signal), signal) };
    case "zip": {
      const archive = await openZip(source, signal);
      const found = await archiveKind(archive, signal);
      if (found.kind !== "packed") return { format: readers[found.kind], source };
      return { packing: "zip", ...(await chosenFile(archive, found.files, hint, signal)) };
    }
  }
}

async function chosenFile(
  archive: ZipArchive,
  files: readonly ZipFile[],
  hint: string | undefined,
  signal?: AbortSignal,
): Promise<{ unpack(): UnpackedSource; entry?: string; findings?: FileFinding[] }> {
  const { file, others } =
    hint === undefined
      ? await likelyFile(archive, files, signal)
      : { file: fileByHint(archive, files, hint), others: [] };
  const name = `${archive.fileName} (${shownName(file.entry.name)})`;
  const names = fileNames(others);
  const findings: FileFinding[] = [
    {
      code: "other_files",
      count: others.length,
      params: { files: typeof names === "string" ? names : textOf(names) },
    },
  ];
  return {
    unpack: () => new UnpackedSource(name, () => unzip(archive, file.entry, signal), signal),
    ...(files.length > 1 && { entry: file.entry.name }),
    ...(others.length > 0 && { findings }),
  };
}

/** An encrypted file that needs no password of a person's. */
async function lookIntoUnlocked(source: Source, signal?: AbortSignal): Promise<Found> {
  const inside = await unlocked(source, signal);
  const { kind } = await archiveKind(await openZip(inside, signal), signal);
  if (kind === "xlsx") return { format: readers.xlsx, source: inside };
  throw new SluiceError(
    "invalid",
    told`${source.name} is another program's file, not a workbook. Export the table as XLSX or CSV.`,
  );
}

function unzip(archive: ZipArchive, entry: ZipEntry, signal?: AbortSignal): Unpacking {
  const before = archive.bytesRead;
  return { pieces: archive.read(entry, { signal }), packedBytes: () => archive.bytesRead - before };
}

/** What is packed, as it streams; a workbook, which is read at many places, from a temporary file. */
async function openPacked(unpacked: UnpackedSource, signal?: AbortSignal): Promise<Source> {
  try {
    const kind = kindOf(unpacked.name, await unpacked.head());
    if (kind !== "zip" && kind !== "compound") return unpacked;
    const spooled = await spool(unpacked, signal);
    await unpacked.close();
    return spooled;
  } catch (error) {
    await unpacked.close();
    throw error;
  }
}
