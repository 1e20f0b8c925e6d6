/**
 * The catalogue: 700,000 products from a workbook into five tables, beside a hand-written script that has the same table as CSV. Three
 * files one after the other: the first, the same again, and one with 5 % of the prices changed. `npm run bench -- --only catalog`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { products } from "../src/importers/catalog/products.ts";
import { Database } from "../src/postgres/connection/connect.ts";
import { sql } from "../src/postgres/connection/session.ts";
import { type CatalogOptions, writeCatalogCsv, writeCatalogWorkbook } from "./generate-catalog.ts";
import { runScript } from "./peers/psql.ts";

interface Options {
  rows: number;
  runs: number;
  seed: number;
  /** Address of a server of the benchmark's own. */
  url: string;
  folder: string;
  say: (text: string) => void;
  progress: (text: string) => void;
}

/** Of one file: the whole process of Sluice, its peak memory; the script as a whole, and without its `\copy`. */
interface Measured {
  sluice: number;
  rssMiB: number;
  script: number;
  withoutCopy: number;
}

const steps = ["first import", "the same file again", "5 % of the prices changed"] as const;
const script = join(import.meta.dirname, "peers", "catalog-import.sql");

export async function compareCatalogs(options: Options): Promise<void> {
  const { rows, runs, seed, folder, say } = options;
  const files: { workbook: string; csv: string }[] = [];
  for (const edition of [0, 1] as const) {
    const content: CatalogOptions = { rows, seed, edition };
    const file = { workbook: join(folder, `catalog-${edition}.xlsx`), csv: join(folder, `catalog-${edition}.csv`) };
    await writeCatalogWorkbook(file.workbook, content);
    await writeCatalogCsv(file.csv, content);
    files.push(file);
  }
  const editions = [files[0], files[0], files[1]];
  const measured: Measured[][] = steps.map(() => []);
  for (let run = 0; run < runs; run++) {
    const own = await freshDatabase(options, "bench_catalog");
    const peer = await freshDatabase(options, "bench_catalog_peer");
    await createTables(peer);
    for (const [k, { workbook, csv }] of editions.entries()) {
      const sluice = await importWorkbook(options, own, workbook);
      await checkpoint(options);
      const begun = performance.now();
      const [[, prices, , seconds]] = await runScript(peer, { file: script }, csv);
      const whole = (performance.now() - begun) / 1000;
      await checkpoint(options);
      await compareTables(own, peer);
      measured[k].push({ ...sluice, script: whole, withoutCopy: Number(seconds) });
      options.progress(
        `run ${run + 1}, ${steps[k]}: Sluice ${sluice.sluice.toFixed(1)} s, ${sluice.rssMiB.toFixed(0)} MiB; script ${whole.toFixed(1)} s, ${Number(seconds).toFixed(1)} without its copy; ${prices} prices`,
      );
    }
  }
  say(`\n## Catalogue, ${rows.toLocaleString("en")} products from a workbook into five tables, medians of ${runs}\n`);
  say(
    "| file | Sluice, whole process | peak RSS of Node | script, with its \\copy | Sluice / script | against the first |",
  );
  say("| --- | ---: | ---: | ---: | ---: | ---: |");
  const first = medianOf(measured[0], "sluice");
  for (const [k, step] of steps.entries()) {
    const [own, peer] = [medianOf(measured[k], "sluice"), medianOf(measured[k], "script")];
    say(
      `| ${step} | ${own.toFixed(1)} s | ${medianOf(measured[k], "rssMiB").toFixed(0)} MiB | ${peer.toFixed(1)} s (${medianOf(measured[k], "withoutCopy").toFixed(1)}) | ${(own / peer).toFixed(2)} | ${(own / first).toFixed(2)} |`,
    );
  }
  for (const { workbook, csv } of files) for (const path of [workbook, csv]) await rm(path);
}

function medianOf(runs: readonly Measured[], what: keyof Measured): number {
  const sorted = runs.map((each) => each[what]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function freshDatabase({ url }: Options, name: string): Promise<string> {
  const admin = new Database(url, 1);
  await admin.query(sql`drop database if exists ${sql.id(name)} with (force)`);
  await admin.query(sql`create database ${sql.id(name)}`);
  await admin.close();
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}

async function checkpoint({ url }: Options): Promise<void> {
  const admin = new Database(url, 1);
  await admin.query(sql`checkpoint`);
  await admin.close();
}

/** The tables that the importer ships. */
async function createTables(url: string): Promise<void> {
  const database = new Database(url, 1);
  for (const table of products.tables ?? [])
    for (const statement of table.create) await database.query(sql.raw(statement));
  await database.close();
}

async function importWorkbook(
  { folder }: Options,
  url: string,
  path: string,
): Promise<Pick<Measured, "sluice" | "rssMiB">> {
  const args = ["bench/sluice.mjs", "import", "products", path, "--json", "--yes", "--again"];
  const begun = performance.now();
  const child = spawn(process.execPath, [...args, "--database-url", url, "--data-dir", join(folder, "catalog")], {
    cwd: join(import.meta.dirname, ".."),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error(`The import ended with ${code}: ${out}`);
  const { peakRssBytes } = JSON.parse(out) as { peakRssBytes: number };
  return { sluice: (performance.now() - begun) / 1000, rssMiB: peakRssBytes / 2 ** 20 };
}

/** Both must have made the same: as many rows, and as many that hold. @throws Error where they differ */
async function compareTables(...urls: readonly string[]): Promise<void> {
  const counts = await Promise.all(
    urls.map(async (url) => {
      const database = new Database(url, 1);
      const [row] = await database.query<Record<string, unknown>>(sql`
        select (select count(*)::int8 from brands) as brands, (select count(*)::int8 from categories) as categories,
          (select count(*)::int8 from products) as products, (select count(*)::int8 from product_prices) as prices,
          (select sum(amount)::text from product_prices where valid_to is null) as current,
          (select count(*)::int8 from product_stocks) as stocks, (select sum(quantity)::text from product_stocks where valid_to is null) as stock
      `);
      await database.close();
      return JSON.stringify(row);
    }),
  );
  if (new Set(counts).size > 1) throw new Error(`The two have made different tables: ${counts.join(" and ")}`);
}
