/**
 * The one table of settings: what each is called in the environment and in `sluice.config.ts`, its default, its doc.
 */
import { type AnalysisOptions, checkAnalysis } from "./core/analysis-options.ts";
import { SluiceError } from "./core/errors.ts";
import { type Language, languages } from "./core/fields/language.ts";
import { type Hosting, hostingOf, type QueueKind, queueKinds, setDatabase } from "./core/hosting.ts";
import type { Importer } from "./core/importer.ts";
import { isMailAddress } from "./core/mail.ts";
import type { QueueOpener } from "./core/queue.ts";
import { refuseUnknown } from "./core/refuse-unknown.ts";
import { checkSinks, type Sink } from "./core/sink.ts";
import type { NewSource } from "./core/source.ts";
import { checkSources, type SourceDefinition } from "./core/source-definition.ts";
import { isWebhookSecret } from "./core/webhook.ts";

export interface Config {
  /** Any Postgres from 14 on; null: the embedded one. */
  databaseUrl: string | null;
  /** The same database without a pooler between; null: `databaseUrl` is direct. */
  directUrl: string | null;
  dataDir: string;
  /** Address of the storage of uploads and reports; empty: the data folder. */
  files: string;
  /** Of an object storage that `files` names; empty: what AWS's own variables, files and roles say. */
  s3Endpoint: string;
  s3Region: string;
  s3AccessKeyId: string;
  s3SecretAccessKey: string;
  s3SessionToken: string;
  /** Null: as the endpoint suggests. */
  s3PathStyle: boolean | null;
  /** Whether browsers get stored files from the object storage itself. */
  s3Downloads: boolean;
  /** Null: where it is Supabase Storage. */
  s3Uploads: boolean | null;
  /** Of the project that NEXT_PUBLIC_SUPABASE_URL names. */
  supabaseServiceKey: string;
  language: Language;
  logLevel: string;
  lanes: number;
  batchBytes: number;
  chunkRows: number;
  patienceSeconds: number;
  sliceSeconds: number;
  workSeconds: number;
  host: string;
  port: number;
  concurrency: number;
  userRunning: number;
  userWaiting: number;
  userUnfinished: number;
  stagingDays: number;
  fileDays: number;
  jobDays: number;
  publicUrl: string;
  appUrl: string;
  queueKind: QueueKind | "auto";
  tasksUrl: string;
  maxDurationSeconds: number;
  sweepMinutes: number;
  qstashUrl: string;
  qstashToken: string;
  qstashCurrentSigningKey: string;
  qstashNextSigningKey: string;
  qstashParallel: number;
  /** Of an import's page, with `{id}`; empty: the shipped page at `publicUrl`. */
  importLink: string;
  smtpUrl: string;
  resendApiKey: string;
  mailFrom: string;
  mailRows: number;
  operatorMail: string;
  operatorWebhook: string;
  operatorWebhookSecret: string;
  /** Private addresses and networks that webhooks and sources may reach. */
  outboundAllow: string[];
  /** Origins whose pages may call. */
  origins: string[];
  proxies: number;
  requestsPerMinute: number;
  connectionsPerAddress: number;
  /** Bytes of an upload that one request may carry. */
  maxPieceBytes: number;
  uploadMaxBytes: number;
  uploadQuotaFiles: number;
  uploadQuotaBytes: number;
  uploadKeepHours: number;
  metricsToken: string;
  metricsOnLoopback: boolean;
  token: string;
  jwtSecret: string;
  jwksUrl: string;
  jwtIssuer: string[];
  jwtAudience: string[];
  importers: Importer[];
  /** The language model that may be asked what a file is; null: none. */
  analysis: AnalysisOptions | null;
  /** What is told of imports and of changed records. */
  sinks: Sink[];
  /** Places that files are fetched from. */
  sources: NewSource[];
  /** What secrets in the database are encrypted with; empty: there are none. */
  secretsKey: string;
  /** Folders of this machine that sources made by the API may be in. */
  sourceFolders: string[];
  /** What wakes workers instead of what `queueKind` says; null: nothing. */
  queue: QueueOpener | null;
  /** What the host says about itself. */
  hosting: Hosting;
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
    doc: "The same database without the pooler, for LISTEN and migrations; empty: DATABASE_URL. Where LISTEN is unavailable, processes poll every second or two.",
  },
  {
    name: "dataDir",
    env: "SLUICE_DATA_DIR",
    default: ".sluice",
    doc: "Folder for the embedded Postgres, kept files and reports; relative to sluice.config.ts or the working folder.",
  },
  {
    name: "files",
    env: "SLUICE_FILES",
    default: "",
    doc: "Where uploads and reports are kept, as an address; empty: the data folder. A folder that several machines share: file:///srv/sluice. An S3-compatible object storage: s3://bucket/prefix (npm install @aws-sdk/client-s3 @aws-sdk/s3-request-presigner). Every process of one database needs the same.",
  },
  {
    name: "s3Endpoint",
    env: "SLUICE_S3_ENDPOINT",
    default: "",
    doc: "URL of an object storage that is not AWS's own, such as https://REF.storage.supabase.co/storage/v1/s3; empty: AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, else AWS.",
  },
  {
    name: "s3Region",
    env: "SLUICE_S3_REGION",
    default: "",
    doc: "Region of the object storage; empty: AWS_REGION or AWS_DEFAULT_REGION, else us-east-1 where there is an endpoint.",
  },
  {
    name: "s3AccessKeyId",
    env: "SLUICE_S3_ACCESS_KEY_ID",
    default: "",
    doc: "Key for the object storage; empty: AWS_ACCESS_KEY_ID, a profile or a role, as AWS's SDK finds them. Functions on Vercel, Netlify and Lambda have AWS_ variables of the platform's own: name yours here.",
  },
  {
    name: "s3SecretAccessKey",
    env: "SLUICE_S3_SECRET_ACCESS_KEY",
    default: "",
    doc: "Secret of that key; empty: with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY.",
  },
  {
    name: "s3SessionToken",
    env: "SLUICE_S3_SESSION_TOKEN",
    default: "",
    doc: "Session token of a key that is valid for a while; empty: none.",
  },
  {
    name: "s3PathStyle",
    env: "SLUICE_S3_PATH_STYLE",
    default: "",
    doc: "true: the bucket is the first part of the path. false: it is the first part of the host's name. Empty: true where there is an endpoint that is not AWS's.",
  },
  {
    name: "s3Downloads",
    env: "SLUICE_S3_DOWNLOADS",
    default: "false",
    doc: "true: a browser that follows a link to an import's original file or its report gets it from the object storage, by an address that holds for a minute. Needs `@aws-sdk/s3-request-presigner`, and a storage that browsers reach at its endpoint.",
  },
  {
    name: "s3Uploads",
    env: "SLUICE_S3_UPLOADS",
    default: "",
    doc: "true: browsers send the parts of files larger than 5 MiB to the object storage themselves, by addresses that hold for five minutes. Needs `@aws-sdk/s3-request-presigner`, a storage that browsers reach at its endpoint, and CORS of the bucket for PUT. Empty: where SLUICE_S3_ENDPOINT is the Storage of the project that NEXT_PUBLIC_SUPABASE_URL names and its service key is set, by its resumable endpoint, which needs none of these.",
  },
  {
    name: "supabaseServiceKey",
    env: "SUPABASE_SERVICE_ROLE_KEY",
    default: "",
    doc: "Secret key of the Supabase project that NEXT_PUBLIC_SUPABASE_URL names (`sb_secret_…`, or the older `service_role`), by which the server signs uploads to its Storage; empty: SUPABASE_SECRET_KEY. It never leaves the server.",
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
    default: "",
    doc: "trace, debug, info, warn, error or silent: JSON log lines on standard error; empty: warn in `sluice serve`, `sluice work` and programs, silent in commands that a person watches.",
  },
  { name: "lanes", env: "SLUICE_LANES", default: "2", doc: "Chunks committed at the same time, 1 to 16." },
  {
    name: "batchBytes",
    env: "SLUICE_BATCH_BYTES",
    default: "8388608",
    doc: "Bytes of rows staged in one transaction, 65536 to 67108864. Smaller batches are slower, but less is read again after a crash.",
  },
  {
    name: "chunkRows",
    env: "SLUICE_CHUNK_ROWS",
    default: "20000",
    doc: "Rows of the file committed in one transaction, 100 to 1000000. An import keeps the size its commit started with.",
  },
  {
    name: "patienceSeconds",
    env: "SLUICE_PATIENCE_SECONDS",
    default: "60",
    doc: "Seconds to wait for a database that goes away during an import, 1 to 3600. After that the import stops and can be resumed.",
  },
  {
    name: "sliceSeconds",
    env: "SLUICE_SLICE_SECONDS",
    default: "60",
    doc: "Seconds a worker spends on one import before handing it on, 1 to 600. The next slice continues from the checkpoint. Shorter slices let others in sooner; in a compressed file each one reads up to the checkpoint again.",
  },
  {
    name: "workSeconds",
    env: "SLUICE_WORK_SECONDS",
    default: "0",
    doc: "Seconds after which `sluice work` and `createWorker` end by themselves, up to 604800, for hosts that limit how long a process runs: work in progress is handed on at its next checkpoint, within five seconds. 0: they run until stopped.",
  },
  {
    name: "host",
    env: "SLUICE_HOST",
    default: "127.0.0.1",
    doc: "Address that `sluice serve` listens on; 0.0.0.0 for all interfaces.",
  },
  {
    name: "port",
    env: "SLUICE_PORT",
    default: "3000",
    doc: "Port that `sluice serve` listens on; 0: any free port.",
  },
  {
    name: "concurrency",
    env: "SLUICE_CONCURRENCY",
    default: "4",
    doc: "Imports that a worker runs at the same time, 1 to 32; one extra place is reserved for small ones.",
  },
  {
    name: "userRunning",
    env: "SLUICE_USER_RUNNING",
    default: "3",
    doc: "Imports of one person that may run at the same time, across all workers, 1 to 1000.",
  },
  {
    name: "userWaiting",
    env: "SLUICE_USER_WAITING",
    default: "20",
    doc: "Imports of one person that may wait for a worker, 1 to 100000; further ones are refused.",
  },
  {
    name: "userUnfinished",
    env: "SLUICE_USER_UNFINISHED",
    default: "100",
    doc: "Imports of one person that may be pending, ready, paused or failed, each keeping its file and its staged rows, 1 to 100000; further ones are refused.",
  },
  {
    name: "stagingDays",
    env: "SLUICE_STAGING_DAYS",
    default: "7",
    doc: "Days to keep the staged rows of an import that waits for a person, 1 to 3650. After that they are read again from the file.",
  },
  {
    name: "fileDays",
    env: "SLUICE_FILE_DAYS",
    default: "30",
    doc: "Days to keep stored files and reports after an import has ended or was last changed, 1 to 3650.",
  },
  {
    name: "jobDays",
    env: "SLUICE_JOB_DAYS",
    default: "0",
    doc: "Days after which a finished import is deleted, with its timeline and everything that undo needs, up to 36500; 0: never.",
  },
  {
    name: "publicUrl",
    env: "SLUICE_PUBLIC_URL",
    default: "",
    doc: "URL where people reach the server, such as https://imports.example.com; empty: taken from the request.",
  },
  {
    name: "appUrl",
    env: "APP_URL",
    default: "",
    doc: "URL where the internet reaches the app that Sluice is mounted in, without the mount's path; not asked where SLUICE_PUBLIC_URL is set. Empty: on Vercel VERCEL_PROJECT_PRODUCTION_URL in production and VERCEL_URL in previews.",
  },
  {
    name: "queueKind",
    env: "SLUICE_QUEUE",
    default: "auto",
    doc: "What wakes the imports of a mount: qstash, direct (the mount's own process works on them) or pg-boss (workers do). auto: direct without a public address or on localhost, qstash where QSTASH_TOKEN is set, else pg-boss. `sluice check` says which, and why. `sluice serve`, `sluice work` and `run()` of `createWorker` always ask the database.",
  },
  {
    name: "tasksUrl",
    env: "SLUICE_TASKS_URL",
    default: "",
    doc: "URL, or path on the app's address, that QStash posts to; the step's name follows: /parse, /commit, /error-report. Empty: /api/v1/tasks of the mount.",
  },
  {
    name: "maxDurationSeconds",
    env: "SLUICE_MAX_DURATION",
    default: "0",
    doc: "Seconds that the host lets a request run, up to 3600, as `maxDuration` of its route says; slices end after nine tenths of it. 0: 300 on Vercel, elsewhere no limit.",
  },
  {
    name: "sweepMinutes",
    env: "SLUICE_SWEEP_MINUTES",
    default: "5",
    doc: "Minutes between two sweeps that QStash's schedule starts, 1 to 59: they find what was lost, and delete what has expired. Each is a message of your plan.",
  },
  {
    name: "qstashUrl",
    env: "QSTASH_URL",
    default: "https://qstash.upstash.io",
    doc: "QStash's address, which depends on the region.",
  },
  { name: "qstashToken", env: "QSTASH_TOKEN", default: "", doc: "Token that tasks are published to QStash with." },
  {
    name: "qstashCurrentSigningKey",
    env: "QSTASH_CURRENT_SIGNING_KEY",
    default: "",
    doc: "Key that QStash signs its requests with.",
  },
  {
    name: "qstashNextSigningKey",
    env: "QSTASH_NEXT_SIGNING_KEY",
    default: "",
    doc: "Key that QStash signs with after the next rotation.",
  },
  {
    name: "qstashParallel",
    env: "SLUICE_QSTASH_PARALLEL",
    default: "3",
    doc: "Slices of one import that QStash delivers at the same time, 1 to 20. Its free plan allows 2: where it refuses more, 2 are taken.",
  },
  {
    name: "importLink",
    env: "SLUICE_IMPORT_LINK",
    default: "",
    doc: "Where people find an import, with {id} for its number, such as https://crm.example.com/imports/{id}: for links in mails and webhooks. Empty: the page of Sluice at SLUICE_PUBLIC_URL.",
  },
  {
    name: "smtpUrl",
    env: "SLUICE_SMTP_URL",
    default: "",
    doc: "Mail server, as smtp://user:password@host:587 (STARTTLS) or smtps://… (TLS); empty: Resend where RESEND_API_KEY is set, else no mails are sent. Every process of one database needs the same.",
  },
  {
    name: "resendApiKey",
    env: "RESEND_API_KEY",
    default: "",
    doc: "API key of Resend, whose SMTP server then sends the mails; ignored where SLUICE_SMTP_URL is set.",
  },
  {
    name: "mailFrom",
    env: "SLUICE_MAIL_FROM",
    default: "",
    doc: "Sender of mails, as imports@example.com or Sluice <imports@example.com>; empty with Resend: its test sender, which reaches only the address of your own account there.",
  },
  {
    name: "mailRows",
    env: "SLUICE_MAIL_ROWS",
    default: "200",
    doc: "Rows, or items that several records of a row are, from which on an import tells its person by mail that it is ready, complete or undone, 0 to 1000000000; failures are told whatever the size. A person may choose another number.",
  },
  {
    name: "operatorMail",
    env: "SLUICE_OPERATOR_MAIL",
    default: "",
    doc: "Address that hears of every failed import, of messages that were given up and of sinks that are stuck; empty: nobody does by mail.",
  },
  {
    name: "operatorWebhook",
    env: "SLUICE_OPERATOR_WEBHOOK",
    default: "",
    doc: "https address that hears of the same, as a webhook whose `text` chat programs show; empty: none.",
  },
  {
    name: "operatorWebhookSecret",
    env: "SLUICE_OPERATOR_WEBHOOK_SECRET",
    default: "",
    doc: "Secret by which those requests are signed, as whsec_ and 24 to 64 bytes in base64; empty: they are not signed.",
  },
  {
    name: "outboundAllow",
    env: "SLUICE_OUTBOUND_ALLOW",
    default: "",
    doc: "Private addresses and networks that webhooks and sources may reach all the same, separated by commas, such as 127.0.0.1,10.0.5.0/24; empty: none.",
  },
  {
    name: "origins",
    env: "SLUICE_ORIGINS",
    default: "",
    doc: "Origins, besides the server's own, whose pages may call the API; separated by commas.",
  },
  {
    name: "proxies",
    env: "SLUICE_PROXIES",
    default: "0",
    doc: "Number of proxies in front that add to X-Forwarded-For, 0 to 10.",
  },
  {
    name: "requestsPerMinute",
    env: "SLUICE_REQUESTS_PER_MINUTE",
    default: "6000",
    doc: "Requests per user and minute; 0: no limit.",
  },
  {
    name: "connectionsPerAddress",
    env: "SLUICE_CONNECTIONS_PER_ADDRESS",
    default: "256",
    doc: "Connections that one address may hold open to `sluice serve`; beyond that, the slowest is closed. Up to 100000; 0: no limit. Ignored behind proxies.",
  },
  {
    name: "maxPieceBytes",
    env: "SLUICE_MAX_PIECE_BYTES",
    default: "",
    doc: "Bytes of an upload that one request may carry, 65536 to 1073741824: what the platform and the proxies in front let through. Clients are told, and send a file in as many requests as it takes. Empty: 4000000 on Vercel and Netlify, else 10000000.",
  },
  {
    name: "uploadMaxBytes",
    env: "SLUICE_UPLOAD_MAX_BYTES",
    default: "2147483648",
    doc: "Size of the largest file that may be uploaded, in bytes, 1024 to 1099511627776.",
  },
  {
    name: "uploadQuotaFiles",
    env: "SLUICE_UPLOAD_QUOTA_FILES",
    default: "50",
    doc: "Uploads of one person that may be in progress or waiting for an import, 1 to 100000.",
  },
  {
    name: "uploadQuotaBytes",
    env: "SLUICE_UPLOAD_QUOTA_BYTES",
    default: "10737418240",
    doc: "Bytes that those uploads may take up together, 1024 to 1125899906842624; at least the size of the largest file.",
  },
  {
    name: "uploadKeepHours",
    env: "SLUICE_UPLOAD_KEEP_HOURS",
    default: "24",
    doc: "Hours to keep an upload after its last byte if no import is made from it, 1 to 8760.",
  },
  {
    name: "secretsKey",
    env: "SLUICE_SECRETS_KEY",
    default: "",
    doc: "What passwords and keys of sources that are made by the API are encrypted with in the database, 32 characters or more: openssl rand -base64 32. The server and all workers need the same; empty: such sources cannot have any.",
  },
  {
    name: "sourceFolders",
    env: "SLUICE_SOURCE_FOLDERS",
    default: "",
    doc: "Folders of the workers' machine that sources made by the API may be in, separated by commas; empty: none. Those of sluice.config.ts may be anywhere.",
  },
  {
    name: "metricsToken",
    env: "SLUICE_METRICS_TOKEN",
    default: "",
    doc: "Bearer token that lets anyone read /metrics; empty: only admins may.",
  },
  {
    name: "metricsOnLoopback",
    env: "SLUICE_METRICS_ON_LOOPBACK",
    default: "false",
    doc: "true: /metrics may be read on this machine without a token; this includes everyone who comes through a local proxy that adds no X-Forwarded-For.",
  },
  {
    name: "token",
    env: "SLUICE_TOKEN",
    default: "",
    doc: "API token that `sluice jobs --server` sends to a server; empty: none.",
  },
  {
    name: "jwtSecret",
    env: "SLUICE_JWT_SECRET",
    default: "",
    doc: "Secret for verifying JSON Web Tokens (HS256); empty: none are accepted by secret.",
  },
  {
    name: "jwksUrl",
    env: "SLUICE_JWKS_URL",
    default: "",
    doc: "URL of the key set (JWKS) for verifying JSON Web Tokens; empty: none.",
  },
  {
    name: "jwtIssuer",
    env: "SLUICE_JWT_ISSUER",
    default: "",
    doc: "Issuers whose tokens are accepted, separated by commas; empty: any.",
  },
  {
    name: "jwtAudience",
    env: "SLUICE_JWT_AUDIENCE",
    default: "",
    doc: "Audiences whose tokens are accepted, separated by commas; empty: any.",
  },
];

