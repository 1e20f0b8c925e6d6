/**
 * A process that runs every subject over every long text, and writes which it is about to run: what takes quadratic time is still
 * named when its parent has lost patience.
 *
 * `node run-subjects.ts [CHARS] [NAME]`; `SLOW=200` writes what took longer than so many milliseconds.
 */
import { writeSync } from "node:fs";
import { longTexts } from "./long-texts.ts";
import { subjects } from "./subjects.ts";

const [chars, only = ""] = process.argv.slice(2);
for (const { name, run } of subjects()) {
  if (!name.includes(only)) continue;
  for (const { name: what, text } of longTexts(Number(chars))) {
    writeSync(1, `${name}, over ${what}\n`);
    const begun = performance.now();
    await run(text);
    const ms = performance.now() - begun;
    if (ms > Number(process.env.SLOW ?? Number.POSITIVE_INFINITY)) {
      writeSync(2, `${ms.toFixed(0)} ms: ${name}, over ${what}\n`);
    }
  }
}
writeSync(1, "all\n");
