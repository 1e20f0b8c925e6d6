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
  batchBytes: number;
  chunkRows: number;
  patienceSeconds: number;
  importers: Importer[];
}

interface Setting {
  name: keyof Config;
  env: string;
  default: string;
  doc: string;
}

export const settings: readonly Setting[] = [
  {
    name: "databaseUrl",
    env: "DATABASE_URL",
    default: "",
    doc: "Postgres 14 or newer, as postgres://…; empty: an embedded Postgres 18 in the data folder.",
  },
  {
    name: "dataDir",
    env: "SLUICE_DATA_DIR",
    default: ".sluice",
    doc: "Folder for the embedded Postgres, kept files and reports; relative to sluice.config.ts or the working folder.",
  },
  {
    name: "language",
    env: "SLUICE_LANG",
    default: "",
    doc: "en, fr or sv: language of reasons and messages; empty: from LC_ALL, LC_MESSAGES or LANG, else en.",
  },
  {
    name: "logLevel",
    env: "SLUICE_LOG_LEVEL",
    default: "silent",
    doc: "trace, debug, info, warn, error or silent: JSON log lines on standard error.",
  },
  { name: "lanes", env: "SLUICE_LANES", default: "2", doc: "Chunks committed at the same time, 1 to 16." },
  {
    name: "batchBytes",
    env: "SLUICE_BATCH_BYTES",
    default: "4194304",
    doc: "Bytes of rows staged in one transaction, 65536 to 67108864. Smaller ones cost speed; after a crash less is read again.",
  },
  {
    name: "chunkRows",
    env: "SLUICE_CHUNK_ROWS",
    default: "20000",
    doc: "Rows of the file committed in one transaction, 100 to 1000000. An import keeps the size it began its commit with.",
  },
  {
    name: "patienceSeconds",
    env: "SLUICE_PATIENCE_SECONDS",
    default: "60",
    doc: "How long a database that goes away in the middle of an import is waited for, 1 to 3600. Then the import stops and can be resumed.",
  },
];

/** What a `sluice.config.ts` may export, as `config`, or as its default. */
export interface ConfigFile {
  importers?: readonly Importer[];
  databaseUrl?: string;
  dataDir?: string;
  language?: Language;
  logLevel?: string;
  lanes?: number;
  batchBytes?: number;
  chunkRows?: number;
  patienceSeconds?: number;
}

/**
 * For `sluice.config.ts`: checks the shape as you type.
 *
 * @example export const config = defineConfig({ importers: [customers] });
 */
export function defineConfig(config: ConfigFile): ConfigFile {
  return config;
}

const logLevels = ["trace", "debug", "info", "warn", "error", "silent"];

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
    throw new SluiceError(
      "invalid",
      "DATABASE_URL must begin with postgres:// (or be empty for the embedded Postgres).",
    );
  }
  const whole = (
    name: "lanes" | "batchBytes" | "chunkRows" | "patienceSeconds",
    least: number,
    most: number,
  ): number => {
    const value = Number(pick(name));
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new SluiceError(
      "invalid",
      `${settings.find((each) => each.name === name)?.env} must be a whole number from ${least} to ${most}.`,
    );
  };
  const logLevel = pick("logLevel");
  if (!logLevels.includes(logLevel))
    throw new SluiceError("invalid", `SLUICE_LOG_LEVEL must be one of: ${logLevels.join(", ")}.`);
  if (file.importers !== undefined && !Array.isArray(file.importers)) {
    throw new SluiceError("invalid", "sluice.config.ts: `importers` must be a list of what defineImporter() returns.");
  }
  return {
    databaseUrl: databaseUrl === "" ? null : databaseUrl,
    dataDir: pick("dataDir", flags.dataDir),
    language: languageOf(pick("language", flags.language), environment),
    logLevel,
    lanes: whole("lanes", 1, 16),
    batchBytes: whole("batchBytes", 65_536, 67_108_864),
    chunkRows: whole("chunkRows", 100, 1_000_000),
    patienceSeconds: whole("patienceSeconds", 1, 3600),
    importers: [...(file.importers ?? [])],
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
