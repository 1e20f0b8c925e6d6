/**
 * The one table of settings: what each is called in the environment and in `sluice.config.ts`, its default, its doc.
 */
import { SluiceError } from "./errors.ts";
import { type Language, languages } from "./field.ts";
import type { Importer } from "./importer.ts";

export interface Config {
  /** Any Postgres from 14 on; null: the embedded one. */
  databaseUrl: string | null;
  /** The same database without a pooler between; null: `databaseUrl` is direct. */
  directUrl: string | null;
  dataDir: string;
  language: Language;
  logLevel: string;
  lanes: number;
  batchBytes: number;
  chunkRows: number;
  patienceSeconds: number;
  host: string;
  port: number;
  concurrency: number;
  userRunning: number;
  userWaiting: number;
  stagingDays: number;
  fileDays: number;
  jobDays: number;
  publicUrl: string;
  /** Origins whose pages may call. */
  origins: string[];
  proxies: number;
  requestsPerMinute: number;
  uploadMaxBytes: number;
  uploadQuotaFiles: number;
  uploadQuotaBytes: number;
  uploadKeepHours: number;
  metricsToken: string;
  token: string;
  jwtSecret: string;
  jwksUrl: string;
  jwtIssuer: string[];
  jwtAudience: string[];
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
    name: "directUrl",
    env: "DIRECT_URL",
    default: "",
    doc: "The same database without a pooler between, for LISTEN and migrations; empty: DATABASE_URL. Where LISTEN is not possible, processes look every second or two.",
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
    default: "8388608",
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
  {
    name: "host",
    env: "SLUICE_HOST",
    default: "127.0.0.1",
    doc: "Address that `sluice serve` listens on; 0.0.0.0 for all of the machine's.",
  },
  {
    name: "port",
    env: "SLUICE_PORT",
    default: "3000",
    doc: "Port that `sluice serve` listens on; 0: any that is free.",
  },
  {
    name: "concurrency",
    env: "SLUICE_CONCURRENCY",
    default: "4",
    doc: "Imports that a worker is at at the same time, 1 to 32; one place more is kept for small ones.",
  },
  {
    name: "userRunning",
    env: "SLUICE_USER_RUNNING",
    default: "3",
    doc: "Imports of one person that run at the same time, over all workers, 1 to 1000.",
  },
  {
    name: "userWaiting",
    env: "SLUICE_USER_WAITING",
    default: "20",
    doc: "Imports of one person that may wait for a worker, 1 to 100000; one more is refused.",
  },
  {
    name: "stagingDays",
    env: "SLUICE_STAGING_DAYS",
    default: "7",
    doc: "Days that the staged rows of an import are kept while it waits for a person, 1 to 3650. Later they are read again from the file.",
  },
  {
    name: "fileDays",
    env: "SLUICE_FILE_DAYS",
    default: "30",
    doc: "Days that stored files and reports are kept after an import has ended, or was last touched, 1 to 3650.",
  },
  {
    name: "jobDays",
    env: "SLUICE_JOB_DAYS",
    default: "0",
    doc: "Days after its end that an import is deleted with its timeline and all that undo needs, up to 36500; 0: never.",
  },
  {
    name: "publicUrl",
    env: "SLUICE_PUBLIC_URL",
    default: "",
    doc: "Where people reach the server, as https://imports.example.com; empty: as their request says.",
  },
  {
    name: "origins",
    env: "SLUICE_ORIGINS",
    default: "",
    doc: "Origins whose pages may call the API beside the server's own, with commas between.",
  },
  {
    name: "proxies",
    env: "SLUICE_PROXIES",
    default: "0",
    doc: "Proxies in front that add to X-Forwarded-For, 0 to 10.",
  },
  {
    name: "requestsPerMinute",
    env: "SLUICE_REQUESTS_PER_MINUTE",
    default: "6000",
    doc: "Requests of one user a minute; 0: any number.",
  },
  {
    name: "uploadMaxBytes",
    env: "SLUICE_UPLOAD_MAX_BYTES",
    default: "2147483648",
    doc: "Bytes of the largest file that may be uploaded, 1024 to 1099511627776.",
  },
  {
    name: "uploadQuotaFiles",
    env: "SLUICE_UPLOAD_QUOTA_FILES",
    default: "50",
    doc: "Uploads of one person that may be on their way or wait for an import, 1 to 100000.",
  },
  {
    name: "uploadQuotaBytes",
    env: "SLUICE_UPLOAD_QUOTA_BYTES",
    default: "10737418240",
    doc: "Bytes that they may take together, 1024 to 1125899906842624; not less than the largest file.",
  },
  {
    name: "uploadKeepHours",
    env: "SLUICE_UPLOAD_KEEP_HOURS",
    default: "24",
    doc: "Hours that an upload is kept after its last byte while no import is made of it, 1 to 8760.",
  },
  {
    name: "metricsToken",
    env: "SLUICE_METRICS_TOKEN",
    default: "",
    doc: "Bearer token with which /metrics may be read from anywhere; empty: from this machine and by admins alone.",
  },
  {
    name: "token",
    env: "SLUICE_TOKEN",
    default: "",
    doc: "API token with which `sluice jobs --server` speaks to a server; empty: none.",
  },
  {
    name: "jwtSecret",
    env: "SLUICE_JWT_SECRET",
    default: "",
    doc: "Secret of the JSON Web Tokens that are accepted (HS256); empty: none.",
  },
  {
    name: "jwksUrl",
    env: "SLUICE_JWKS_URL",
    default: "",
    doc: "Address of the keys of the JSON Web Tokens that are accepted; empty: none.",
  },
  {
    name: "jwtIssuer",
    env: "SLUICE_JWT_ISSUER",
    default: "",
    doc: "Issuers whose tokens are accepted, with commas between; empty: any.",
  },
  {
    name: "jwtAudience",
    env: "SLUICE_JWT_AUDIENCE",
    default: "",
    doc: "Audiences of the tokens that are accepted, with commas between; empty: any.",
  },
];

