/**
 * A child process of the fuzzer: checks cases one after another and writes a line before and after each, so that its parent
 * knows which one hangs or ends the process.
 *
 * `node check-cases.ts SEED FIRST STEP END`
 */

import { writeSync } from "node:fs";
import { peakRssBytes } from "../../src/cli/peak-memory.ts";
import { checkCase, makeCase } from "./check-case.ts";

/** Peak memory of the process, whatever the file; the sources are a few KB each. */
const maxRssBytes = 600 * 2 ** 20;

const [seed, first, step, end] = process.argv.slice(2).map(Number);
for (let number = first; number < end; number += step) {
  writeSync(1, `${number}\n`);
  const wrong = await checkCase(makeCase(seed, number));
  if (wrong !== null) writeSync(1, `${number} ${JSON.stringify(wrong)}\n`);
  const rssBytes = peakRssBytes(process);
  if (rssBytes > maxRssBytes) {
    writeSync(1, `${number} ${JSON.stringify(`memory has grown to ${(rssBytes / 2 ** 20).toFixed(0)} MiB`)}\n`);
    process.exit(3);
  }
}
