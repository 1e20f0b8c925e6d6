/** Finds `sluice.config.ts` from the working folder upwards, and loads it. */
import { access } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Config, type ConfigFile, resolveConfig } from "../config.ts";
import { SluiceError } from "../core/errors.ts";
import { shippedImporters } from "../importers/shipped.ts";

const names = ["sluice.config.ts", "sluice.config.mts", "sluice.config.js", "sluice.config.mjs"];

/** Where a run takes place. */
export interface Surroundings {
  /** The folder that relative paths begin at. */
  cwd: string;
  environment: Readonly<Record<string, string | undefined>>;
}

export interface CommonFlags {
  databaseUrl?: string;
  dataDir?: string;
  lang?: string;
}

/** Flags of the commands that run a worker or a server. */
export interface ServiceFlags extends CommonFlags {
  host?: string;
  port?: string;
  slice?: string;
  for?: string;
}

/** The settings of this run; paths are absolute. */
export async function loadConfig(terminal: Surroundings, flags: ServiceFlags): Promise<Config> {
  const path = await findConfigFile(terminal.cwd);
  const file = path === null ? { importers: shippedImporters } : await importConfig(path);
  const config = resolveConfig(terminal.environment, file, {
    ...flags,
    language: flags.lang,
    sliceSeconds: flags.slice,
    workSeconds: flags.for,
  });
  const base = flags.dataDir || terminal.environment.SLUICE_DATA_DIR || path === null ? terminal.cwd : dirname(path);
  return { ...config, dataDir: resolve(base, config.dataDir) };
}

/** The same for a command that opens the database: it says first where the data is when nobody has said so. */
export async function loadConfigToOpen(
  terminal: Surroundings & { err(text: string): void },
  flags: ServiceFlags & { json?: boolean },
): Promise<Config> {
  const config = await loadConfig(terminal, flags);
  if (config.databaseUrl === null && !flags.json)
    terminal.err(
      `Database: the Postgres that comes with Sluice, in ${join(config.dataDir, "postgres")} (DATABASE_URL is not set)\n`,
    );
  return config;
}

export async function findConfigFile(from: string): Promise<string | null> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    for (const name of names) {
      const path = join(folder, name);
      const there = await access(path).then(
        () => true,
        () => false,
      );
      if (there) return path;
    }
    if (dirname(folder) === folder) return null;
  }
}

async function importConfig(path: string): Promise<ConfigFile> {
  let module: { default?: ConfigFile; config?: ConfigFile };
  try {
    module = (await import(pathToFileURL(path).href)) as typeof module;
  } catch (cause) {
    throw new SluiceError("invalid", `${path} cannot be loaded: ${(cause as Error).message}`, { cause });
  }
  const config = module.config ?? module.default;
  if (config === undefined || config === null || typeof config !== "object") {
    throw new SluiceError(
      "invalid",
      `${path} must export \`config\` (or a default), made with defineConfig({ importers: [...] }).`,
    );
  }
  return config;
}