/** Settings that are whole numbers, with the least and the most that makes sense. */
const wholeNumbers = {
  lanes: [1, 16],
  batchBytes: [65_536, 67_108_864],
  chunkRows: [100, 1_000_000],
  patienceSeconds: [1, 3600],
  sliceSeconds: [1, 600],
  workSeconds: [0, 604_800],
  maxDurationSeconds: [0, 3600],
  sweepMinutes: [1, 59],
  qstashParallel: [1, 20],
  port: [0, 65_535],
  concurrency: [1, 32],
  userRunning: [1, 1000],
  userWaiting: [1, 100_000],
  userUnfinished: [1, 100_000],
  stagingDays: [1, 3650],
  fileDays: [1, 3650],
  jobDays: [0, 36_500],
  proxies: [0, 10],
  requestsPerMinute: [0, 1_000_000],
  connectionsPerAddress: [0, 100_000],
  maxPieceBytes: [65_536, 1024 ** 3],
  uploadMaxBytes: [1024, 1024 ** 4],
  uploadQuotaFiles: [1, 100_000],
  uploadQuotaBytes: [1024, 1024 ** 5],
  uploadKeepHours: [1, 8760],
  mailRows: [0, 1_000_000_000],
} as const;
type WholeNumber = keyof typeof wholeNumbers;

