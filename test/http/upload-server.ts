/** The upload routes alone, on real sockets: any number of servers on one database and one data folder. */
import { createHash } from "node:crypto";
import { createServer, request as httpRequest, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { OpenAPIHono } from "@hono/zod-openapi";
import { onTestFinished } from "vitest";
import type { Files } from "../../src/core/ports.ts";
import { defaultUploadLimits, type UploadLimits, type Uploads } from "../../src/core/store/uploads.ts";
import type { User } from "../../src/core/users.ts";
import { diskFiles } from "../../src/files/disk.ts";
import { kindOf } from "../../src/formats/signature.ts";
import { Intake } from "../../src/http/intake/intake.ts";
import { answerProblem, problemOf } from "../../src/http/request/problem.ts";
import { Reach } from "../../src/http/request/reach.ts";
import { type HttpEnv, type HttpParts, languageOf } from "../../src/http/request/request-context.ts";
import { uploadPartRoutes, uploadRoutes } from "../../src/http/uploads/uploads.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { Database } from "../../src/postgres/connection/connect.ts";
import { Listener } from "../../src/postgres/connection/listener.ts";
import { postgresUploads } from "../../src/postgres/jobs/uploads.ts";
import { type FlakyProxy, flakyProxy, seededRandom } from "../flaky-proxy.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";

export interface UploadServer {
  /** Of the API. */
  url: string;
  uploads: Uploads;
  files: Files;
  intake: Intake;
  /** A request without a socket, as another server hands it over. */
  fetch(request: Request): Promise<Response>;
  /** As when its process is killed: every connection is cut, nothing is tidied up. */
  kill(): Promise<void>;
}

export interface UploadPlace {
  folder: string;
  database: Database;
  start(options?: { limits?: Partial<UploadLimits>; files?: Files }): Promise<UploadServer>;
}

const withoutImporters = {
  importers: new Map([[leads.name, leads]]),
  database: { query: async () => ({ rows: [] }) },
  contextsOf: async () => [],
};

/** Whose request it is stands in its `x-user` header. */
export async function uploadPlace(): Promise<UploadPlace> {
  const { database, url } = await freshDatabase();
  const folder = await freshFolder();
  return {
    folder,
    database,
    async start({ limits, files = diskFiles(folder) } = {}) {
      const connection = new Database(url, 4);
      const listener = new Listener(connection, null);
      const uploads = postgresUploads(connection, listener);
      const judge = (head: Uint8Array, name: string): void => void kindOf(name, head);
      const intake = new Intake({ files, uploads, judge, limits: { ...defaultUploadLimits, ...limits } });
      const app = new OpenAPIHono<HttpEnv>();
      app.use(async (c, next) => {
        const id = c.req.header("x-user") ?? "anna";
        const user: User = { id, name: id, role: "user" };
        c.set("user", user);
        c.set("reach", new Reach(withoutImporters, user, c.req.raw));
        await next();
      });
      app.onError((error, c) => {
        const { retryAfterSeconds } = error as { retryAfterSeconds?: number };
        if (retryAfterSeconds !== undefined) c.header("Retry-After", String(retryAfterSeconds));
        const language = languageOf(c, { language: "en" });
        return answerProblem(c, problemOf(error, language), language);
      });
      const parts = {
        intake,
        root: "/api/v1",
        importers: new Map(),
        language: "en",
        places: [],
      } as unknown as HttpParts;
      for (const routes of [uploadPartRoutes, uploadRoutes]) app.route("/api/v1", routes(parts));
      const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
      const sockets = new Set<Socket>();
      server.on("connection", (socket: Socket) => {
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const close = once(async () => {
        for (const socket of sockets) socket.destroy();
        await closed(server);
      });
      onTestFinished(async () => {
        await close();
        await listener.close();
        await connection.close();
      });
      return {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`,
        uploads,
        files,
        intake,
        fetch: async (request) => app.fetch(request),
        kill: close,
      };
    },
  };
}

/** A server of the place behind a proxy that cuts at random bytes; each cut kills it, and another is there when it is seen. */
export async function serverBehindCuts(
  place: UploadPlace,
  {
    seed,
    cuts,
    withinBytes,
    filesOf,
  }: { seed: number; cuts: number; withinBytes: number; filesOf?: () => Promise<Files> },
): Promise<FlakyProxy> {
  const start = async (): Promise<UploadServer> => place.start({ files: await filesOf?.() });
  let server = await start();
  const proxy = await flakyProxy(server.url);
  const random = seededRandom(seed);
  proxy.cuts = Array.from({ length: cuts }, () => Math.floor(random() * withinBytes));
  proxy.onCut = async () => {
    await server.kill();
    server = await start();
    proxy.target = server.url;
  };
  return proxy;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A CSV file of about so many bytes, the same each time. */
export function csvOf(sizeBytes: number): Buffer {
  const lines = ["id,name,email\n"];
  for (let length = lines[0].length, id = 1; length < sizeBytes; id++) {
    const line = `${id},Person ${(id * 7919) % 100_003},person${id}@example.com\n`;
    lines.push(line);
    length += line.length;
  }
  return Buffer.from(lines.join("")).subarray(0, sizeBytes);
}

/** A form as a browser writes it. */
export function formOf(boundary: string, parts: readonly { headers: string; body: string | Uint8Array }[]): Buffer {
  return Buffer.concat([
    ...parts.flatMap(({ headers, body }) => [
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${headers}\r\n\r\n`),
      Buffer.from(body as string),
      Buffer.from("\r\n"),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
}

/** Sends the first bytes of a tus PATCH and cuts the connection once the server has read them. */
export async function cutPatch(location: string, offset: number, bytes: Uint8Array, whole: number): Promise<void> {
  const request = httpRequest(location, {
    method: "PATCH",
    headers: {
      "tus-resumable": "1.0.0",
      "upload-offset": offset,
      "content-type": "application/offset+octet-stream",
      "content-length": whole,
    },
  });
  request.on("error", () => {});
  await new Promise<void>((resolve) => request.write(bytes, () => resolve()));
  await new Promise<void>((resolve) => {
    request.on("close", () => resolve());
    request.destroy();
  });
}

// biome-ignore lint/suspicious/noExplicitAny: what a test asks of it stands in the test
export async function jsonOf(answer: Response | Promise<Response>): Promise<any> {
  return (await answer).json();
}