/** Settings that are whole numbers, with the least and the most that makes sense. */
const wholeNumbers = {
  lanes: [1, 16],
  batchBytes: [65_536, 67_108_864],
  chunkRows: [100, 1_000_000],
  patienceSeconds: [1, 3600],
  port: [0, 65_535],
  concurrency: [1, 32],
  userRunning: [1, 1000],
  userWaiting: [1, 100_000],
  stagingDays: [1, 3650],
  fileDays: [1, 3650],
  jobDays: [0, 36_500],
  proxies: [0, 10],
  requestsPerMinute: [0, 1_000_000],
  uploadMaxBytes: [1024, 1024 ** 4],
  uploadQuotaFiles: [1, 100_000],
  uploadQuotaBytes: [1024, 1024 ** 5],
  uploadKeepHours: [1, 8760],
} as const;
type WholeNumber = keyof typeof wholeNumbers;

/** What a `sluice.config.ts` may export, as `config`, or as its default. */
export type ConfigFile = { importers?: readonly Importer[]; databaseUrl?: string; directUrl?: string } & Partial<
  Omit<Config, "importers" | "databaseUrl" | "directUrl">
>;

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
  flags: { databaseUrl?: string; dataDir?: string; language?: string; host?: string; port?: string },
): Config {
  const pick = (name: Exclude<keyof Config, "importers">, flag?: string): string => {
    const setting = settings.find((each) => each.name === name) as Setting;
    return String(flag || environment[setting.env] || file[name] || setting.default);
  };
  const postgresUrl = (name: "databaseUrl" | "directUrl", flag?: string): string | null => {
    const url = pick(name, flag);
    if (url === "") return null;
    if (/^postgres(?:ql)?:\/\//.test(url)) return url;
    const { env } = settings.find((each) => each.name === name) as Setting;
    throw new SluiceError("invalid", `${env} must begin with postgres:// (or be empty).`);
  };
  const whole = (name: WholeNumber, flag?: string): number => {
    const value = Number(pick(name, flag));
    const [least, most] = wholeNumbers[name];
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new SluiceError(
      "invalid",
      `${settings.find((each) => each.name === name)?.env} must be a whole number from ${least} to ${most}.`,
    );
  };
  const uploadMaxBytes = whole("uploadMaxBytes");
  const uploadQuotaBytes = whole("uploadQuotaBytes");
  if (uploadQuotaBytes < uploadMaxBytes) {
    throw new SluiceError(
      "invalid",
      `SLUICE_UPLOAD_QUOTA_BYTES (${uploadQuotaBytes}) is less than SLUICE_UPLOAD_MAX_BYTES (${uploadMaxBytes}): the largest file that is allowed would never fit. Raise the one or lower the other.`,
    );
  }
  const list = (name: "origins" | "jwtIssuer" | "jwtAudience"): string[] =>
    pick(name)
      .split(",")
      .map((each) => each.trim())
      .filter((each) => each !== "");
  const logLevel = pick("logLevel");
  if (!logLevels.includes(logLevel))
    throw new SluiceError("invalid", `SLUICE_LOG_LEVEL must be one of: ${logLevels.join(", ")}.`);
  if (file.importers !== undefined && !Array.isArray(file.importers)) {
    throw new SluiceError("invalid", "sluice.config.ts: `importers` must be a list of what defineImporter() returns.");
  }
  return {
    databaseUrl: postgresUrl("databaseUrl", flags.databaseUrl),
    // A database given by flag is reached as it is given.
    directUrl: flags.databaseUrl ? null : postgresUrl("directUrl"),
    dataDir: pick("dataDir", flags.dataDir),
    language: languageOf(pick("language", flags.language), environment),
    logLevel,
    lanes: whole("lanes"),
    batchBytes: whole("batchBytes"),
    chunkRows: whole("chunkRows"),
    patienceSeconds: whole("patienceSeconds"),
    host: pick("host", flags.host),
    port: whole("port", flags.port),
    concurrency: whole("concurrency"),
    userRunning: whole("userRunning"),
    userWaiting: whole("userWaiting"),
    stagingDays: whole("stagingDays"),
    fileDays: whole("fileDays"),
    jobDays: whole("jobDays"),
    publicUrl: pick("publicUrl"),
    origins: list("origins"),
    proxies: whole("proxies"),
    requestsPerMinute: whole("requestsPerMinute"),
    uploadMaxBytes,
    uploadQuotaFiles: whole("uploadQuotaFiles"),
    uploadQuotaBytes,
    uploadKeepHours: whole("uploadKeepHours"),
    metricsToken: pick("metricsToken"),
    token: pick("token"),
    jwtSecret: pick("jwtSecret"),
    jwksUrl: pick("jwksUrl"),
    jwtIssuer: list("jwtIssuer"),
    jwtAudience: list("jwtAudience"),
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
