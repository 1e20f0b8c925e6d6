/** One measured run of one contestant, in a process of its own, so that its memory is its own. Prints one line of JSON. */
import { openFile } from "../dist/files/source.js";
import { csv } from "../dist/formats/csv/csv.js";
import { leads } from "../dist/importers/leads/leads.js";
import { mapColumns } from "../dist/pipeline/map.js";
import { Profiler } from "../dist/pipeline/profile.js";
import { RowValidator } from "../dist/pipeline/validate.js";
import { runAppCode, setUpAppCode } from "./peers/app-code.ts";
import { copyFloor } from "./peers/copy-floor.ts";
import { papaEncode } from "./peers/papa-encode.ts";
import { runSqlScript, setUpSqlScript } from "./peers/sql-script.ts";

/** What a run tells. */
export interface Measured {
  seconds: number;
  rows: number;
  peakRssBytes: number;
  /** Records made, where any are. */
  created?: number;
}

const [contestant, csvPath, url] = process.argv.slice(2);

/** Sluice's reader, validators and COPY encoder without a database. */
async function encodeAlone(): Promise<{ seconds: number; rows: number }> {
  const importer = leads as unknown as Parameters<typeof mapColumns>[0];
  const startedAt = performance.now();
  const source = await openFile(csvPath);
  const dialect = await csv.detect(source, {});
  const profiler = new Profiler(dialect.columns);
  for await (const batch of csv.read(source, dialect, {})) {
    profiler.add(batch, dialect.headerRow);
    if (profiler.full) break;
  }
  const mapping = mapColumns(importer, profiler.profile());
  const validator = new RowValidator({
    importer,
    mapping,
    assignment: { mode: "none" },
    keys: importer.match.keys,
    jobId: 1,
  });
  let rows = 0;
  for await (const batch of csv.read(source, dialect, {})) {
    const { valid, invalid } = validator.validate(batch, dialect.headerRow);
    rows += valid + invalid;
    validator.stage.length = 0;
    validator.rejects.length = 0;
  }
  await source.close();
  return { seconds: (performance.now() - startedAt) / 1000, rows };
}

async function measure(): Promise<object> {
  switch (contestant) {
    case "copy":
      return copyFloor(url, csvPath);
    case "sql":
      await setUpSqlScript(url);
      return runSqlScript(url, csvPath);
    case "app":
      await setUpAppCode(url);
      return runAppCode(url, csvPath);
    case "papa":
      return papaEncode(csvPath);
    case "encode":
      return encodeAlone();
    default:
      throw new Error(`There is no contestant "${contestant}".`);
  }
}

const measured = await measure();
process.stdout.write(`${JSON.stringify({ ...measured, peakRssBytes: process.resourceUsage().maxRSS * 1024 })}\n`);
