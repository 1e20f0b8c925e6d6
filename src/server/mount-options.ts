/** The options of a mount besides the settings, each with the sentence that docs/mounting.md repeats; unknown ones are refused. */

import { type Config, type ConfigFile, configNames, type OwnOption, resolveOptions } from "../config.ts";
import { SluiceError } from "../core/errors.ts";
import type { EngineEvent } from "../core/ports.ts";
import { refuseUnknown } from "../core/refuse-unknown.ts";
import type { AccessOptions } from "../http/auth/auth.ts";
import type { Authenticate } from "../http/auth/authenticate.ts";
import type { JwtOptions } from "../http/auth/jwt.ts";
import type { HttpEvent } from "../http/request/request-context.ts";
import type { Logger } from "../log.ts";

type Own = Exclude<keyof MountOptions, keyof Config> | OwnOption;

/** Options that are not settings. Every property of MountOptions must be listed: the compiler checks it. */
export const mountOptions: Readonly<Record<Own, string>> = {
  importers: "What can be imported: a list of what `defineImporter()` returns. Default: nothing.",
  analysis:
    "A language model that a person may ask what a file is, as in [analysis](analysis.md#a-language-model). Default: none.",
  sinks:
    "What is told of imports and of changed records, as in [sinks](programs.md#tell-others-of-imports). Default: nothing.",
  sources: "Places that files are fetched from, as in [sources](sources.md). Default: none but those made by the API.",
  queue:
    "What wakes workers instead of what `queueKind` says, as in [queues](programs.md#where-nothing-runs-between-two-requests). Default: by `queueKind`.",
  embedded:
    "`true`: the Postgres that comes with Sluice, in `dataDir`, instead of `databaseUrl`. For development; one of the two is needed.",
  authenticate:
    "`async (request) => user or null`: whose request it is, by your own session. Default: the shipped sign-in, API tokens and JWTs.",
  access: "Who may come in and from where; overrides the settings of the same meaning. See below.",
  basePath:
    "The path before `/api/v1`, such as `/imports-api`. Default: nothing, or the path of Express's `app.use(path, …)` or Fastify's `prefix`.",
  logger:
    "Where log lines go: pino, or an object with its `debug`, `info`, `warn` and `error`. Default: JSON on standard error, from `logLevel` on.",
  onEvent:
    "Called with each event of the server and each request that failed, as an object with a `name`. Never holds a cell's value. What it throws is logged as `listener.failed`, and changes nothing.",
};

export const accessOptions: Readonly<Record<keyof AccessOptions, string>> = {
  publicUrl:
    "Where people reach the app, with its base path: `https://app.example.com/imports-api`. Default: as the request says.",
  jwt: "JSON Web Tokens that are accepted. See below. Default: as the settings say, else none.",
  proxies: "How many proxies are in front and add to X-Forwarded-For. Default 0.",
  requestsPerMinute: "Requests per user and minute; 0: any number. Default 6000.",
  metricsToken: "Bearer token with which `/metrics` may be read.",
  metricsOnLoopback:
    "Whether `/metrics` may be read on this machine without a token, which includes everyone behind a proxy on it. Default false.",
};

export const jwtOptions: Readonly<Record<keyof JwtOptions, string>> = {
  jwksUrl: "Where the issuer publishes its keys.",
  secret: "Secret of tokens signed by HMAC, at least 32 characters.",
  issuer: "`iss` must be this, or one of these. Default: not checked.",
  audience: "`aud` must hold this, or one of these. Default: not checked.",
  clockSkewSeconds: "How far the issuer's clock may be off. Default 30.",
  roleOf: "What the bearer of these claims may; null: nothing at all. Default: by `role` and `app_metadata.role`.",
};

/**
 * The options of a mount, checked, and those among them that are settings.
 *
 * @throws SluiceError `invalid` with the name of what is wrong, and the nearest right one.
 */
