/**
 * A process that runs every subject over every long text, and writes which it is about to run: what takes quadratic time is still
 * named when its parent has lost patience.
 *
 * `node run-subjects.ts [CHARS] [NAME]`; `SLOW=200` writes what took more than so many milliseconds of processor.
 */
import { writeSync } from "node:fs";
import { longTexts } from "./long-texts.ts";
import { subjects } from "./subjects.ts";

/** Of processor, for 100,000 characters: what is linear takes a tenth of a second, and at most one. */
const tooMuchMs = 10_000;

const [chars, only = ""] = process.argv.slice(2);
for (const { name, run } of subjects()) {
  if (!name.includes(only)) continue;
  for (const { name: what, text } of longTexts(Number(chars))) {
    writeSync(1, `${name}, over ${what}\n`);
    const begun = process.cpuUsage();
    await run(text);
    const { user, system } = process.cpuUsage(begun);
    const ms = (user + system) / 1000;
    if (ms > tooMuchMs) {
      writeSync(1, `${ms.toFixed(0)} ms of processor: ${name}, over ${what}\n`);
      process.exit(1);
    }
    if (ms > Number(process.env.SLOW ?? Number.POSITIVE_INFINITY)) {
      writeSync(2, `${ms.toFixed(0)} ms: ${name}, over ${what}\n`);
    }
  }
}
writeSync(1, "all\n");
