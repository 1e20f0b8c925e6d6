/**
 * The fuzzer: damages the corpus thousands of times and reads what comes of it. `npm run fuzz`, or
 * `npm run fuzz -- --cases 200000 --seed 7`. A failing case is printed with the command that repeats it:
 * `npm run fuzz -- --seed 7 --case 1234`, which also leaves the damaged file to look at.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { caseMs, checkCase, makeCase } from "./check-case.ts";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    case: { type: "string" },
  },
});
const seed = Number(values.seed);
const cases = Number(values.cases);
/** So many failures tell enough. */
const maxFailures = 20;

const failures = new Map<number, string>();
const folder = mkdtempSync(join(tmpdir(), "sluice-fuzz-"));

/** Runs the cases `first`, `first + step` …, with a new process after each one that has killed its own. */
async function runCases(first: number, step: number): Promise<void> {
  const temporary = join(folder, `files-${first}`);
  mkdirSync(temporary);
  let from = first;
  while (from < cases && failures.size < maxFailures) {
    const args = ["--max-old-space-size=256", fileURLToPath(new URL("check-cases.ts", import.meta.url))];
    const child = spawn(process.execPath, [...args, String(seed), String(from), String(step), String(cases)], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, TMPDIR: temporary },
    });
    let current = from;
    let hung = false;
    // Twice the time of a case, since a check reads the file twice.
    const watch = (): NodeJS.Timeout =>
      setTimeout(() => {
        hung = true;
        child.kill("SIGKILL");
      }, 3 * caseMs);
    let timer = watch();
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint = (complaint + text).slice(-2000);
    });
    const closed = once(child, "close");
    for await (const line of createInterface({ input: child.stdout })) {
      clearTimeout(timer);
      timer = watch();
      const space = line.indexOf(" ");
      if (space < 0) current = Number(line);
      else failures.set(Number(line.slice(0, space)), JSON.parse(line.slice(space + 1)));
      if (failures.size >= maxFailures) child.kill("SIGKILL");
    }
    clearTimeout(timer);
    const [code] = await closed;
    if (code === 0 || failures.size >= maxFailures) break;
    if (!failures.has(current)) {
      failures.set(
        current,
        hung ? `it does not come to an end in ${(3 * caseMs) / 1000} s` : `the process dies: ${complaint}`,
      );
    }
    from = current + step;
  }
  const left = readdirSync(temporary);
  if (failures.size === 0 && left.length > 0)
    failures.set(-1, `temporary files are left: ${left.slice(0, 5).join(", ")}`);
}

if (values.case !== undefined) {
  const one = makeCase(seed, Number(values.case));
  const kept = join(tmpdir(), `case-${seed}-${values.case}-${basename(one.file)}`);
  writeFileSync(kept, one.bytes);
  const wrong = await checkCase(one);
  process.stdout.write(`${kept} (from ${one.file}, ${one.bytes.length} bytes): ${wrong ?? "nothing wrong"}\n`);
  process.exitCode = wrong === null ? 0 : 1;
} else {
  const startedAt = performance.now();
  const width = Math.max(1, Math.min(4, availableParallelism()));
  await Promise.all(Array.from({ length: width }, (_, k) => runCases(k, width)));
  for (const [number, wrong] of [...failures].sort(([a], [b]) => a - b)) {
    const again = number < 0 ? "" : ` (npm run fuzz -- --seed ${seed} --case ${number})`;
    process.stderr.write(`Case ${number} of seed ${seed}: ${wrong}${again}\n`);
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  process.stdout.write(
    failures.size === 0
      ? `fuzz: ${cases} damaged files read in ${seconds} s, seed ${seed}: nothing wrong.\n`
      : `fuzz: ${failures.size} of ${cases} damaged files fail, seed ${seed}.\n`,
  );
  process.exitCode = failures.size === 0 ? 0 : 1;
}
rmSync(folder, { recursive: true });
