/**
 * One measured run of the formats' part of the benchmark, in a process of its own, so that its memory is its own. Prints one
 * line of JSON. `node bench/measure-formats.ts CONTESTANT FILE`
 */
import { setFlagsFromString } from "node:v8";

const [contestant, path] = process.argv.slice(2);

async function measure(): Promise<object> {
  if (contestant === "sheetjs") return (await import("./peers/sheetjs-encode.ts")).sheetjsEncode(path);
  // As the command line runs.
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--optimize-for-size");
  const { detectFile, encodeFile } = await import("./encode.ts");
  switch (contestant) {
    case "workbook":
      return encodeFile(path, (await import("./products.ts")).products);
    case "leads":
      return encodeFile(path, (await import("../dist/importers/leads/leads.js")).leads);
    case "detect":
      return detectFile(path);
    default:
      throw new Error(`There is no contestant "${contestant}".`);
  }
}

const measured = await measure();
process.stdout.write(`${JSON.stringify({ ...measured, peakRssBytes: process.resourceUsage().maxRSS * 1024 })}\n`);
