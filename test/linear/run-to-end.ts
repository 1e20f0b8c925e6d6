/** Runs the subjects in a process of their own, for what turns in a circle cannot be stopped from within. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** For what does not come back at all. */
const patienceMs = 540_000;

/** `all`, or the subject and the text that did not come to an end, or failed. */
export async function runToEnd(chars: number, only: string): Promise<string> {
  const script = fileURLToPath(new URL("run-subjects.ts", import.meta.url));
  const child = spawn(process.execPath, [script, String(chars), only], { stdio: ["ignore", "pipe", "inherit"] });
  const late = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  let last = "";
  for await (const piece of child.stdout.setEncoding("utf8")) last = (last + piece).split("\n").slice(-2).join("\n");
  clearTimeout(late);
  return last.trim();
}
