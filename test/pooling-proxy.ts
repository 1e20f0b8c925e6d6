/**
 * A pooler in transaction mode, as spiteful as one may be: each transaction of a client goes to another backend than its
 * last one, and backends are closed after so many transactions. Speaks the wire protocol (PostgreSQL 18, chapter 54).
 */
import { type AddressInfo, createServer, type Socket } from "node:net";
import pg from "pg";
import { onTestFinished } from "vitest";

export interface PoolingProxy {
  /** In place of the target's. */
  url: string;
  /** Transactions that began on another backend than the client's last one. */
  moves: number;
  /** Clients that have gone. */
  gone: number;
}

export interface PoolingOptions {
  /** Backends at the same time. */
  backends?: number;
  /** A backend is closed after so many. */
  transactionsPerBackend?: number;
}

const startup = 196_608;
const sslRequest = 80_877_103;
const statusIdle = 0x49;

interface Backend {
  stream: Socket;
  transactions: number;
  client: PooledClient | null;
}

interface PooledClient {
  socket: Socket;
  /** Whole messages that wait for a backend. */
  waiting: Buffer[];
  backend: Backend | null;
  last: Backend | null;
  /** Answers that are still to come before it may be parted from its backend. */
  owed: number;
}

const refusedMs = 100;

/** Terminate (PostgreSQL 18, section 54.7). */
const farewell = Buffer.from([0x58, 0, 0, 0, 4]);

/** Of `target`, a database's URL. Who comes by it needs no password. */
export async function poolingProxy(
  target: string,
  { backends: most = 20, transactionsPerBackend = Number.POSITIVE_INFINITY }: PoolingOptions = {},
): Promise<PoolingProxy> {
  const idle: Backend[] = [];
  const all = new Set<Backend>();
  const clients = new Set<PooledClient>();
  /** Who waits for a backend, the first who came first. */
  const queue = new Set<PooledClient>();
  let opening = 0;
  let retry: NodeJS.Timeout | undefined;

  const open = async (): Promise<void> => {
    opening++;
    const login = new pg.Client({ connectionString: target, application_name: "pooled" });
    try {
      await login.connect();
    } catch {
      opening--;
      // As pgbouncer does where it is refused a backend: who waits goes on waiting, and it tries again.
      clearTimeout(retry);
      retry = setTimeout(give, refusedMs);
      return;
    }
    // From here on its bytes are the clients'.
    const { stream } = (login as unknown as { connection: { stream: Socket } }).connection;
    for (const event of ["data", "error", "close", "end"]) stream.removeAllListeners(event);
    const backend: Backend = { stream, transactions: 0, client: null };
    all.add(backend);
    opening--;
    stream.on(
      "data",
      messages((message) => fromServer(backend, message)),
    );
    stream.on("error", () => {});
    stream.on("close", () => {
      all.delete(backend);
      if (idle.includes(backend)) idle.splice(idle.indexOf(backend), 1);
      backend.client?.socket.destroy();
      give();
    });
    idle.push(backend);
    give();
  };

  /** Backends to those who wait for one. */
  const give = (): void => {
    let missing = 0;
    for (const client of queue) {
      const place = idle.findIndex((each) => each !== client.last);
      if (place >= 0) {
        const [backend] = idle.splice(place, 1);
        if (client.last !== null) proxy.moves++;
        queue.delete(client);
        link(client, backend);
      } else missing++;
    }
    while (opening < missing && all.size + opening < most) void open();
  };

  const link = (client: PooledClient, backend: Backend): void => {
    client.backend = backend;
    backend.client = client;
    for (const message of client.waiting.splice(0)) toServer(client, backend, message);
  };

  const toServer = (client: PooledClient, { stream }: Backend, message: Buffer): void => {
    // Query and Sync are answered by a ReadyForQuery each.
    if (message[0] === 0x51 || message[0] === 0x53) client.owed++;
    stream.write(message);
  };

  const fromServer = (backend: Backend, message: Buffer): void => {
    const { client } = backend;
    // A notification for a LISTEN of somebody's is lost.
    if (client === null) return;
    client.socket.write(message);
    if (message[0] !== 0x5a) return;
    client.owed--;
    if (client.owed > 0 || message[5] !== statusIdle) return;
    client.backend = null;
    client.last = backend;
    backend.client = null;
    backend.transactions++;
    // It counts until the server has ended it: else there would be more of them than may be.
    if (backend.transactions >= transactionsPerBackend) backend.stream.end(farewell);
    else idle.push(backend);
    give();
  };

  const server = createServer({ noDelay: true }, (socket) => {
    const client: PooledClient = { socket, waiting: [], backend: null, last: null, owed: 0 };
    clients.add(client);
    const whole = messages((message) => {
      // Terminate.
      if (message[0] === 0x58) socket.end();
      else if (client.backend !== null) toServer(client, client.backend, message);
      else {
        client.waiting.push(message);
        queue.add(client);
        give();
      }
    });
    let isIn = false;
    socket.on("data", (bytes: Buffer) => {
      if (isIn) return whole(bytes);
      const kind = bytes.readInt32BE(4);
      if (kind === sslRequest) return void socket.write("N");
      if (kind !== startup) return void socket.destroy();
      isIn = true;
      socket.write(welcome());
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      clients.delete(client);
      queue.delete(client);
      proxy.gone++;
      // What it was in the middle of is rolled back with the backend.
      client.backend?.stream.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    clearTimeout(retry);
    for (const { socket } of clients) socket.destroy();
    for (const { stream } of all) stream.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  const proxy: PoolingProxy = { url: url.href, moves: 0, gone: 0 };
  return proxy;
}

/** Cuts a stream of bytes into messages: a type, then the length of what follows with itself. */
function messages(onMessage: (message: Buffer) => void): (bytes: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    while (rest.length >= 5) {
      const end = 1 + rest.readInt32BE(1);
      if (rest.length < end) return;
      const message = rest.subarray(0, end);
      rest = rest.subarray(end);
      onMessage(message);
    }
  };
}

/** AuthenticationOk, a BackendKeyData that is nobody's, ReadyForQuery. */
function welcome(): Buffer {
  const key = Buffer.from([0x4b, 0, 0, 0, 12, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 1]);
  return Buffer.concat([Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]), key, Buffer.from([0x5a, 0, 0, 0, 5, statusIdle])]);
}