/** What a `sluice.config.ts` may export, as `config`, or as its default. */
export type ConfigFile = {
  importers?: readonly Importer[] | undefined;
  /** A language model that may be asked what a file is: `{ model: anthropic("…") }`. Default: none. */
  analysis?: AnalysisOptions | undefined;
  sinks?: readonly Sink[] | undefined;
  /** Places that files are fetched from by schedule. */
  sources?: readonly SourceDefinition[] | undefined;
  queue?: QueueOpener | undefined;
  databaseUrl?: string | undefined;
  directUrl?: string | undefined;
  /** true: the Postgres that comes with Sluice, in `dataDir`. false: never that one, so that a database must be named. */
  embedded?: boolean | undefined;
} & {
  [Name in Exclude<keyof Config, OwnOption | "hosting" | "databaseUrl" | "directUrl">]?: Config[Name] | undefined;
};

/** What a program or a config file alone says: no environment could. */
export type OwnOption = "importers" | "analysis" | "sinks" | "sources" | "queue";

/**
 * For `sluice.config.ts`: checks the shape as you type.
 *
 * @example export const config = defineConfig({ importers: [customers] });
 */
export function defineConfig(config: ConfigFile): ConfigFile {
  return config;
}

/** What `openssl rand -base64 32` prints has 44. */
const leastKeyLength = 32;

