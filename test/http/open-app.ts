/** The HTTP API on a fresh database with everything in this process: requests without a socket, and work done where a test says so. */
import { expect, onTestFinished } from "vitest";
import type { Importer } from "../../src/core/importer.ts";
import type { Files } from "../../src/core/ports.ts";
import type { User } from "../../src/core/users.ts";
import { diskFiles } from "../../src/files/disk.ts";
import { formats } from "../../src/formats/formats.ts";
import { kindOf } from "../../src/formats/signature.ts";
import type { HttpApiOptions } from "../../src/http/api.ts";
import { createHttpApi } from "../../src/http/api.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { webhookSender } from "../../src/notify/webhook.ts";
import { openOutbound } from "../../src/outbound/outbound.ts";
import { type OpenEngine, openEngine, workToEnd } from "../open-engine.ts";
import { type ApiDocument, operationFor, undocumented } from "./document.ts";

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  bytes: Uint8Array;
  // biome-ignore lint/suspicious/noExplicitAny: what a test asks of it stands in the test
  json: any;
}

/** Operations that tests of this process have called, as `GET /imports/{id}`. Whoever counts them empties it first. */
export const called = new Set<string>();

/**
 * What the API says of itself, which takes longer to write than a request to answer. Of all importers and options only these two change
 * it.
 */
let usual: Promise<ApiDocument> | undefined;
const changesDocument = (importers: readonly Importer[], options: Partial<HttpApiOptions>): boolean =>
  importers.some(({ batch }) => batch !== undefined) || options.basePath !== undefined;

export interface OpenApp extends OpenEngine {
  app: ReturnType<typeof createHttpApi>;
  /** `as`: whose request; default the admin. */
  call(
    method: string,
    path: string,
    body?: unknown,
    options?: { as?: string; headers?: Record<string, string> },
  ): Promise<Answer>;
  /** Brings a file; returns the id of the upload. */
  upload(text: string | Uint8Array, name?: string, as?: string): Promise<string>;
  work(jobId: number): Promise<void>;
  document(): Promise<ApiDocument>;
  /** Names of the events of an import, in their order. */
  events(jobId: number): Promise<string[]>;
}

export const people: Readonly<Record<string, User>> = {
  admin: { id: "admin", name: "admin", role: "admin" },
  anna: { id: "anna", name: "Anna", role: "user" },
  bo: { id: "bo", name: "Bo", role: "user" },
};

/** Call it in a test: everything goes when the test is over. */
export async function openApp(
  importers: readonly Importer[] = [leads],
  ddl = "",
  {
    waitingLimit,
    unfinishedLimit,
    filesIn = diskFiles,
    ...options
  }: Partial<HttpApiOptions> & {
    waitingLimit?: number;
    unfinishedLimit?: number;
    filesIn?: (folder: string) => Files;
  } = {},
): Promise<OpenApp> {
  const opened = await openEngine(importers, ddl, { waitingLimit, unfinishedLimit, filesIn });
  const files = filesIn(opened.folder);
  const app = createHttpApi({
    engine: opened.engine,
    files,
    format: formats,
    importers: new Map(importers.map((each) => [each.name, each])),
    database: { query: (text, values = []) => opened.database.session((session) => session.foreign(text, values)) },
    authenticate: async (request) => people[request.headers.get("authorization")?.slice(7) ?? ""] ?? null,
    heartbeatMs: 500,
    places: [opened.folder],
    judge: (head, name) => void kindOf(name, head),
    webhooks: { store: opened.store.webhooks, sender: webhookSender(openOutbound()) },
    ...options,
  });
  onTestFinished(() => app.close());
  const described = (): Promise<ApiDocument> =>
    Promise.resolve(app.fetch(new Request("http://sluice.test/api/v1/openapi.json"))).then(
      (response) => response.json() as Promise<ApiDocument>,
    );
  let own: Promise<ApiDocument> | undefined;
  const document = (): Promise<ApiDocument> =>
    changesDocument(importers, options) ? (own ??= described()) : (usual ??= described());
  return {
    ...opened,
    app,
    work: (jobId) => workToEnd(opened.engine, jobId),
    async upload(bytes, name = "leads.csv", as = "admin") {
      const response = await app.fetch(
        new Request(`http://sluice.test/api/v1/uploads?name=${encodeURIComponent(name)}`, {
          method: "POST",
          headers: { authorization: `Bearer ${as}`, "content-type": "application/octet-stream" },
          body: bytes as string,
        }),
      );
      const { id } = (await response.json()) as { id: string };
      return id;
    },
    document,
    events: async (jobId) => (await opened.engine.events.list(jobId)).map(({ name }) => name),
    async call(method, path, body, { as = "admin", headers = {} } = {}) {
      const isOfRoot = path.startsWith("/healthz") || path.startsWith("/readyz");
      const url = new URL(`http://sluice.test${isOfRoot ? "" : "/api/v1"}${path}`);
      const response = await app.fetch(
        new Request(url, {
          method,
          headers: {
            ...(as !== "" && { authorization: `Bearer ${as}` }),
            ...(body !== undefined && !(body instanceof FormData) && { "content-type": "application/json" }),
            ...headers,
          },
          ...(body !== undefined && {
            body: typeof body === "string" || body instanceof FormData ? body : JSON.stringify(body),
          }),
        }),
      );
      const bytes = new Uint8Array(await response.arrayBuffer());
      const contentType = response.headers.get("content-type");
      const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
      const json = contentType?.includes("json") && text !== "" ? JSON.parse(text) : null;
      const described = await document();
      const operation = operationFor(described, method, url.pathname);
      if (operation !== undefined) {
        called.add(`${method} ${operation.path}`);
        // An answer to HEAD has the headers of one with a body.
        if (method !== "HEAD")
          expect(undocumented(described, operation, { status: response.status, contentType, json })).toEqual([]);
      }
      return { status: response.status, headers: response.headers, text, bytes, json };
    },
  };
}
