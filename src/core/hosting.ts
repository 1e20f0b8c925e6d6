/**
 * Where Sluice runs, as its environment tells: the host, the app's public address, what wakes imports there, and what is missing
 * for that.
 */

/** What wakes imports. */
export const queueKinds = ["qstash", "direct", "pg-boss"] as const;
export type QueueKind = (typeof queueKinds)[number];

/** What a host says about itself. Names by https://vercel.com/docs/environment-variables/system-environment-variables. */
export interface Hosting {
  /** Null: a machine that keeps running. `vercel dev` is that too. */
  platform: "vercel" | "lambda" | null;
  /** The program says so itself, wherever it runs (NODE_ENV). */
  isLive: boolean;
  isProduction: boolean;
  /** Host names without a scheme. */
  productionHost: string;
  deploymentHost: string;
  /** Lets a caller pass Vercel's Deployment Protection. */
  bypassSecret: string;
  supabaseUrl: string;
}

export function hostingOf(environment: Readonly<Record<string, string | undefined>>): Hosting {
  const { VERCEL, VERCEL_ENV, AWS_LAMBDA_FUNCTION_NAME } = environment;
  // `vercel env pull` writes VERCEL=1 into a laptop's .env.local, with the environment "development".
  const onVercel = Boolean(VERCEL) && VERCEL_ENV !== "development";
  const onLambda = Boolean(AWS_LAMBDA_FUNCTION_NAME);
  return {
    platform: onVercel ? "vercel" : onLambda ? "lambda" : null,
    isLive: environment.NODE_ENV === "production",
    isProduction: onVercel && VERCEL_ENV === "production",
    productionHost: onVercel ? (environment.VERCEL_PROJECT_PRODUCTION_URL ?? "") : "",
    deploymentHost: onVercel ? (environment.VERCEL_URL ?? "") : "",
    bypassSecret: onVercel ? (environment.VERCEL_AUTOMATION_BYPASS_SECRET ?? "") : "",
    supabaseUrl: environment.NEXT_PUBLIC_SUPABASE_URL ?? "",
  };
}

/** The settings that decide how imports are woken. */
export interface HostingSettings {
  queueKind: QueueKind | "auto";
  publicUrl: string;
  appUrl: string;
  tasksUrl: string;
  hosting: Hosting;
  databaseUrl: string | null;
  files: string;
  qstashToken: string;
  qstashCurrentSigningKey: string;
  qstashNextSigningKey: string;
  maxDurationSeconds: number;
}

/** Where the internet finds the app, without a slash at its end, and the setting that says so. */
export interface PublicAddress {
  url: string;
  from: string;
}

/** An address of a preview is behind Deployment Protection, so that the production's comes first where it is this deployment's. */
export function publicAddress({ publicUrl, appUrl, hosting }: HostingSettings): PublicAddress | null {
  const { isProduction, productionHost, deploymentHost } = hosting;
  const given: [string, string][] = [
    [publicUrl, "SLUICE_PUBLIC_URL"],
    [appUrl, "APP_URL"],
    [isProduction ? productionHost : "", "VERCEL_PROJECT_PRODUCTION_URL"],
    [deploymentHost, "VERCEL_URL"],
  ];
  for (const [text, from] of given) {
    const url = text === "" ? null : URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
    if (url !== null) return { url: `${url.origin}${url.pathname.replace(/\/+$/, "")}`, from };
  }
  return null;
}

/** True for an address that only this machine reaches. */
export function isLoopback(url: string): boolean {
  const host = URL.parse(url)?.hostname ?? "";
  return /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\]|0\.0\.0\.0|\[::\])$/.test(host);
}