const logLevels = ["trace", "debug", "info", "warn", "error", "silent"];

/** What a config may hold, in a file or as options of a program. */
export const configNames: readonly string[] = [
  "importers",
  "analysis",
  "sinks",
  "sources",
  "queue",
  "embedded",
  ...settings.map(({ name }) => name),
];

export type Environment = Readonly<Record<string, string | undefined>>;

/** A value that a setting was given, and what that place calls it, so that a refusal names what is to be changed. */
interface Given {
  value: unknown;
  as: string;
}
/** Where a setting may be given; empty text counts as not given. */
type Place = (setting: Setting) => Given;

/**
 * Settings by flag, then environment, then file, then default.
 *
 * @throws SluiceError `invalid` with the name of what is wrong.
 */
export function resolveConfig(
  environment: Environment,
  file: ConfigFile,
  flags: Partial<
    Record<"databaseUrl" | "dataDir" | "language" | "host" | "port" | "sliceSeconds" | "workSeconds", string>
  >,
): Config {
  const where = "sluice.config.ts";
  const own = ownOptions(where, file);
  const fromFlags: Place = ({ name }) => ({ value: flags[name as keyof typeof flags], as: flagOf[name] ?? name });
  const config = resolve([fromFlags, fromEnvironment(environment), fromFile(where, file)], environment, own);
  if (file.embedded === true && !flags.databaseUrl && config.databaseUrl !== null)
    throw new SluiceError(
      "invalid",
      `${where}: \`embedded\` is true, and DATABASE_URL names a database. Remove one of them.`,
    );
  refuseKeyless(config);
  if (file.embedded === false && config.databaseUrl === null)
    throw new SluiceError("invalid", "No database is named: set DATABASE_URL (sluice.config.ts: `embedded` is false).");
  // A database given by flag is reached as it is given.
  return flags.databaseUrl ? { ...config, directUrl: null } : config;
}

