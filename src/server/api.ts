/** The HTTP API of an app that is open: its adapters handed to http/. */
import { type App, mailServerOf } from "../app.ts";
import type { Config } from "../config.ts";
import type { UploadLimits } from "../core/store/uploads.ts";
import { filesConfig, foldersOf } from "../files/open-files.ts";
import { formats } from "../formats/formats.ts";
import { kindOf } from "../formats/signature.ts";
import { createHttpApi, type HttpApi, type HttpApiOptions } from "../http/api.ts";
import type { AccessOptions } from "../http/auth/auth.ts";
import { InspectorHost } from "./inspector-host.ts";

/** @example const api = apiOf(app, config); serve({ fetch: api.fetch }); */
export function apiOf(
  { engine, database, files, importers, queue, outbox, sources, webhooks, webhookSender, analyst }: App,
  config: Config,
  {
    access,
    ...options
  }: Pick<
    HttpApiOptions,
    "access" | "authenticate" | "basePath" | "origins" | "onEvent" | "page" | "stopping" | "uploadLimits"
  > = {},
): HttpApi {
  // Where instances are frozen between two requests, a thread would be too.
  const look = config.hosting.platform === null ? new InspectorHost({ files: filesConfig(config) }) : undefined;
  const api = createHttpApi({
    engine,
    files,
    format: formats,
    importers,
    database: { query: (text, values = []) => database.session((session) => session.foreign(text, values)) },
    places: foldersOf(config),
    judge: (head, fileName) => void kindOf(fileName, head),
    language: config.language,
    access: accessOf(config, access),
    uploadLimits: uploadLimitsOf(config),
    origins: config.origins,
    queue,
    outbox,
    webhooks: { store: webhooks, sender: webhookSender },
    mailRows: mailServerOf(config) === null ? null : config.mailRows,
    sources,
    analyst,
    ...(look !== undefined && { look }),
    ...options,
  });
  return {
    ...api,
    async close() {
      await api.close();
      await look?.close();
    },
  };
}

function uploadLimitsOf(config: Config): UploadLimits {
  const { uploadMaxBytes, maxPieceBytes, uploadQuotaFiles, uploadQuotaBytes, uploadKeepHours } = config;
  return {
    fileBytes: uploadMaxBytes,
    pieceBytes: maxPieceBytes,
    quota: { files: uploadQuotaFiles, bytes: uploadQuotaBytes },
    keepMs: uploadKeepHours * 3600 * 1000,
  };
}

/** Who may come in, and from where: as the program says, else as the settings do. */
function accessOf(config: Config, given: AccessOptions = {}): AccessOptions {
  const { publicUrl, proxies, requestsPerMinute, metricsToken, metricsOnLoopback } = config;
  const { jwtSecret, jwksUrl, jwtIssuer, jwtAudience } = config;
  const jwt =
    jwtSecret === "" && jwksUrl === ""
      ? undefined
      : {
          secret: jwtSecret || undefined,
          jwksUrl: jwksUrl || undefined,
          issuer: jwtIssuer.length > 0 ? jwtIssuer : undefined,
          audience: jwtAudience.length > 0 ? jwtAudience : undefined,
        };
  return {
    publicUrl: publicUrl || undefined,
    proxies,
    requestsPerMinute,
    metricsToken: metricsToken || undefined,
    metricsOnLoopback,
    jwt,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  };
}
