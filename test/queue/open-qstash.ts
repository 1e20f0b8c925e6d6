/** A mount whose imports QStash wakes, with a deliverer that behaves as QStash does, on a fresh database. */
import { expect, onTestFinished } from "vitest";
import { type App, openApp } from "../../src/app.ts";
import { type Config, resolveConfig } from "../../src/config.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { createApp, type MountedApp } from "../../src/program/index.ts";
import type { MountEvent, MountOptions } from "../../src/server/mount-options.ts";
import { type FreshDatabase, freshDatabase } from "../fresh-database.ts";
import { Deliverer, type DelivererOptions, keys, type Message } from "../qstash-deliverer.ts";
import { freshFolder } from "../run-cli.ts";

export const address = "https://crm.example.com";
export const tasks = `${address}/api/v1/tasks`;

/** A message of its own, as QStash would post it. */
export function message(step: string, body: object | string, rest: Partial<Message> = {}): Message {
  return {
    messageId: "msg_1",
    url: `${tasks}/${step}`,
    body: typeof body === "string" ? body : JSON.stringify(body),
    retries: 3,
    forwarded: {},
    failureCallback: null,
    callbackForwarded: {},
    flow: null,
    scheduleId: null,
    retried: 0,
    due: 0,
    ...rest,
  };
}

export interface OpenQstash {
  app: MountedApp;
  deliverer: Deliverer;
  database: FreshDatabase["database"];
  events: MountEvent[];
  /** Makes an import that commits by itself; returns its number. */
  bring(text: string): Promise<number>;
  statusOf(id: number): Promise<string>;
  count(table?: string): Promise<number>;
  get<T>(path: string): Promise<T>;
  post(path: string, body?: object): Promise<Response>;
  /** What another program of the same app has. */
  shared: Omit<MountOptions, "authenticate" | "onEvent">;
}

export interface OpenQstashOptions extends DelivererOptions {
  settings?: Partial<MountOptions>;
  /** Between the deliverer and the app. */
  between?: (request: Request, send: (request: Request) => Promise<Response>) => Promise<Response>;
}

/** Call it in a test: everything is closed when the test is over. */
export async function openQstash({ settings, between, ...options }: OpenQstashOptions = {}): Promise<OpenQstash> {
  const { url, database } = await freshDatabase();
  const send = (request: Request): Promise<Response> => app.fetch(request);
  const deliverer = await new Deliverer({
    send: between === undefined ? send : (request) => between(request, send),
    ...options,
  }).listen();
  const events: MountEvent[] = [];
  const shared = {
    databaseUrl: url,
    dataDir: await freshFolder(),
    importers: [leads],
    queueKind: "auto",
    appUrl: address,
    qstashUrl: deliverer.url,
    qstashToken: "token-of-this-test",
    qstashCurrentSigningKey: keys.current,
    qstashNextSigningKey: keys.next,
    chunkRows: 500,
    batchBytes: 65_536,
    logLevel: "silent",
    ...settings,
  } satisfies MountOptions;
  const app = createApp({
    ...shared,
    authenticate: async () => ({ id: "ann", name: "Ann", role: "operator" }),
    onEvent: (event) => events.push(event),
  });
  onTestFinished(async () => {
    await deliverer.close();
    await app.close();
  });
  const at = (path: string): string => `${address}/api/v1${path}`;
  const get = async <T>(path: string): Promise<T> => (await app.fetch(new Request(at(path)))).json() as Promise<T>;
  return {
    app,
    deliverer,
    database,
    events,
    shared,
    async bring(text) {
      const form = new FormData();
      form.set("import", JSON.stringify({ importer: "leads", start: true, options: { autoCommit: true } }));
      form.set("file", new File([text], "leads.csv"));
      const made = await app.fetch(new Request(at("/imports"), { method: "POST", body: form }));
      expect(made.status).toBe(202);
      return ((await made.json()) as { id: number }).id;
    },
    statusOf: async (id) => (await get<{ status: string }>(`/imports/${id}`)).status,
    count: async (table = "leads") =>
      (await database.pool.query(`select count(*)::int as n from ${table}`)).rows[0].n as number,
    get,
    post: (path, body) =>
      app.fetch(
        new Request(at(path), {
          method: "POST",
          ...(body !== undefined && {
            body: JSON.stringify(body),
            headers: { "content-type": "application/json" },
          }),
        }),
      ),
  };
}

/** What was answered to each delivery, by the route that it went to. */
export function outcomes(deliverer: Deliverer): { step: string; status: number; outcome: unknown }[] {
  return deliverer.deliveries.map(({ url, status, answer }) => ({
    step: url.split("/").at(-1) as string,
    status,
    outcome: answer.startsWith("{") ? (JSON.parse(answer) as { outcome?: unknown }).outcome : null,
  }));
}

/** The worker of such a mount alone, with a config as no environment could say it, such as slices that are over at once. */
export async function openCalled(
  { deliverer, shared }: Pick<OpenQstash, "deliverer" | "shared">,
  config: Partial<Config>,
): Promise<App> {
  const { importers: _, queueKind: __, ...settings } = shared;
  const app = await openApp(
    { ...resolveConfig({}, settings, {}), importers: [leads], qstashUrl: deliverer.url, ...config },
    () => {},
    undefined,
    "worker",
    { tasksUrl: tasks },
  );
  onTestFinished(() => app.close());
  return app;
}