/**
 * Refuses what is asked of JSON Web Tokens where none is accepted.
 *
 * @throws SluiceError `invalid`
 */
export function refuseKeyless({ jwtSecret, jwksUrl, jwtIssuer, jwtAudience }: Config): void {
  if (jwtSecret !== "" || jwksUrl !== "" || jwtIssuer.length + jwtAudience.length === 0) return;
  throw new SluiceError(
    "invalid",
    `${jwtIssuer.length > 0 ? "jwtIssuer (SLUICE_JWT_ISSUER)" : "jwtAudience (SLUICE_JWT_AUDIENCE)"} is set, and nothing that tokens are checked by: set SLUICE_JWKS_URL or SLUICE_JWT_SECRET as well.`,
  );
}

const flagOf: Partial<Record<keyof Config, string>> = {
  databaseUrl: "--database-url",
  dataDir: "--data-dir",
  language: "--lang",
  host: "--host",
  port: "--port",
  sliceSeconds: "--slice",
  workSeconds: "--for",
};

/**
 * Settings of a program that runs Sluice itself: by its options, then environment, then default. It names its database, for
 * the embedded one would start in silence where an option is misspelt or a variable missing.
 *
 * @param where as `createApp`, for refusals.
 * @throws SluiceError `invalid` with the name of what is wrong.
 */
export function resolveOptions(where: string, environment: Environment, options: ConfigFile): Config {
  const own = ownOptions(where, options);
  const { embedded, databaseUrl } = options;
  if (embedded === true && databaseUrl)
    throw new SluiceError(
      "invalid",
      `${where}: \`embedded\` is true, and \`databaseUrl\` names a database. Remove one of them.`,
    );
  if (embedded !== true && "databaseUrl" in options && !databaseUrl)
    throw new SluiceError(
      "invalid",
      `${where}: \`databaseUrl\` is empty. Is the variable that it is read from set? It must look like postgres://user:password@host/database.`,
    );
  const config = resolve([fromFile(where, options), fromEnvironment(environment)], environment, own);
  if (embedded === true) return { ...config, databaseUrl: null, directUrl: null };
  if (config.databaseUrl === null)
    throw new SluiceError(
      "invalid",
      config.hosting.supabaseUrl === ""
        ? `${where} needs a database: pass \`databaseUrl\` (or set DATABASE_URL), or \`embedded: true\` for the Postgres that comes with Sluice.`
        : `${where} needs a database: ${setDatabase(config.hosting)}`,
    );
  // DIRECT_URL belongs to DATABASE_URL; the option may name another database.
  const isOther = databaseUrl && databaseUrl !== environment.DATABASE_URL;
  return isOther && !options.directUrl ? { ...config, directUrl: null } : config;
}

