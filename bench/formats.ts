/**
 * The formats' part of the benchmark: workbooks to COPY text beside SheetJS, Windows-1252 beside UTF-8, and how long it
 * takes to find out how a large file is written. Each run is a process of its own, the contestants take turns, medians.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import iconv from "iconv-lite";
import { generateLeads } from "../src/importers/leads/generate.ts";
import { type StringStorage, writeWorkbook } from "./generate-workbook.ts";

export interface FormatsOptions {
  /** Rows of the workbooks, and of the CSV files. */
  workbookRows: number;
  csvRows: number;
  runs: number;
  seed: number;
  /** Where the files are made; they are removed afterwards. */
  folder: string;
  /** Takes the markdown. */
  say: (text: string) => void;
  /** Takes a line for each run. */
  progress: (text: string) => void;
}

interface Run {
  rows: number;
  valid?: number;
  bytes?: number;
  seconds: number;
  peakRssBytes: number;
}

/** Detection is over in milliseconds: more runs cost nothing. */
const detectRuns = 5;
const largeFileBytes = 2 ** 30;

const root = fileURLToPath(new URL("..", import.meta.url));

async function measure(contestant: string, path: string): Promise<Run> {
  // SheetJS holds the workbook in memory: at the usual limit of the heap it would not come to an end.
  const flags = contestant === "sheetjs" ? ["--max-old-space-size=12000"] : [];
  const args = [...flags, "bench/measure-formats.ts", contestant, path];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error(`${contestant} ended with ${code}: ${out}`);
  return JSON.parse(out) as Run;
}

function median(runs: readonly Run[], of: (run: Run) => number): number {
  const sorted = runs.map(of).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
const seconds = (runs: readonly Run[]): number => median(runs, (run) => run.seconds);
const mebibytes = (runs: readonly Run[]): string =>
  `${(median(runs, (run) => run.peakRssBytes) / 2 ** 20).toFixed(0)} MiB`;

/** Runs the contestants in turns; each must find as many rows as `rows` says. */
async function alternate(
  contestants: readonly (readonly [contestant: string, path: string])[],
  { runs, rows, progress }: { runs: number; rows: number; progress: (text: string) => void },
): Promise<Run[][]> {
  const measured: Run[][] = contestants.map(() => []);
  for (let k = 0; k < runs; k++) {
    for (const [c, [contestant, path]] of contestants.entries()) {
      const run = await measure(contestant, path);
      if (run.rows !== rows) throw new Error(`${contestant} found ${run.rows} rows instead of ${rows}.`);
      measured[c].push(run);
      progress(
        `${contestant}, run ${k + 1}: ${run.seconds.toFixed(3)} s, ${(run.peakRssBytes / 2 ** 20).toFixed(0)} MiB`,
      );
    }
  }
  return measured;
}

/** Measures everything and writes the tables. */
export async function compareFormats(options: FormatsOptions): Promise<void> {
  const { say } = options;
  for (const strings of ["shared", "inline"] as const) await compareWorkbook(strings, options);
  say("\n## CSV and detection\n");
  say("| what | seconds | ratio | peak RSS of Node |");
  say("| --- | ---: | ---: | ---: |");
  await compareEncodings(options);
  await compareDetection(options);
}

async function compareWorkbook(strings: StringStorage, options: FormatsOptions): Promise<void> {
  const { workbookRows: rows, runs, seed, folder, say, progress } = options;
  const path = join(folder, `products-${strings}.xlsx`);
  await writeWorkbook(path, { rows, seed, strings });
  const [sluice, sheetjs] = await alternate(
    [
      ["workbook", path],
      ["sheetjs", path],
    ],
    { runs, rows, progress },
  );
  const [own, other] = [sluice[0], sheetjs[0]];
  if (own.valid !== rows || other.valid !== rows) {
    throw new Error(`Of ${rows} rows ${own.valid} are valid for Sluice and ${other.valid} for SheetJS.`);
  }
  const mib = ((await stat(path)).size / 2 ** 20).toFixed(0);
  say(
    `\n## XLSX with ${strings} strings, ${rows.toLocaleString("en")} rows × 10 columns, ${mib} MiB, medians of ${runs}\n`,
  );
  say("| what | seconds | ratio | peak RSS of Node |");
  say("| --- | ---: | ---: | ---: |");
  say(`| Sluice: XLSX to COPY text | ${seconds(sluice).toFixed(2)} | | ${mebibytes(sluice)} |`);
  const ratio = (seconds(sheetjs) / seconds(sluice)).toFixed(1);
  say(
    `| SheetJS 0.18.5 doing the same | ${seconds(sheetjs).toFixed(2)} | Sluice ${ratio} × faster | ${mebibytes(sheetjs)} |`,
  );
  if (strings === "inline") await rm(path);
}

/** Writes leads as `encoding`. */
async function writeLeads(path: string, encoding: string, rows: number, seed: number): Promise<void> {
  const file = createWriteStream(path);
  for (const piece of generateLeads({ rows, seed, ragged: false })) {
    if (!file.write(iconv.encode(piece, encoding))) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
}

async function compareEncodings({ csvRows: rows, runs, seed, folder, say, progress }: FormatsOptions): Promise<void> {
  const utf8 = join(folder, "leads-utf-8.csv");
  const western = join(folder, "leads-windows-1252.csv");
  await writeLeads(utf8, "utf8", rows, seed);
  await writeLeads(western, "windows-1252", rows, seed);
  const [first, second] = await alternate(
    [
      ["leads", utf8],
      ["leads", western],
    ],
    { runs, rows, progress },
  );
  // The text itself also holds each row's place in the file, which is another one.
  if (first[0].valid !== second[0].valid) {
    throw new Error(`Of one table ${first[0].valid} rows are valid in UTF-8 and ${second[0].valid} in Windows-1252.`);
  }
  const name = `CSV, \`;\`, ${rows.toLocaleString("en")} rows to COPY text`;
  say(`| ${name}: UTF-8 | ${seconds(first).toFixed(2)} | | | ${mebibytes(first)} |`);
  const ratio = (seconds(first) / seconds(second)).toFixed(2);
  say(
    `| the same in Windows-1252 | ${seconds(second).toFixed(2)} | ${ratio} × the speed of UTF-8 | ${mebibytes(second)} |`,
  );
}

async function compareDetection({ folder, say, progress }: FormatsOptions): Promise<void> {
  for (const encoding of ["utf-8", "windows-1252"]) {
    const large = join(folder, "large.csv");
    await growFile(join(folder, `leads-${encoding}.csv`), large);
    const runs = (await alternate([["detect", large]], { runs: detectRuns, rows: 0, progress }))[0];
    const name = encoding === "utf-8" ? "UTF-8" : "Windows-1252";
    say(
      `| Detection of a CSV file of 1 GiB in ${name}, opening it included | ${seconds(runs).toFixed(3)} | | ${mebibytes(runs)} |`,
    );
    await rm(large);
  }
  const workbook = join(folder, "products-shared.xlsx");
  const runs = (await alternate([["detect", workbook]], { runs: detectRuns, rows: 0, progress }))[0];
  say(`| Detection of the workbook with shared strings | ${seconds(runs).toFixed(3)} | | ${mebibytes(runs)} |`);
}

/** A file of at least 1 GiB, of another's rows again and again. Streamed: a process starts with its parent's peak of memory. */
async function growFile(from: string, to: string): Promise<void> {
  const { size } = await stat(from);
  for (let length = 0; length < largeFileBytes; length += size) {
    await pipeline(createReadStream(from), createWriteStream(to, { flags: "a" }));
  }
}