export function checkMountOptions(where: string, options: MountOptions): void {
  if (typeof options !== "object" || options === null)
    throw new SluiceError("invalid", `${where} takes its options as an object: ${where}({ databaseUrl, importers }).`);
  refuseUnknown(where, "option", options, [...Object.keys(mountOptions), ...configNames]);
  const { access, authenticate, basePath, logger, onEvent } = options;
  checkFunctions(where, { authenticate, onEvent });
  if (logger !== undefined) checkLogger(where, logger);
  // No parameters of a router's, and nothing that a browser resolves before it asks.
  if (basePath !== undefined && (!/^(?:\/[^/?#\s:*{}]+)*$/.test(basePath) || /\/\.{1,2}(?=\/|$)/.test(basePath)))
    throw new SluiceError("invalid", `${where}: \`basePath\` must look like /imports-api, without a slash at its end.`);
  if (access === undefined) return;
  refuseUnknown(where, "option", asObject(where, "access", access), Object.keys(accessOptions));
  const { jwt } = access;
  if (jwt === undefined) return;
  refuseUnknown(`${where}, access`, "option", asObject(where, "access.jwt", jwt), Object.keys(jwtOptions));
  checkFunctions(where, { "access.jwt.roleOf": jwt.roleOf });
  const { clockSkewSeconds = 0 } = jwt;
  if (!(typeof clockSkewSeconds === "number" && clockSkewSeconds >= 0 && clockSkewSeconds <= maxClockSkewSeconds))
    throw new SluiceError(
      "invalid",
      `${where}: \`access.jwt.clockSkewSeconds\` must be a number from 0 to ${maxClockSkewSeconds}.`,
    );
  if (authenticate !== undefined)
    throw new SluiceError(
      "invalid",
      `${where}: \`access.jwt\` is for the sign-in that comes with Sluice, and \`authenticate\` is your own. Remove one of them.`,
    );
}

/** More would accept tokens that expired long ago. */
const maxClockSkewSeconds = 3600;

/**
 * The settings of a mount, those that `access` gives among them: it is checked as they are.
 *
 * @throws SluiceError `invalid` with the name of what is wrong.
 */
export function withAccess(where: string, config: Config, { jwt, ...given }: AccessOptions = {}): Config {
  const said = Object.entries(given).filter(([, value]) => value !== undefined && value !== "");
  const keys = { jwksUrl: jwt?.jwksUrl, jwtSecret: jwt?.secret };
  const checked = resolveOptions(`${where}, access`, {}, { embedded: true, ...Object.fromEntries(said), ...keys });
  if (jwt !== undefined && checked.jwksUrl === "" && checked.jwtSecret === "")
    throw new SluiceError(
      "invalid",
      `${where}: \`access.jwt\` has neither a \`jwksUrl\` nor a \`secret\`, so that no token would be accepted. Is the variable that it is read from set?`,
    );
  return { ...config, ...Object.fromEntries(said.map(([name]) => [name, checked[name as keyof Config]])) };
}

/** @throws SluiceError `invalid` naming the option that is none. */
export function checkFunctions(where: string, given: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && typeof value !== "function")
      throw new SluiceError("invalid", `${where}: \`${name}\` must be a function.`);
  }
}

/** @throws SluiceError `invalid` naming the level that it lacks. */
export function checkLogger(where: string, logger: object): void {
  const missing = ["debug", "info", "warn", "error"].find(
    (level) => typeof (logger as Record<string, unknown> | null)?.[level] !== "function",
  );
  if (missing !== undefined)
    throw new SluiceError(
      "invalid",
      `${where}: \`logger\` has no \`${missing}()\`. It is called as pino is: logger.${missing}(fields, text).`,
    );
}

function asObject(where: string, name: string, given: object): object {
  if (typeof given === "object" && given !== null && !Array.isArray(given)) return given;
  throw new SluiceError("invalid", `${where}: \`${name}\` must be an object.`);
}

export interface MountOptions extends ConfigFile {
  /** Tells whose request it is: your own session. Default: the shipped one, by session, API token or JWT. */
  authenticate?: Authenticate | undefined;
  /** Who has access and from where, in addition to the settings. */
  access?: AccessOptions | undefined;
  /**
   * The path before `/api/v1`, as `/imports-api`. Default: none, or the path that Express or Fastify mounted it
   * below.
   */
  basePath?: string | undefined;
  /** Told of what happens. Never a cell's value. What it throws is logged, and changes nothing. */
  onEvent?: ((event: MountEvent) => void) | undefined;
  /** Where log lines go instead of standard error: pino, or what is called as pino is. */
  logger?: Logger | undefined;
}

/** What happens in a mount: in the engine, in a request that failed, or when the app could not be opened. */
export type MountEvent = EngineEvent | HttpEvent | { name: "app.failed"; reason: string; at: string[] };
