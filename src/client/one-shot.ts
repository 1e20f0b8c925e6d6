/** A file in one request, with what a program decides about its import as fields of a form. */
import type { AcceptedImport, ImportedFile, ImportOptionsInput } from "./api.ts";
import type { CallOptions, Connection } from "./connection.ts";
import type { UploadSource } from "./upload.ts";

/** Options of the import by their names; what is left out is as the importer says, or suggested. */
export interface ImportFileOptions extends CallOptions, Omit<ImportOptionsInput, "autoCommit"> {
  /** What the file is called. Default: the name that a File has. */
  name?: string;
  /** A column's name → its field, or null to leave it out. Others are mapped by themselves. */
  mapping?: Readonly<Record<string, string | null>>;
  /** True: all suggestions are taken, also where values could be read in two ways. False: none, not even those of names. */
  acceptDoubts?: boolean;
}

/** Not repeated by itself: the same file is accepted again. */
export async function importFile(
  connection: Connection,
  importer: string,
  source: UploadSource,
  { name, signal, ...options }: ImportFileOptions,
): Promise<AcceptedImport | ImportedFile> {
  const form = new FormData();
  for (const [option, value] of Object.entries(options)) {
    if (value === undefined) continue;
    form.set(option, typeof value === "string" ? value : JSON.stringify(value));
  }
  const file = source instanceof Uint8Array ? new Blob([source as Uint8Array<ArrayBuffer>]) : source;
  form.set("file", file, name ?? ("name" in file ? String(file.name) : "upload"));
  const response = await connection.once("POST", `/import/${encodeURIComponent(importer)}`, { bytes: form, signal });
  return (await response.json()) as AcceptedImport | ImportedFile;
}