/** Where QStash posts tasks: each step's name follows. Null without a public address. `basePath`: of the mount. */
export function tasksAddress(settings: HostingSettings, basePath: string): string | null {
  const { tasksUrl } = settings;
  if (/^https?:\/\//.test(tasksUrl)) return tasksUrl.replace(/\/+$/, "");
  const address = publicAddress(settings);
  if (address === null) return null;
  if (tasksUrl !== "") return `${new URL(address.url).origin}/${tasksUrl.replace(/^\/+|\/+$/g, "")}`;
  // SLUICE_PUBLIC_URL has the base path; other addresses are the whole app's.
  const base = address.from === "SLUICE_PUBLIC_URL" ? "" : basePath;
  return `${address.url}${base}/api/v1/tasks`;
}

/** What wakes the imports of a mount here, and why. A process that looks for work itself asks the database, whatever this says. */
export function queueOf(settings: HostingSettings): { kind: QueueKind; why: string } {
  const { queueKind: kind, qstashToken } = settings;
  if (kind !== "auto") return { kind, why: `SLUICE_QUEUE is ${kind}` };
  const address = publicAddress(settings);
  if (address === null) return { kind: "direct", why: "no public address is set (APP_URL)" };
  const named = `${address.from} is ${address.url}`;
  if (isLoopback(address.url)) return { kind: "direct", why: `${named}, which only this machine reaches` };
  if (qstashToken !== "") return { kind: "qstash", why: `QSTASH_TOKEN is set and ${named}` };
  return { kind: "pg-boss", why: `${named}, and QSTASH_TOKEN is not set` };
}

/** Vercel's default on every plan (https://vercel.com/docs/functions/limitations). */
const vercelSeconds = 300;

/** How long the host lets a request run; null: it sets no limit that is known. */
export function requestLimitSeconds({ maxDurationSeconds, hosting }: HostingSettings): number | null {
  if (maxDurationSeconds > 0) return maxDurationSeconds;
  return hosting.platform === "vercel" ? vercelSeconds : null;
}

/**
 * Keys that every copy of QStash's development server signs with, published in @upstash/qstash (`QSTASH_DEV`): whoever has that
 * package could sign for them.
 */
const publishedKeys = ["sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r", "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs"];

/** Something about where Sluice runs that keeps it from working, or that is worth knowing. */
export interface HostingFinding {
  level: "error" | "warning";
  message: string;
}

/** What is wrong or missing where Sluice is mounted, in this environment. */
export function hostingFindings(settings: HostingSettings): HostingFinding[] {
  const found: HostingFinding[] = [];
  const fail = (message: string): void => void found.push({ level: "error", message });
  const warn = (message: string): void => void found.push({ level: "warning", message });
  const { kind } = queueOf(settings);
  const { hosting, databaseUrl, files, qstashToken } = settings;
  if (hosting.platform !== null) {
    const host = hosting.platform === "vercel" ? "Vercel" : "AWS Lambda";
    if (databaseUrl === null) fail(`${host} keeps no database between two requests: ${setDatabase(hosting)}`);
    // Elsewhere a folder may be a volume that instances share.
    if (files === "" || (hosting.platform === "vercel" && files.startsWith("file:")))
      fail(
        `${host} keeps no files between two requests: set SLUICE_FILES to the address of a bucket, s3://NAME, for uploads and reports, and SLUICE_S3_ENDPOINT with its keys where it is not AWS's (Supabase: Storage, S3).`,
      );
    if (kind === "direct")
      warn(
        `Imports stop with the request that began them, since nothing runs on ${host} between two: set QSTASH_TOKEN, its signing keys and APP_URL.`,
      );
    if (kind === "pg-boss")
      warn(
        `Imports wait for a worker elsewhere: run \`sluice work\` on a machine with this database and these files, or set QSTASH_TOKEN and its signing keys.`,
      );
  }
  if (kind === "qstash") findOfQstash(settings, fail, warn);
  else if (qstashToken !== "" && settings.queueKind === "auto")
    warn("QSTASH_TOKEN is set, but QStash cannot reach this app: set APP_URL to its public address.");
  return found;
}

/** What to do where no database is named. */
export function setDatabase({ supabaseUrl }: Hosting): string {
  const { hostname = "" } = URL.parse(supabaseUrl) ?? {};
  if (supabaseUrl === "") return "set DATABASE_URL.";
  return `set DATABASE_URL. NEXT_PUBLIC_SUPABASE_URL names the project ${hostname}, but its keys do not open its database: copy the connection string of the transaction pooler (port 6543) from the project's page, under Connect, and put its password in.`;
}

function findOfQstash(
  settings: HostingSettings,
  fail: (message: string) => void,
  warn: (message: string) => void,
): void {
  const { qstashToken, qstashCurrentSigningKey, qstashNextSigningKey, hosting } = settings;
  if (qstashToken === "") fail("QSTASH_TOKEN is not set: copy it from QStash's page in the Upstash console.");
  const keys = { QSTASH_CURRENT_SIGNING_KEY: qstashCurrentSigningKey, QSTASH_NEXT_SIGNING_KEY: qstashNextSigningKey };
  const missing = Object.entries(keys).flatMap(([name, key]) => (key === "" ? [name] : []));
  if (missing.length > 0)
    fail(`${missing.join(" and ")} not set, so that nobody could tell QStash's requests from others': copy both keys.`);
  const address = tasksAddress(settings, "");
  if (address === null) {
    fail("QStash needs to know where to post: set APP_URL to the app's public address.");
    return;
  }
  const isLocal = isLoopback(address);
  if (isLocal && hosting.platform !== null)
    fail(`QStash cannot reach ${address}: set APP_URL to the app's public address.`);
  if (!isLocal || hosting.isLive) {
    const published = Object.entries(keys).flatMap(([name, key]) => (publishedKeys.includes(key) ? [name] : []));
    if (published.length > 0)
      fail(
        `${published.join(" and ")}: this is the key of QStash's development server, which everybody has. Copy your own.`,
      );
    if (!isLocal && address.startsWith("http:"))
      warn(`${address} is not encrypted: set APP_URL to an address with https://.`);
  }
  if (publicAddress(settings)?.from === "VERCEL_URL" && hosting.bypassSecret === "")
    warn(
      "VERCEL_URL is behind Deployment Protection, which answers QStash with 401: enable Protection Bypass for Automation, which sets VERCEL_AUTOMATION_BYPASS_SECRET, or set APP_URL.",
    );
}
