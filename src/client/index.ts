/** The client of Sluice's HTTP API: typed, without dependencies, for browsers and Node from 22 on. */
import type {
  AcceptedBatch,
  AcceptedImport,
  ApiLanguage,
  Change,
  DeliveryQuery,
  ImportedFile,
  ImporterSummary,
  ImporterWithFields,
  ImportStatus,
  MailSettings,
  MailSettingsChange,
  Me,
  NewSource,
  NewWebhook,
  Owner,
  Page,
  PageQuery,
  QueueState,
  RefusedRecord,
  SinkRebuild,
  Source,
  SourceChanges,
  SourceFile,
  SourceFileQuery,
  SourceKinds,
  Template,
  Upload,
  Webhook,
  WebhookChanges,
  WebhookDelivery,
  WebhookRotation,
  WebhookWithSecret,
} from "./api.ts";
import { type CallOptions, type ClientOptions, Connection } from "./connection.ts";
import { Imports } from "./imports.ts";
import { type ImportFileOptions, importFile } from "./one-shot.ts";
import { type UploadOptions, type UploadSource, uploadFile } from "./upload.ts";
import { type WatchOptions, watchAll } from "./watch.ts";

export type * from "./api.ts";
export type { CallOptions, ClientOptions } from "./connection.ts";
export { ClientError, type Problem, type Refusal, RefusedError } from "./error.ts";
export type { DownloadName, Imports, WaitOptions } from "./imports.ts";
export type { ImportFileOptions } from "./one-shot.ts";
export type { RealtimeSource } from "./realtime-source.ts";
export type { UploadOptions, UploadSource } from "./upload.ts";
export type { WatchOptions } from "./watch.ts";

