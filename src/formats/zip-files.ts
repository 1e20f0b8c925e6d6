/** The files that a person has packed into a zip archive: which of them hold a table, and which one is read. */
import { SluiceError, type Telling, told } from "../core/errors.ts";
import { fileFormats, formatNames, shapeOf } from "../core/file-formats.ts";
import { shownName } from "./shown-name.ts";
import { kindOf, signatureBytes } from "./signature.ts";
import type { ZipArchive, ZipEntry } from "./zip/archive.ts";
import { passwordProtected } from "./zip/directory.ts";

/** A file of an archive. */
export interface ZipFile {
  entry: ZipEntry;
  /** Its place among the archive's files, from 1: what operating systems add does not count. */
  index: number;
}

/** How many files a message names. */
const namedFiles = 20;
/** How many are opened to see whether they hold a table: each costs its first 64 KB. */
export const examinedFiles = 20;

const endingsOf = (names: readonly (keyof typeof fileFormats)[]): string[] =>
  names.flatMap((name) => [...fileFormats[name].endings]);
const tableEndings = endingsOf(formatNames);
const workbookEndings = endingsOf(formatNames.filter((name) => shapeOf(name) === "workbook"));

/** As a person gets them; `notes.txt` beside `customers.csv` is rarely the table that is meant. */
function rankOf(name: string): number {
  if (endsWith(name, [".txt"])) return 1;
  return endsWith(name, tableEndings) ? 0 : 2;
}

/**
 * The file that a hint names: its whole name, the end of its path, either in any case, else its place from 1.
 *
 * @throws SluiceError `invalid` naming the files there are.
 */
export function fileByHint(archive: ZipArchive, files: readonly ZipFile[], hint: string): ZipFile {
  const folded = hint.trim().toLowerCase();
  const found =
    files.find(({ entry }) => entry.name === hint) ??
    files.find(({ entry }) => entry.name.toLowerCase() === folded) ??
    files.find(({ entry }) => entry.name.toLowerCase().endsWith(`/${folded}`)) ??
    files.find(({ index }) => String(index) === folded);
  if (found !== undefined) return found;
  throw new SluiceError(
    "invalid",
    told`${archive.fileName} has no file "${shownName(hint)}" in it. Available: ${fileNames(files)}. Give one of these names, or its position starting at 1.`,
    { next: { code: "choose_entry" } },
  );
}

/** `1 "orders.csv", 2 "customers.csv"`, for a message. */
export function fileNames(files: readonly ZipFile[]): string | Telling {
  const names = files.slice(0, namedFiles).map(({ entry, index }) => `${index} "${shownName(entry.name)}"`);
  return files.length > namedFiles ? told`${names.join(", ")} and ${files.length - namedFiles} more` : names.join(", ");
}

/**
 * The likely file, and the others that hold tables too: the largest of those whose names are a table's, else of plain texts, else
 * of any. An archive's only file is taken as it is: its reader says what is wrong with it.
 *
 * @throws SluiceError `invalid` where none of several files holds a table.
 */
export async function likelyFile(
  archive: ZipArchive,
  files: readonly ZipFile[],
  signal?: AbortSignal,
): Promise<{ file: ZipFile; others: ZipFile[] }> {
  if (files.length === 1) return { file: files[0], others: [] };
  const ranked = byLikelihood(files);
  const tables: ZipFile[] = [];
  for (const file of ranked.slice(0, examinedFiles))
    if (await holdsTable(archive, file.entry, signal)) tables.push(file);
  const [file] = tables;
  if (file === undefined) throw new SluiceError("invalid", noTable(archive.fileName, files));
  const rank = rankOf(file.entry.name);
  const others = tables.slice(1).filter(({ entry }) => rankOf(entry.name) === rank);
  // What was not examined is a table if its name is one's.
  const unseen = rank === 0 ? ranked.slice(examinedFiles).filter(({ entry }) => rankOf(entry.name) === 0) : [];
  return { file, others: [...others, ...unseen].sort((a, b) => a.index - b.index) };
}

/** Those first that are most likely meant. */
export function byLikelihood(files: readonly ZipFile[]): ZipFile[] {
  return [...files].sort(
    (a, b) => rankOf(a.entry.name) - rankOf(b.entry.name) || b.entry.sizeBytes - a.entry.sizeBytes,
  );
}

function noTable(fileName: string, files: readonly ZipFile[]): Telling {
  if (files.every(({ entry }) => entry.encrypted)) return passwordProtected(fileName);
  return told`${fileName} is a zip archive, and none of its files is a table that can be read: ${fileNames(files)}. Save the table as CSV or XLSX and upload that.`;
}

/** By its first bytes; a workbook, an archive itself, by its name too. */
async function holdsTable(archive: ZipArchive, entry: ZipEntry, signal?: AbortSignal): Promise<boolean> {
  try {
    const kind = kindOf(entry.name, await headOf(archive, entry, signal));
    if (kind === "zip" || kind === "compound") return endsWith(entry.name, workbookEndings);
    return kind === "csv" || kind === "json";
  } catch (error) {
    if (error instanceof SluiceError && error.code === "invalid") return false;
    throw error;
  }
}

async function headOf(archive: ZipArchive, entry: ZipEntry, signal?: AbortSignal): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of archive.read(entry, { checksum: false, signal })) {
    pieces.push(Buffer.from(piece));
    length += piece.length;
    if (length >= signatureBytes) break;
  }
  return Buffer.concat(pieces).subarray(0, signatureBytes);
}

function endsWith(name: string, endings: readonly string[]): boolean {
  const folded = name.toLowerCase();
  return endings.some((ending) => folded.endsWith(ending));
}
