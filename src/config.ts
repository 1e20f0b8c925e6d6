/**
 * The one table of settings: what each is called in the environment and in `sluice.config.ts`, its default, its doc.
 */
import { SluiceError } from "./errors.ts";
import { type Language, languages } from "./field.ts";
import type { Importer } from "./importer.ts";

export interface Config {
  /** Any Postgres from 14 on; null: the embedded one. */
  databaseUrl: string | null;
  dataDir: string;
  language: Language;
  logLevel: string;
  lanes: number;
  importers: Importer[];
}

interface Setting {
  name: keyof Config;
  env: string;
  default: string;
  doc: string;
}

export const settings: readonly Setting[] = [
  { name: "databaseUrl", env: "DATABASE_URL", default: "", doc: "Postgres 14 or newer, as postgres://…; empty: an embedded Postgres 18 in the data folder." },
  { name: "dataDir", env: "SLUICE_DATA_DIR", default: ".sluice", doc: "Folder for the embedded Postgres, kept files and reports; relative to sluice.config.ts or the working folder." },
  { name: "language", env: "SLUICE_LANG", default: "", doc: "en, fr or sv: language of reasons and messages; empty: from LC_ALL, LC_MESSAGES or LANG, else en." },
  { name: "logLevel", env: "SLUICE_LOG_LEVEL", default: "silent", doc: "trace, debug, info, warn, error or silent: JSON log lines on standard error." },
  { name: "lanes", env: "SLUICE_LANES", default: "2", doc: "Chunks committed at the same time, 1 to 16." },
];

/** What a `sluice.config.ts` may export, as `config`, or as its default. */
export interface ConfigFile {
  importers?: readonly Importer<never>[];
  databaseUrl?: string;
  dataDir?: string;
  language?: Language;
  logLevel?: string;
  lanes?: number;
}

/**
 * For `sluice.config.ts`: checks the shape as you type.
 *
 * @example export const config = defineConfig({ importers: [customers] });
 */
// biome-ignore lint/suspicious/noExplicitAny: importers of any fields stand side by side in one list
export function defineConfig(config: Omit<ConfigFile, "importers"> & { importers?: readonly Importer<any>[] }): ConfigFile {
  return config as ConfigFile;
}

/** Settings by flag, then environment, then file, then default. Throws `invalid` with the name of what is wrong. */
export function resolveConfig(
  environment: Readonly<Record<string, string | undefined>>,
  file: ConfigFile,
  flags: { databaseUrl?: string; dataDir?: string; language?: string },
): Config {
  const pick = (name: Exclude<keyof Config, "importers">, flag?: string): string => {
    const setting = settings.find((each) => each.name === name) as Setting;
    return String(flag || environment[setting.env] || file[name] || setting.default);
  };
  const databaseUrl = pick("databaseUrl", flags.databaseUrl);
  if (databaseUrl !== "" && !/^postgres(?:ql)?:\/\//.test(databaseUrl)) {
    throw new SluiceError("invalid", "DATABASE_URL must begin with postgres:// (or be empty for the embedded Postgres).");
  }
  const lanes = Number(pick("lanes"));
  if (!Number.isInteger(lanes) || lanes < 1 || lanes > 16) throw new SluiceError("invalid", "SLUICE_LANES must be a whole number from 1 to 16.");
  return {
    databaseUrl: databaseUrl === "" ? null : databaseUrl,
    dataDir: pick("dataDir", flags.dataDir),
    language: languageOf(pick("language", flags.language), environment),
    logLevel: pick("logLevel"),
    lanes,
    importers: [...((file.importers ?? []) as unknown as Importer[])],
  };
}

function languageOf(asked: string, environment: Readonly<Record<string, string | undefined>>): Language {
  if (asked !== "") {
    if ((languages as readonly string[]).includes(asked)) return asked as Language;
    throw new SluiceError("invalid", `There is no language "${asked}". There is: ${languages.join(", ")}.`);
  }
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || "en";
  return languages.find((language) => locale.toLowerCase().startsWith(language)) ?? "en";
}
