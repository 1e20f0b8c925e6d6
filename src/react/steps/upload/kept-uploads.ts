/** What this browser remembers of uploads that are not finished, so that the same file goes on after a reload where it was. */

export interface KeptUpload {
  id: string;
  name: string;
  sizeBytes: number;
  /** Milliseconds since 1970. With name and size it tells the same file from another. */
  lastModified: number;
  /** What it is to be imported with, if that was chosen. */
  importer?: string;
}

const place = "sluice.uploads";
/** So many are remembered: what is older has expired on the server. */
const maxKept = 50;

export function keptUploads(): KeptUpload[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isKept) : [];
  } catch {
    return [];
  }
}

export function keepUpload(upload: KeptUpload): void {
  write([...keptUploads().filter(({ id }) => id !== upload.id), upload].slice(-maxKept));
}

export function forgetUpload(id: string): void {
  write(keptUploads().filter((each) => each.id !== id));
}

/** The unfinished upload of the same file. */
export function keptFor({ name, size, lastModified }: File): KeptUpload | undefined {
  return keptUploads().find(
    (each) => each.name === name && each.sizeBytes === size && each.lastModified === lastModified,
  );
}

function isKept(value: unknown): value is KeptUpload {
  const { id, name, sizeBytes, lastModified } = (value ?? {}) as Partial<KeptUpload>;
  return (
    typeof id === "string" &&
    typeof name === "string" &&
    typeof sizeBytes === "number" &&
    typeof lastModified === "number"
  );
}

// A browser may forbid storage: then an upload begins anew after a reload.
function write(uploads: readonly KeptUpload[]): void {
  try {
    localStorage.setItem(place, JSON.stringify(uploads));
  } catch {}
}
