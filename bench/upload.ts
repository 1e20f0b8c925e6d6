/**
 * Uploads against copying the same bytes through a bare Node HTTP server: `node bench/upload.ts [megabytes] [rounds]`.
 * Each server is a process of its own; rounds alternate, medians count. Prints the ratio of each way to the bare copy, and
 * the most memory that the server took above what it began with.
 */
import { fork } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";

interface ServerMessage {
  url?: string;
  peakBytes?: number;
}

const self = fileURLToPath(import.meta.url);

async function serveBare(folder: string): Promise<void> {
  const server = createServer((incoming, outgoing) => {
    if (incoming.method !== "POST") {
      outgoing.end();
      return;
    }
    pipeline(incoming, createWriteStream(join(folder, "copy"))).then(
      () => outgoing.end("done"),
      (error) => outgoing.destroy(error),
    );
  });
  server.listen(0, "127.0.0.1", () => tell({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
}

async function serveSluice(folder: string, databaseUrl: string): Promise<void> {
  const { getRequestListener } = await import("@hono/node-server");
  const { OpenAPIHono } = await import("@hono/zod-openapi");
  const { diskFiles } = await import("../src/files/disk.ts");
  const { kindOf } = await import("../src/formats/signature.ts");
  const { Intake } = await import("../src/http/intake/intake.ts");
  const { uploadRoutes } = await import("../src/http/uploads/uploads.ts");
  const { Database } = await import("../src/postgres/connection/connect.ts");
  const { Listener } = await import("../src/postgres/connection/listener.ts");
  const { postgresUploads } = await import("../src/postgres/jobs/uploads.ts");
  const database = new Database(databaseUrl, 4);
  const intake = new Intake({
    files: diskFiles(folder),
    uploads: postgresUploads(database, new Listener(database, null)),
    judge: (head, name) => void kindOf(name, head),
  });
  const app = new OpenAPIHono<import("../src/http/request/request-context.ts").HttpEnv>();
  app.use(async (c, next) => {
    c.set("user", { id: "bench", name: "bench", role: "user" });
    await next();
  });
  app.route("/", uploadRoutes({ intake, root: "", importers: new Map() } as never));
  const server = createServer(getRequestListener(app.fetch));
  server.listen(0, "127.0.0.1", () => tell({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
}

function tell(message: ServerMessage): void {
  process.send?.(message);
  const idleBytes = process.memoryUsage.rss();
  let peakBytes = 0;
  setInterval(() => {
    const now = process.memoryUsage.rss() - idleBytes;
    if (now <= peakBytes) return;
    peakBytes = now;
    process.send?.({ peakBytes });
  }, 20).unref();
}

/** Sends pieces until so many bytes have gone; resolves with the answer. */
function send(
  url: string,
  options: { method: string; headers: Record<string, string | number> },
  piece: Buffer,
  pieces: number,
  around: [Buffer, Buffer] = [Buffer.alloc(0), Buffer.alloc(0)],
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  return new Promise((resolve, reject) => {
    const length = piece.length * pieces + around[0].length + around[1].length;
    const outgoing = request(
      url,
      { ...options, headers: { ...options.headers, "content-length": length } },
      async (incoming) => {
        let text = "";
        for await (const bytes of incoming) text += bytes;
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text });
      },
    );
    outgoing.on("error", reject);
    outgoing.write(around[0]);
    let sent = 0;
    const more = (): void => {
      while (sent < pieces) {
        sent++;
        if (!outgoing.write(piece)) {
          outgoing.once("drain", more);
          return;
        }
      }
      outgoing.end(around[1]);
    };
    more();
  });
}

async function main(megabytes: number, rounds: number): Promise<void> {
  const { startEmbeddedPostgres } = await import("../src/embedded/embedded.ts");
  const { Database } = await import("../src/postgres/connection/connect.ts");
  const { migrate } = await import("../src/postgres/schema/migrate.ts");
  const folder = await mkdtemp(join(tmpdir(), "sluice-bench-upload-"));
  await chmod(folder, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir: folder, lingerMs: 0 });
  const database = new Database(postgres.url, 1);
  await migrate(database);
  await database.close();
  const peaks: Record<string, number> = {};
  const children = ["bare", "sluice"].map((name) => {
    const child = fork(self, ["serve", name, folder, postgres.url]);
    const url = new Promise<string>((resolve) => {
      child.on("message", (message: ServerMessage) => {
        if (message.url !== undefined) resolve(message.url);
        if (message.peakBytes !== undefined) peaks[name] = message.peakBytes;
      });
    });
    return { child, url };
  });
  const [bare, sluice] = await Promise.all(children.map(({ url }) => url));
  const piece = Buffer.from(`a,b,c\n${randomBytes(384 * 1024).toString("base64")}`).subarray(0, 512 * 1024);
  const pieces = megabytes * 2;
  const whole = createHash("sha256");
  for (let k = 0; k < pieces; k++) whole.update(piece);
  const hash = whole.digest("hex");
  const boundary = "----bench";
  const around: [Buffer, Buffer] = [
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n`),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ];
  const check = async (answer: { text: string }): Promise<void> => {
    const upload = JSON.parse(answer.text);
    if (upload.hash !== hash) throw new Error(`not the same bytes: ${answer.text}`);
    await send(`${sluice}/uploads/${upload.id}`, { method: "DELETE", headers: {} }, Buffer.alloc(0), 0);
  };
  const ways: Record<string, () => Promise<number>> = {
    bare: async () => timed(() => send(bare, { method: "POST", headers: {} }, piece, pieces)),
    multipart: async () =>
      timed(
        () =>
          send(
            `${sluice}/uploads`,
            { method: "POST", headers: { "content-type": `multipart/form-data; boundary=${boundary}` } },
            piece,
            pieces,
            around,
          ),
        check,
      ),
    body: async () =>
      timed(
        () =>
          send(
            `${sluice}/uploads?name=a.csv`,
            { method: "POST", headers: { "content-type": "text/csv" } },
            piece,
            pieces,
          ),
        check,
      ),
    tus: async () => {
      const headers = { "tus-resumable": "1.0.0" };
      let location = "";
      return timed(
        async () => {
          const made = await send(
            `${sluice}/uploads/tus`,
            {
              method: "POST",
              headers: { ...headers, "upload-length": piece.length * pieces, "upload-metadata": "filename YS5jc3Y=" },
            },
            Buffer.alloc(0),
            0,
          );
          location = `${sluice}${made.headers.location}`;
          return send(
            location,
            {
              method: "PATCH",
              headers: { ...headers, "upload-offset": 0, "content-type": "application/offset+octet-stream" },
            },
            piece,
            pieces,
          );
        },
        async () => check({ text: await (await fetch(location.replace("/tus/", "/"))).text() }),
      );
    },
  };
  const times: Record<string, number[]> = {};
  const names = Object.keys(ways);
  for (let round = 0; round < rounds; round++) {
    // Whoever comes after another finds the disk busy with what that one wrote: each comes after each.
    for (let k = 0; k < names.length; k++) {
      const name = names[(round + k * (round % 2 === 0 ? 1 : names.length - 1)) % names.length];
      (times[name] ??= []).push(await ways[name]());
    }
  }
  for (const { child } of children) child.kill();
  await postgres.release();
  await rm(folder, { recursive: true, force: true });
  const median = (name: string): number => times[name].toSorted((a, b) => a - b)[Math.floor(rounds / 2)];
  for (const name of Object.keys(ways)) {
    const rate = (megabytes / median(name)) * 1000;
    console.log(
      `${name.padEnd(10)} ${median(name).toFixed(0).padStart(6)} ms ${rate.toFixed(0).padStart(6)} MB/s   × bare ${(median("bare") / median(name)).toFixed(2)}`,
    );
  }
  for (const [name, bytes] of Object.entries(peaks))
    console.log(`memory of ${name}: +${(bytes / 1024 ** 2).toFixed(0)} MB at most`);
}

async function timed<T extends { status: number; text: string }>(
  work: () => Promise<T>,
  check?: (answer: T) => Promise<void>,
): Promise<number> {
  const begun = performance.now();
  const answer = await work();
  const ms = performance.now() - begun;
  if (answer.status >= 300) throw new Error(`${answer.status}: ${answer.text}`);
  await check?.(answer);
  return ms;
}

const [mode, ...rest] = process.argv.slice(2);
if (mode === "serve") process.on("SIGTERM", () => process.exit());
if (mode === "serve") await (rest[0] === "bare" ? serveBare(rest[1]) : serveSluice(rest[1], rest[2]));
else await main(Number(mode ?? 150), Number(rest[0] ?? 5));