function fromEnvironment(environment: Environment): Place {
  return ({ env }) => ({ value: environment[env], as: env });
}

function fromFile(where: string, file: ConfigFile): Place {
  return ({ name, env }) => ({
    value: (file as Partial<Record<keyof Config, unknown>>)[name],
    as: `${where}: \`${name}\` (${env})`,
  });
}

/** @throws SluiceError `invalid` for what is no setting either, and for what one of them cannot be. */
function ownOptions(where: string, file: ConfigFile): Pick<Config, OwnOption> {
  refuseUnknown(where, "setting", file, configNames);
  const { importers = [], analysis, sinks = [], sources = [], queue, embedded } = file;
  if (!Array.isArray(importers))
    throw new SluiceError("invalid", `${where}: \`importers\` must be a list of what defineImporter() returns.`);
  checkImporters(where, importers);
  const checked = {
    importers: [...importers],
    sinks: [...checkSinks(where, sinks)],
    sources: checkSources(where, sources),
    analysis: analysis === undefined ? null : checkAnalysis(where, analysis),
  };
  if (queue !== undefined && typeof queue !== "function")
    throw new SluiceError("invalid", `${where}: \`queue\` must be a function that opens a queue.`);
  if (embedded !== undefined && typeof embedded !== "boolean")
    throw new SluiceError("invalid", `${where}: \`embedded\` must be true or false.`);
  return { ...checked, queue: queue ?? null };
}

/** @throws SluiceError `invalid` for what is no importer, and for two of one name or one batch route. */
function checkImporters(where: string, importers: readonly unknown[]): void {
  const names = new Set<string>();
  const ofRoute = new Map<string, string>();
  for (const importer of importers as Partial<Importer>[]) {
    if (typeof importer?.name !== "string" || importer.fields === undefined)
      throw new SluiceError("invalid", `${where}: every entry of \`importers\` must come from defineImporter().`);
    if (names.has(importer.name))
      throw new SluiceError(
        "invalid",
        `${where}: \`importers\` lists two that are called "${importer.name}". Give one of them another name.`,
      );
    names.add(importer.name);
    if (importer.batch === undefined) continue;
    const other = ofRoute.get(importer.batch.path);
    if (other !== undefined)
      throw new SluiceError(
        "invalid",
        `${where}: the importers "${other}" and "${importer.name}" have one batch route, "${importer.batch.path}". Give one of them another path.`,
      );
    ofRoute.set(importer.batch.path, importer.name);
  }
}

/** Settings that are lists, separated by commas where they are text. */
const lists = ["origins", "outboundAllow", "jwtIssuer", "jwtAudience", "sourceFolders"] as const;
type List = (typeof lists)[number];
const yesesOrNoes = ["metricsOnLoopback", "s3Downloads", "s3PathStyle", "s3Uploads"] as const;
type YesOrNo = (typeof yesesOrNoes)[number];

/** Whether a setting may be given as this kind of value; whether it can be this one is asked later. */
function isKindOf(name: keyof Config, value: unknown): boolean {
  if (Array.isArray(value))
    return (lists as readonly string[]).includes(name) && value.every((each) => typeof each === "string");
  if (typeof value === "boolean") return (yesesOrNoes as readonly string[]).includes(name) || name in wholeNumbers;
  return ["string", "number", "bigint"].includes(typeof value);
}

