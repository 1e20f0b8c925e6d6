/** `sluice supabase migration`: Sluice as a file among an app's own migrations, for `supabase db push`. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { supabaseMigrationOf } from "../app.ts";
import { SluiceError } from "../core/errors.ts";
import { type CommonFlags, loadConfig } from "../server/config-file.ts";
import { type ExitCode, exitCodes, type Terminal } from "./terminal.ts";

export async function supabaseMigrationCommand(
  terminal: Terminal,
  flags: CommonFlags & { out: string },
): Promise<ExitCode> {
  const config = await loadConfig(terminal, flags);
  const folder = resolve(terminal.cwd, flags.out);
  const there = (await readFolder(folder)).filter((name) => name.endsWith(".sql")).sort();
  const own = there.filter((name) => /^\d+_sluice\.sql$/.test(name));
  const file = await supabaseMigrationOf(
    config,
    await Promise.all(own.map((name) => readFile(join(folder, name), "utf8"))),
  );
  if (file === null) {
    await terminal.out(`${relative(terminal.cwd, join(folder, own[own.length - 1]))} is up to date.\n`);
    return exitCodes.done;
  }
  const path = join(folder, file.nameAfter(new Date(), there));
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(path, file.text, { flag: "wx" });
  } catch (cause) {
    throw new SluiceError("invalid", `${path} cannot be written: ${(cause as Error).message}`, { cause });
  }
  await terminal.out(`${relative(terminal.cwd, path)} is written. Read it, then apply it: supabase db push\n`);
  if (file.untouched.length > 0)
    terminal.err(
      `The app's own tables stay as they are: ${file.untouched.join(", ")}. Their policies are yours to write, and to check: supabase db advisors\n`,
    );
  return exitCodes.done;
}

/** Nothing where there is no such folder yet. */
async function readFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new SluiceError("invalid", `${folder} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
