/** `sluice init`: writes an importer from an existing table, and a `sluice.config.ts` that lists it. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { describeTarget } from "../app.ts";
import { SluiceError } from "../core/errors.ts";
import { type CommonFlags, findConfigFile, loadConfigToOpen } from "../server/config-file.ts";
import { importerSource } from "./importer-source.ts";
import { type ExitCode, exitCodes, type Terminal } from "./terminal.ts";

export interface InitFlags extends CommonFlags {
  table: string;
  schema?: string;
  out?: string;
  force?: boolean;
}

export async function initCommand(terminal: Terminal, flags: InitFlags): Promise<ExitCode> {
  const config = await loadConfigToOpen(terminal, flags);
  const table = await describeTarget(config, { schema: flags.schema ?? "public", table: flags.table }, terminal.signal);
  const { name, exported, text } = importerSource(table);
  const extension = await moduleExtension(terminal.cwd);
  const out = resolve(terminal.cwd, flags.out ?? join("src", "importers", `${name}${extension}`));
  await write(out, text, flags.force ?? false);
  const shown = relative(terminal.cwd, out);
  await terminal.out(`${shown} written: an importer for ${flags.table}.\n`);
  await terminal.out(await listInConfig(terminal.cwd, { out, exported, extension }));
  await terminal.out(
    [
      "",
      "Next:",
      `  1. Read ${shown}: aliases for your files' headers, and what its comments leave to you.`,
      "  2. sluice check",
      `  3. sluice import ${name} FILE --dry-run`,
      "",
    ].join("\n"),
  );
  return exitCodes.done;
}

/** `.ts` where that is an ES module; `.mts` in a package whose files are CommonJS by default. */
async function moduleExtension(from: string): Promise<".ts" | ".mts"> {
  for (let folder = from; ; folder = dirname(folder)) {
    const text = await readFile(join(folder, "package.json"), "utf8").catch(() => null);
    if (text !== null) return /"type"\s*:\s*"module"/.test(text) ? ".ts" : ".mts";
    if (dirname(folder) === folder) return ".ts";
  }
}

async function write(path: string, text: string, force: boolean): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: force ? "w" : "wx" });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") {
      throw new SluiceError(
        "conflict",
        `${path} is there and may hold your work. Pass --force to write it anew, or --out for another file.`,
        { cause },
      );
    }
    throw new SluiceError(
      "invalid",
      `${path} cannot be written: ${(cause as Error).message}. Pass --out with a place that can.`,
      { cause },
    );
  }
}

/** Makes the config where there is none, else says what to add to it. */
async function listInConfig(
  cwd: string,
  { out, exported, extension }: { out: string; exported: string; extension: string },
): Promise<string> {
  const found = await findConfigFile(cwd);
  const path = found ?? join(cwd, `sluice.config${extension}`);
  const away = relative(dirname(path), out).split(sep).join("/").replace(/[%?#]/g, encodeURIComponent);
  const line = `import { ${exported} } from ${JSON.stringify(away.startsWith("../") ? away : `./${away}`)};`;
  if (found === null) {
    const text = [
      "/** What Sluice imports, and where to. Every setting: docs/config.md. */",
      'import { defineConfig } from "sluice";',
      line,
      "",
      `export const config = defineConfig({ importers: [${exported}] });`,
      "",
    ];
    await writeFile(path, text.join("\n"), { flag: "wx" });
    return `${basename(path)} written: it lists the importer.\n`;
  }
  const listed = (await readFile(found, "utf8")).includes(line);
  if (listed) return `${relative(cwd, found)} knows it already.\n`;
  return `Add to ${relative(cwd, found)}:\n  ${line}\nand ${exported} to its list: defineConfig({ importers: [..., ${exported}] })\n`;
}
