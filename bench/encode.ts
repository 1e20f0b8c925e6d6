/** Sluice's way from a file to COPY's text without a database: detection, mapping, reading, validating, encoding. */
import { openFile } from "../dist/files/source.js";
import { formats } from "../dist/formats/formats.js";
import { mapColumns } from "../dist/mapping/map.js";
import { Profiler } from "../dist/mapping/profile.js";
import { RowValidator } from "../dist/staging/validate.js";

type AnyImporter = Parameters<typeof mapColumns>[0];

export interface Encoded {
  rows: number;
  valid: number;
  /** Bytes of COPY text made. */
  bytes: number;
  seconds: number;
}

export async function encodeFile(path: string, importer: object): Promise<Encoded> {
  const described = importer as AnyImporter;
  const startedAt = performance.now();
  const source = await openFile(path);
  const dialect = await formats.detect(source, {});
  const profiler = new Profiler(dialect.columns);
  for await (const batch of formats.read(source, dialect, {})) {
    profiler.add(batch, dialect.headerRow, dialect.lastRow);
    if (profiler.full) break;
  }
  const mapping = mapColumns(described, profiler.profile());
  const keys = described.match.keys.flat();
  const validator = new RowValidator({ importer: described, mapping, assignment: { mode: "none" }, keys, jobId: 1 });
  const encoded: Encoded = { rows: 0, valid: 0, bytes: 0, seconds: 0 };
  for await (const batch of formats.read(source, dialect, {})) {
    const { valid, invalid } = validator.validate(batch, dialect);
    encoded.rows += valid + invalid;
    encoded.valid += valid;
    encoded.bytes += validator.stage.length;
    validator.stage.length = 0;
    validator.rejects.length = 0;
  }
  await source.close();
  encoded.seconds = (performance.now() - startedAt) / 1000;
  return encoded;
}

/** Opens a file and finds out how it is written. */
export async function detectFile(path: string): Promise<{ rows: number; seconds: number }> {
  const startedAt = performance.now();
  const source = await openFile(path);
  const { columns } = await formats.detect(source, {});
  const seconds = (performance.now() - startedAt) / 1000;
  await source.close();
  if (columns.length < 2) throw new Error(`${path}: found ${columns.length} columns.`);
  return { rows: 0, seconds };
}