export interface Client {
  /** The same client, whose server speaks another language. */
  inLanguage(language: ApiLanguage): Client;
  /** Who the server takes you for. */
  me(options?: CallOptions): Promise<Me>;
  /** Begins a session with the code of a sign-in link, or the link. @throws ClientError `unauthorized` */
  signIn(codeOrLink: string, options?: CallOptions): Promise<Me>;
  signOut(options?: CallOptions): Promise<void>;
  /**
   * Uploads a file, going on where it was when the network fails.
   *
   * @throws ClientError `invalid` when it is no table, `too_large`, `network` when the server stays away.
   */
  upload(source: UploadSource, options?: UploadOptions): Promise<Upload>;
  /**
   * A file in one request, imported without a review. With the results where the importer is synchronous and they come in time; else
   * `importStatus(data.jobId)` tells how far it is.
   *
   * @throws RefusedError for a file that does not serve: no import was made of it.
   * @example
   * const { data } = await client.importFile("products", file, { mapping: { "Art. no.": "code" } });
   */
  importFile(
    importer: string,
    source: UploadSource,
    options?: ImportFileOptions,
  ): Promise<AcceptedImport | ImportedFile>;
  /** Rows as JSON, by the batch route of an importer: its path, such as `batch-import-activities`. @throws RefusedError */
  importBatch(path: string, body: object, options?: CallOptions): Promise<AcceptedBatch>;
  /** How far an import is, and what came of it. */
  importStatus(jobId: string | number, options?: CallOptions): Promise<ImportStatus["data"]>;
  uploads: {
    get(id: string, options?: CallOptions & { importer?: string }): Promise<Upload>;
    /** Those that are on their way or wait for an import. */
    list(options?: CallOptions): Promise<Upload[]>;
    delete(id: string, options?: CallOptions): Promise<void>;
  };
  importers: {
    list(options?: CallOptions & { lang?: ApiLanguage }): Promise<ImporterSummary[]>;
    get(name: string, options?: CallOptions & { lang?: ApiLanguage }): Promise<ImporterWithFields>;
    /** Who may own the records, by a part of their name or e-mail, or by ids. `importId`: who shares that import's context. */
    owners(
      name: string,
      options?: CallOptions & { search?: string; ids?: readonly string[]; importId?: number; limit?: number },
    ): Promise<Owner[]>;
    /** A row as JSON Schema (2020-12). */
    schema(name: string, options?: CallOptions & { lang?: ApiLanguage }): Promise<Record<string, unknown>>;
    /** A file to fill in: CSV, or a workbook whose columns keep leading zeros and offer choices. */
    template(name: string, options?: CallOptions & { lang?: ApiLanguage; format?: "csv" | "xlsx" }): Promise<Response>;
  };
  imports: Imports;
  /** Remembered mappings. */
  templates: {
    list(
      filter?: PageQuery & { importer?: string; fingerprint?: string; importId?: number },
      options?: CallOptions,
    ): Promise<Page<Template>>;
    get(id: number, options?: CallOptions): Promise<Template>;
    /** Remembers an import's mapping and options now, before it is completed. */
    save(importId: number, options?: CallOptions & { name?: string }): Promise<Template>;
    /** Null takes its name away. */
    rename(id: number, name: string | null, options?: CallOptions): Promise<Template>;
    delete(id: number, options?: CallOptions): Promise<void>;
  };
  /** What waits for a worker, what is under way, and who is at work. @throws ClientError `forbidden` for who is no admin. */
  queue(options?: CallOptions): Promise<QueueState>;
  /** Puts in again what failed for good; for admins. */
  redrive(options?: CallOptions): Promise<{ deliveries: number }>;
  /** The sinks of importers, by the names that `queue()` tells; for operators. */
  sinks: {
    /** Records that it refused, the latest first. */
    refused(name: string, page?: PageQuery, options?: CallOptions): Promise<Page<RefusedRecord>>;
    /** Puts in again what it refused, and lets it go on when it has stopped. */
    retry(name: string, options?: CallOptions): Promise<{ records: number }>;
    /** Has its index built anew beside the one in use. @throws ClientError `conflict` while that is under way. */
    rebuild(name: string, options?: CallOptions): Promise<SinkRebuild>;
    cancelRebuild(name: string, options?: CallOptions): Promise<void>;
  };
  /** Which mails about your imports you get. */
  mail: {
    get(options?: CallOptions): Promise<MailSettings>;
    /** @throws ClientError `invalid` */
    change(changes: MailSettingsChange, options?: CallOptions): Promise<MailSettings>;
  };
  /** Addresses of other programs that are told of imports; for admins. */
  webhooks: {
    list(options?: CallOptions): Promise<{ items: Webhook[] }>;
    /** Its secret is told this once. @throws ClientError `invalid` or `forbidden` for an address that it must not be. */
    create(webhook: NewWebhook, options?: CallOptions): Promise<WebhookWithSecret>;
    change(id: number, changes: WebhookChanges, options?: CallOptions): Promise<Webhook>;
    delete(id: number, options?: CallOptions): Promise<void>;
    /** A new secret; the old one signs as well for a while. */
    rotate(id: number, rotation?: WebhookRotation, options?: CallOptions): Promise<WebhookWithSecret>;
    /** What it was told, the newest first. */
    deliveries(id: number, query?: DeliveryQuery, options?: CallOptions): Promise<Page<WebhookDelivery>>;
    /** Delivers again, under the same id. */
    redeliver(id: number, deliveryId: string, options?: CallOptions): Promise<WebhookDelivery>;
  };
  /** Places that files are fetched from; for admins. One that a config has is changed and deleted there alone: `conflict`. */
  sources: {
    list(page?: PageQuery, options?: CallOptions): Promise<Page<Source>>;
    /** Which kinds of place a new one may have on this server. */
    kinds(options?: CallOptions): Promise<SourceKinds>;
    get(id: number, options?: CallOptions): Promise<Source>;
    /** @throws ClientError `invalid` or `forbidden` for a place that it must not be, `conflict` for a name that is taken. */
    create(source: NewSource, options?: CallOptions): Promise<Source>;
    /** A `place` as a whole, with its secrets. */
    change(id: number, changes: SourceChanges, options?: CallOptions): Promise<Source>;
    /** Its imports stay. */
    delete(id: number, options?: CallOptions): Promise<void>;
    /** Looks at its place now; one that has stopped or is paused works again. */
    run(id: number, options?: CallOptions): Promise<Source>;
    pause(id: number, options?: CallOptions): Promise<Source>;
    /** By its schedule. */
    resume(id: number, options?: CallOptions): Promise<Source>;
    /** What is known of its files, the latest first. */
    files(id: number, query?: SourceFileQuery, options?: CallOptions): Promise<Page<SourceFile>>;
    /** Fetches a file again that failed or was skipped, or whose import was cancelled or undone. @throws ClientError `conflict` for any other */
    retry(id: number, fileId: number, options?: CallOptions): Promise<void>;
  };
  /** Whatever happens to the imports that you may see, from now on. */
  watchAll(options?: WatchOptions): AsyncGenerator<Change>;
}

/**
 * @example
 * const client = createClient({ baseUrl: "https://import.example.com", token });
 * const upload = await client.upload(file, { onProgress: ({ sentBytes }) => show(sentBytes) });
 * const { id } = await client.imports.create({ uploadId: upload.id, importer: "leads", start: true });
 * await client.imports.waitFor(id, { status: "ready" });
 * await client.imports.commit(id);
 * const done = await client.imports.waitFor(id, { status: "completed" });
 */
export function createClient(options: ClientOptions = {}): Client {
  return clientOf(new Connection(options));
}