/** @param places in the order in which they are asked. */
function resolve(places: readonly Place[], environment: Environment, own: Pick<Config, OwnOption>): Config {
  const pick = (name: keyof Config): { value: string; as: string } => {
    const setting = settings.find((each) => each.name === name) as Setting;
    for (const place of places) {
      const { value, as } = place(setting);
      // A null is what a variable that is not set becomes.
      if (value === undefined || value === null) continue;
      if (typeof value === "string" && value.trim() === "") continue;
      if (!isKindOf(name, value)) throw new SluiceError("invalid", `${as} must be text or a number.`);
      return { value: String(value), as };
    }
    return { value: setting.default, as: setting.env };
  };
  const text = (name: keyof Config): string => pick(name).value;
  const postgresUrl = (name: "databaseUrl" | "directUrl"): string | null => {
    const { value, as } = pick(name);
    if (value === "") return null;
    if (!/^postgres(?:ql)?:\/\//.test(value))
      throw new SluiceError("invalid", `${as} must begin with postgres:// (or be empty).`);
    if (URL.canParse(value)) return value;
    // The address holds a password, so it is not repeated.
    throw new SluiceError(
      "invalid",
      `${as} must look like postgres://user:password@host:5432/database, with what is special in the password percent-encoded.`,
    );
  };
  const whole = (name: WholeNumber): number => {
    const { value, as } = pick(name);
    const [least, most] = wholeNumbers[name];
    // By its digits alone: Number() takes 0x10 and 1e3 as well.
    const number = /^\d+$/.test(value.trim()) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new SluiceError("invalid", `${as} must be a whole number from ${least} to ${most}.`);
  };
  const yesOrNo = (name: YesOrNo): boolean => {
    const { value, as } = pick(name);
    if (value === "true" || value === "false") return value === "true";
    throw new SluiceError("invalid", `${as} must be true or false.`);
  };
  const uploadMaxBytes = whole("uploadMaxBytes");
  const uploadQuotaBytes = whole("uploadQuotaBytes");
  if (uploadQuotaBytes < uploadMaxBytes) {
    throw new SluiceError(
      "invalid",
      `${pick("uploadQuotaBytes").as} (${uploadQuotaBytes}) is less than ${pick("uploadMaxBytes").as} (${uploadMaxBytes}): the largest file that is allowed would never fit. Raise the one or lower the other.`,
    );
  }
  const secretsKey = (): string => {
    const { value, as } = pick("secretsKey");
    if (value === "" || value.length >= leastKeyLength) return value;
    throw new SluiceError(
      "invalid",
      `${as} must have ${leastKeyLength} characters or more. Make one: openssl rand -base64 32`,
    );
  };
  const list = (name: List): string[] =>
    text(name)
      .split(",")
      .map((each) => each.trim())
      .filter((each) => each !== "");
  const queueKind = pick("queueKind");
  if (queueKind.value !== "auto" && !(queueKinds as readonly string[]).includes(queueKind.value))
    throw new SluiceError("invalid", `${queueKind.as} must be one of: auto, ${queueKinds.join(", ")}.`);
  const tasksUrl = pick("tasksUrl");
  if (tasksUrl.value !== "" && !/^(?:https?:\/\/[^/]|\/)/.test(tasksUrl.value))
    throw new SluiceError("invalid", `${tasksUrl.as} must be a path such as /api/import, or begin with https://.`);
  const qstashUrl = pick("qstashUrl");
  if (!/^https?:\/\/[^/]/.test(qstashUrl.value))
    throw new SluiceError("invalid", `${qstashUrl.as} must begin with https://.`);
  const logLevel = pick("logLevel");
  if (logLevel.value !== "" && !logLevels.includes(logLevel.value))
    throw new SluiceError("invalid", `${logLevel.as} must be one of: ${logLevels.join(", ")}.`);
  return {
    databaseUrl: postgresUrl("databaseUrl"),
    directUrl: postgresUrl("directUrl"),
    dataDir: text("dataDir"),
    files: text("files"),
    s3Endpoint: text("s3Endpoint") || environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL || "",
    s3Region: text("s3Region") || environment.AWS_REGION || environment.AWS_DEFAULT_REGION || "",
    s3AccessKeyId: text("s3AccessKeyId"),
    s3SecretAccessKey: text("s3SecretAccessKey"),
    s3SessionToken: text("s3SessionToken"),
    s3PathStyle: text("s3PathStyle") === "" ? null : yesOrNo("s3PathStyle"),
    s3Downloads: yesOrNo("s3Downloads"),
    s3Uploads: text("s3Uploads") === "" ? null : yesOrNo("s3Uploads"),
    supabaseServiceKey: (text("supabaseServiceKey") || environment.SUPABASE_SECRET_KEY || "").trim(),
    language: languageOf(text("language"), environment),
    logLevel: logLevel.value,
    lanes: whole("lanes"),
    batchBytes: whole("batchBytes"),
    chunkRows: whole("chunkRows"),
    patienceSeconds: whole("patienceSeconds"),
    sliceSeconds: whole("sliceSeconds"),
    workSeconds: whole("workSeconds"),
    host: text("host"),
    port: whole("port"),
    concurrency: whole("concurrency"),
    userRunning: whole("userRunning"),
    userWaiting: whole("userWaiting"),
    userUnfinished: whole("userUnfinished"),
    stagingDays: whole("stagingDays"),
    fileDays: whole("fileDays"),
    jobDays: whole("jobDays"),
    publicUrl: publicUrlOf(pick("publicUrl")),
    appUrl: text("appUrl"),
    queueKind: queueKind.value as Config["queueKind"],
    tasksUrl: tasksUrl.value,
    maxDurationSeconds: whole("maxDurationSeconds"),
    sweepMinutes: whole("sweepMinutes"),
    qstashUrl: qstashUrl.value.replace(/\/+$/, ""),
    qstashToken: text("qstashToken").trim(),
    qstashCurrentSigningKey: text("qstashCurrentSigningKey").trim(),
    qstashNextSigningKey: text("qstashNextSigningKey").trim(),
    qstashParallel: whole("qstashParallel"),
    importLink: importLinkOf(pick("importLink")),
    smtpUrl: smtpUrlOf(pick("smtpUrl")),
    resendApiKey: text("resendApiKey"),
    mailFrom: mailFromOf(pick("mailFrom"), {
      hasServer: text("smtpUrl") !== "",
      hasResend: text("resendApiKey") !== "",
    }),
    mailRows: whole("mailRows"),
    operatorMail: operatorMailOf(pick("operatorMail"), text("smtpUrl") !== "" || text("resendApiKey") !== ""),
    operatorWebhook: operatorWebhookOf(pick("operatorWebhook")),
    operatorWebhookSecret: webhookSecretOf(pick("operatorWebhookSecret")),
    outboundAllow: list("outboundAllow"),
    origins: list("origins").map((origin) => originOf(origin, pick("origins").as)),
    proxies: whole("proxies"),
    requestsPerMinute: whole("requestsPerMinute"),
    connectionsPerAddress: whole("connectionsPerAddress"),
    maxPieceBytes: text("maxPieceBytes") === "" ? pieceBytesOn(environment) : whole("maxPieceBytes"),
    uploadMaxBytes,
    uploadQuotaFiles: whole("uploadQuotaFiles"),
    uploadQuotaBytes,
    uploadKeepHours: whole("uploadKeepHours"),
    metricsToken: text("metricsToken"),
    metricsOnLoopback: yesOrNo("metricsOnLoopback"),
    token: text("token"),
    jwtSecret: jwtSecretOf(pick("jwtSecret")),
    jwksUrl: jwksUrlOf(pick("jwksUrl")),
    jwtIssuer: list("jwtIssuer"),
    jwtAudience: list("jwtAudience"),
    ...own,
    secretsKey: secretsKey(),
    sourceFolders: list("sourceFolders"),
    hosting: hostingOf(environment),
  };
}

/** Vercel and Netlify take bodies of 4.5 MB; Next.js's proxy.ts hands on 10. */
function pieceBytesOn({ VERCEL, NETLIFY }: Environment): number {
  return VERCEL || NETLIFY ? 4_000_000 : 10_000_000;
}

function publicUrlOf({ value, as }: { value: string; as: string }): string {
  const url = /^https?:\/\//i.test(value) ? URL.parse(value) : null;
  if (value === "" || (url !== null && url.search === "" && url.hash === "")) return value.replace(/\/+$/, "");
  throw new SluiceError("invalid", `${as} must be as https://imports.example.com, not "${value}".`);
}

/** As browsers write it (RFC 6454, section 6.2). No "*": requests with a session's cookie would come from everywhere. */
function originOf(given: string, as: string): string {
  const url = /^https?:\/\//i.test(given) ? URL.parse(given) : null;
  if (url !== null && url.origin === url.href.slice(0, -1)) return url.origin;
  throw new SluiceError(
    "invalid",
    `${as}: "${given}" is no origin. Write it as https://app.example.com, without a path.`,
  );
}

function jwtSecretOf({ value, as }: { value: string; as: string }): string {
  if (value === "" || Buffer.byteLength(value) >= leastKeyLength) return value;
  throw new SluiceError("invalid", `${as} is too short: at least ${leastKeyLength} characters.`);
}

function jwksUrlOf({ value, as }: { value: string; as: string }): string {
  if (value === "" || (/^https?:\/\//.test(value) && URL.canParse(value))) return value;
  throw new SluiceError("invalid", `${as} must begin with https:// (or http://).`);
}

function importLinkOf({ value, as }: { value: string; as: string }): string {
  if (value === "" || (/^https?:\/\//.test(value) && value.includes("{id}"))) return value;
  throw new SluiceError("invalid", `${as} must begin with https:// (or http://) and contain {id}.`);
}

function smtpUrlOf({ value, as }: { value: string; as: string }): string {
  if (value === "") return value;
  const url = /^smtps?:\/\//.test(value) && URL.canParse(value) ? new URL(value) : null;
  if (url !== null && url.hostname !== "" && (url.username === "") === (url.password === "")) return value;
  // The address holds a password, so it is not repeated.
  throw new SluiceError(
    "invalid",
    `${as} must look like smtp://user:password@host:587 or smtps://user:password@host:465, with what is special in the password percent-encoded.`,
  );
}

/** Resend's, for who has no domain there yet (https://resend.com/docs/knowledge-base/403-error-resend-dev-domain). */
const resendTestSender = "Sluice <onboarding@resend.dev>";

function mailFromOf(
  { value, as }: { value: string; as: string },
  { hasServer, hasResend }: { hasServer: boolean; hasResend: boolean },
): string {
  if (value === "") {
    if (hasServer)
      throw new SluiceError(
        "invalid",
        `A mail server is set, and no sender: set ${as} to an address such as imports@example.com.`,
      );
    return hasResend ? resendTestSender : "";
  }
  const address = /^[^<>\r\n]*<([^<>]+)>$/.exec(value)?.[1] ?? value;
  if (isMailAddress(address)) return value;
  throw new SluiceError(
    "invalid",
    `${as} must be one address, as imports@example.com or Sluice <imports@example.com>.`,
  );
}

function operatorMailOf({ value, as }: { value: string; as: string }, isSent: boolean): string {
  if (value === "") return value;
  if (!isMailAddress(value))
    throw new SluiceError("invalid", `${as} must be one e-mail address, such as ops@example.com.`);
  if (!isSent)
    throw new SluiceError(
      "invalid",
      `${as} is set, and no mail server: set SLUICE_SMTP_URL or RESEND_API_KEY as well.`,
    );
  return value;
}

function operatorWebhookOf({ value, as }: { value: string; as: string }): string {
  if (value === "" || (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol))) return value;
  throw new SluiceError("invalid", `${as} must begin with https://.`);
}

function webhookSecretOf({ value, as }: { value: string; as: string }): string {
  if (value === "" || isWebhookSecret(value)) return value;
  throw new SluiceError("invalid", `${as} must be whsec_ and 24 to 64 bytes in base64.`);
}

function languageOf(asked: string, environment: Environment): Language {
  if (asked !== "") {
    if ((languages as readonly string[]).includes(asked)) return asked as Language;
    throw new SluiceError("invalid", `There is no language "${asked}". Available: ${languages.join(", ")}.`);
  }
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || "en";
  return languages.find((language) => locale.toLowerCase().startsWith(language)) ?? "en";
}
