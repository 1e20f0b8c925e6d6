/** One measured run of one contestant, in a process of its own, so that its memory is its own. Prints one line of JSON. */
import { leads } from "../dist/importers/leads/leads.js";
import { encodeFile } from "./encode.ts";
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
      return encodeFile(csvPath, leads);
    default:
      throw new Error(`There is no contestant "${contestant}".`);
  }
}

const measured = await measure();
process.stdout.write(`${JSON.stringify({ ...measured, peakRssBytes: process.resourceUsage().maxRSS * 1024 })}\n`);