function clientOf(connection: Connection): Client {
  const named = encodeURIComponent;
  return {
    inLanguage: (language) => clientOf(connection.inLanguage(language)),
    me: ({ signal } = {}) => connection.json("GET", "/me", { signal }),
    signIn: (codeOrLink, options) => connection.signIn(codeOrLink, options),
    signOut: ({ signal } = {}) => connection.json("POST", "/sign-out", { signal }),
    upload: (source, uploadOptions = {}) => uploadFile(connection, source, uploadOptions),
    importFile: (importer, source, fileOptions = {}) => importFile(connection, importer, source, fileOptions),
    importBatch: (path, body, { signal } = {}) => connection.json("POST", `/${named(path)}`, { body, signal }),
    importStatus: async (jobId, { signal } = {}) =>
      (await connection.json<ImportStatus>("GET", `/import/status/${named(String(jobId))}`, { signal })).data,
    uploads: {
      get: (id, { importer, signal } = {}) =>
        connection.json("GET", `/uploads/${named(id)}`, { query: { importer }, signal }),
      list: async ({ signal } = {}) =>
        (await connection.json<{ items: Upload[] }>("GET", "/uploads", { signal })).items,
      delete: (id, { signal } = {}) => connection.json("DELETE", `/uploads/${named(id)}`, { signal }),
    },
    importers: {
      list: async ({ lang, signal } = {}) =>
        (await connection.json<{ items: ImporterSummary[] }>("GET", "/importers", { query: { lang }, signal })).items,
      get: (name, { lang, signal } = {}) =>
        connection.json("GET", `/importers/${named(name)}`, { query: { lang }, signal }),
      owners: async (name, { ids, signal, ...query } = {}) =>
        (
          await connection.json<{ items: Owner[] }>("GET", `/importers/${named(name)}/owners`, {
            query: { ...query, id: ids },
            signal,
          })
        ).items,
      schema: (name, { lang, signal } = {}) =>
        connection.json("GET", `/importers/${named(name)}/schema`, { query: { lang }, signal }),
      template: (name, { lang, format = "csv", signal } = {}) =>
        connection.repeatedly("GET", `/importers/${named(name)}/template.${format}`, { query: { lang }, signal }),
    },
    imports: new Imports(connection),
    templates: {
      list: (filter = {}, { signal } = {}) => connection.json("GET", "/templates", { query: filter, signal }),
      get: (id, { signal } = {}) => connection.json("GET", `/templates/${id}`, { signal }),
      save: (importId, { name, signal } = {}) =>
        connection.json("PUT", "/templates", { body: { importId, name }, signal }),
      rename: (id, name, { signal } = {}) => connection.json("PATCH", `/templates/${id}`, { body: { name }, signal }),
      delete: (id, { signal } = {}) => connection.json("DELETE", `/templates/${id}`, { signal }),
    },
    queue: ({ signal } = {}) => connection.json("GET", "/queue", { signal }),
    redrive: ({ signal } = {}) => connection.json("POST", "/queue/redrive", { signal }),
    sinks: {
      refused: (name, page = {}, { signal } = {}) =>
        connection.json("GET", `/sinks/${named(name)}/refused`, { query: page, signal }),
      retry: (name, { signal } = {}) => connection.json("POST", `/sinks/${named(name)}/retry`, { signal }),
      rebuild: (name, { signal } = {}) => connection.json("POST", `/sinks/${named(name)}/rebuild`, { signal }),
      cancelRebuild: (name, { signal } = {}) => connection.json("DELETE", `/sinks/${named(name)}/rebuild`, { signal }),
    },
    mail: {
      get: ({ signal } = {}) => connection.json("GET", "/me/mail", { signal }),
      change: (body, { signal } = {}) => connection.json("PATCH", "/me/mail", { body, signal }),
    },
    webhooks: {
      list: ({ signal } = {}) => connection.json("GET", "/webhooks", { signal }),
      create: (body, { signal } = {}) => connection.json("POST", "/webhooks", { body, signal }),
      change: (id, body, { signal } = {}) => connection.json("PATCH", `/webhooks/${id}`, { body, signal }),
      delete: (id, { signal } = {}) => connection.json("DELETE", `/webhooks/${id}`, { signal }),
      rotate: (id, body = {}, { signal } = {}) => connection.json("POST", `/webhooks/${id}/rotate`, { body, signal }),
      deliveries: (id, query = {}, { signal } = {}) =>
        connection.json("GET", `/webhooks/${id}/deliveries`, { query, signal }),
      redeliver: (id, deliveryId, { signal } = {}) =>
        connection.json("POST", `/webhooks/${id}/deliveries/${named(deliveryId)}/redeliver`, { signal }),
    },
    sources: {
      list: (page = {}, { signal } = {}) => connection.json("GET", "/sources", { query: page, signal }),
      kinds: ({ signal } = {}) => connection.json("GET", "/sources/kinds", { signal }),
      get: (id, { signal } = {}) => connection.json("GET", `/sources/${id}`, { signal }),
      create: (body, { signal } = {}) => connection.json("POST", "/sources", { body, signal }),
      change: (id, body, { signal } = {}) => connection.json("PATCH", `/sources/${id}`, { body, signal }),
      delete: (id, { signal } = {}) => connection.json("DELETE", `/sources/${id}`, { signal }),
      run: (id, { signal } = {}) => connection.json("POST", `/sources/${id}/run`, { signal }),
      pause: (id, { signal } = {}) => connection.json("POST", `/sources/${id}/pause`, { signal }),
      resume: (id, { signal } = {}) => connection.json("POST", `/sources/${id}/resume`, { signal }),
      files: (id, query = {}, { signal } = {}) => connection.json("GET", `/sources/${id}/files`, { query, signal }),
      retry: (id, fileId, { signal } = {}) =>
        connection.json("POST", `/sources/${id}/files/${fileId}/retry`, { signal }),
    },
    watchAll: (watchOptions = {}) => watchAll(connection, watchOptions),
  };
}
