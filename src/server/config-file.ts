/** Finds `sluice.config.ts` from the working folder upwards, and loads it. */
import { access, readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Config, type ConfigFile, resolveConfig } from "../config.ts";
import { SluiceError } from "../core/errors.ts";
import { shippedImporters } from "../importers/shipped.ts";

const names = ["ts", "mts", "cts", "js", "mjs", "cjs"].map((extension) => `sluice.config.${extension}`);
/** What was likely meant for one: not to be read, it would leave everything as if nothing had been said. */
const likeOne = /^sluice[._-]configs?\.(?:[cm]?[jt]sx?|json[5c]?|ya?ml|toml)$/i;

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

/** @throws SluiceError `invalid` for a file that was likely meant for one, with the name that it needs. */
export async function findConfigFile(from: string): Promise<string | null> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    for (const name of names) {
      const path = join(folder, name);
      if (await isThere(path)) return path;
    }
    // A folder that may be passed and not listed has none.
    const like = (await readdir(folder).catch(() => [])).find((name) => likeOne.test(name));
    if (like !== undefined)
      throw new SluiceError(
        "invalid",
        names.includes(like)
          ? `${join(folder, like)} is a link that leads nowhere. Correct it, or remove it.`
          : `${join(folder, like)} is not read: the config must be called sluice.config.ts (or .mts, .cts, .js, .mjs, .cjs). Rename it.`,
      );
    if (dirname(folder) === folder) return null;
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function importConfig(path: string): Promise<ConfigFile> {
  let module: { default?: object; config?: object };
  try {
    module = (await import(pathToFileURL(path).href)) as typeof module;
  } catch (cause) {
    const { message } = cause as Error;
    // What Node says of an ES module that its package.json calls CommonJS.
    const isTaken = /^Cannot use import statement outside a module|^Unexpected token 'export'/.test(message);
    const advice = isTaken
      ? `. It is an ES module, in a package whose package.json says "type": "commonjs". Say "module" there, or call it sluice.config.mts, and the files that it imports .mts likewise.`
      : "";
    throw new SluiceError("invalid", `${path} cannot be loaded: ${message}${advice}`, { cause });
  }
  const config = exportedConfig(module);
  if (config === undefined || config === null || typeof config !== "object") {
    throw new SluiceError(
      "invalid",
      `${path} must export \`config\` (or a default), made with defineConfig({ importers: [...] }).`,
    );
  }
  return config;
}

/** As a file exports it: by name, as its default, or as CommonJS does both, behind a default of Node's own. */
function exportedConfig(module: { default?: object; config?: object }): ConfigFile | undefined {
  if (module.config !== undefined) return module.config;
  const { default: given } = module;
  if (typeof given !== "object" || given === null) return given;
  if ("config" in given) return given.config as ConfigFile;
  if ("__esModule" in given && "default" in given) return given.default as ConfigFile;
  return given;
}
