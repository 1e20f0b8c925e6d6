/**
 * Supabase Realtime as far as changes of tables go, since the real one needs a cluster of Elixir: its WebSocket protocol
 * (https://supabase.com/docs/guides/realtime/protocol, by both of its serializers), and what `apply_rls` lets each reader see. A trigger
 * tells of changed rows in place of the log. A channel answers before it listens, and changes in between are lost, as there.
 */
import { createHash } from "node:crypto";
import type { Server } from "node:http";
import type { Duplex } from "node:stream";
import pg from "pg";
import { onTestFinished } from "vitest";
import type { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { followedColumns } from "../../src/postgres/supabase/job-policies.ts";

interface Message {
  joinRef: string | null;
  ref: string | null;
  topic: string;
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: of any event
  payload: any;
}

interface Channel {
  topic: string;
  jobId: number;
  bindingId: number;
  token: string;
  claims: Record<string, unknown>;
  isListening: boolean;
  send: (event: string, payload: unknown) => void;
}

export interface RealtimeServer {
  /** Begins to tell of the changes of this database's imports. */
  follow(database: Database, url: string): Promise<void>;
  /** All that came from clients, in its order. */
  received: Message[];
  /** Open ones. */
  channels: Set<Channel>;
  /** Rows that were handed on. */
  told: Record<string, unknown>[];
  /** What a join meets. */
  joins: "listens" | "is refused" | "cannot listen";
}

type Verify = (token: string) => Promise<Record<string, unknown> | null>;

export function realtimeOn(server: Server, verify: Verify): RealtimeServer {
  let database: Database | undefined;
  const sockets = new Set<Duplex>();
  const realtime: RealtimeServer = {
    ...{ received: [], channels: new Set(), told: [], joins: "listens" },
    async follow(of, url) {
      database = of;
      await of.query(
        sql.raw(`
          create function tell_of_change() returns trigger language plpgsql as $$
          begin perform pg_notify('changed', new.id::text); return null; end $$;
          create trigger tell_of_change after update on sluice.import_jobs for each row execute function tell_of_change()`),
      );
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      onTestFinished(() => client.end());
      client.on("notification", ({ payload }) => void tell(Number(payload)));
      await client.query("listen changed");
    },
  };
  let bindings = 1000;

  server.on("upgrade", (request, socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash("sha1").update(key).digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
    );
    const isOfArrays = new URL(request.url ?? "", "http://_").searchParams.get("vsn") === "2.0.0";
    const own = new Set<Channel>();
    const send = ({ joinRef, ref, topic, event, payload }: Message): void => {
      const text = JSON.stringify(
        isOfArrays ? [joinRef, ref, topic, event, payload] : { join_ref: joinRef, ref, topic, event, payload },
      );
      if (socket.writable) socket.write(frame(text));
    };
    const reply = ({ joinRef, ref, topic }: Message, status: string, response: unknown = {}): void =>
      send({ joinRef, ref, topic, event: "phx_reply", payload: { status, response } });
    onFrames(socket, (text) => {
      const given = JSON.parse(text);
      const message: Message = Array.isArray(given)
        ? { joinRef: given[0], ref: given[1], topic: given[2], event: given[3], payload: given[4] }
        : { ...given, joinRef: given.join_ref ?? null };
      realtime.received.push(message);
      const { topic, event, payload } = message;
      const channel = [...own].find((each) => each.topic === topic);
      if (event === "phx_join") void join(message);
      else if (event === "heartbeat") reply(message, "ok");
      else if (event === "access_token" && channel !== undefined) channel.token = payload.access_token;
      else if (event === "phx_leave" && channel !== undefined) {
        own.delete(channel);
        realtime.channels.delete(channel);
        reply(message, "ok");
      }
    });
    socket.on("close", () => {
      sockets.delete(socket);
      for (const channel of own) realtime.channels.delete(channel);
    });

    async function join(message: Message): Promise<void> {
      const { topic, joinRef, payload } = message;
      const [wanted] = payload.config.postgres_changes;
      const claims = await verify(payload.access_token ?? "");
      if (claims === null || realtime.joins === "is refused")
        return reply(message, "error", { reason: "InvalidJWTToken: Token is invalid" });
      const channel: Channel = {
        ...{ topic, claims, token: payload.access_token, bindingId: bindings++, isListening: false },
        jobId: Number(/^id=eq\.(\d+)$/.exec(wanted.filter)?.[1]),
        send: (event, told) => send({ joinRef, ref: null, topic, event, payload: told }),
      };
      own.add(channel);
      realtime.channels.add(channel);
      reply(message, "ok", { postgres_changes: [{ id: channel.bindingId, ...wanted }] });
      channel.send("presence_state", {});
      const system = { channel: topic.replace(/^realtime:/, ""), extension: "postgres_changes" };
      if (realtime.joins === "cannot listen") {
        const why = "Unable to subscribe to changes with given parameters. Please check Realtime is enabled";
        return channel.send("system", { ...system, status: "error", message: why });
      }
      channel.isListening = true;
      channel.send("system", { ...system, status: "ok", message: "Subscribed to PostgreSQL" });
    }
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return realtime;

  /** To each reader the row as they see it, if they do. */
  async function tell(id: number): Promise<void> {
    for (const { jobId, isListening, claims, bindingId, send } of realtime.channels) {
      if (jobId !== id || !isListening) continue;
      const row = await database?.transaction(async (session) => {
        await session.text("set local role authenticated");
        await session.text("select set_config('request.jwt.claims', $1, true)", [JSON.stringify(claims)]);
        const columns = followedColumns.join(", ");
        const read = `select to_jsonb(r) as row from (select ${columns} from sluice.import_jobs where id = ${id}) r`;
        return (await session.text(read)).rows[0]?.row as Record<string, unknown> | undefined;
      });
      if (row === undefined) continue;
      realtime.told.push(row);
      const columns = Object.keys(row).map((name) => ({ name, type: name === "id" ? "int8" : "text" }));
      send("postgres_changes", {
        ids: [bindingId],
        data: {
          ...{ schema: "sluice", table: "import_jobs", type: "UPDATE", commit_timestamp: new Date().toISOString() },
          ...{ columns, record: row, old_record: { id }, errors: null },
        },
      });
    }
  }
}

/** RFC 6455, section 5.2: one of text, not masked. */
function frame(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = bytes.length < 126 ? Buffer.from([0x81, bytes.length]) : Buffer.from([0x81, 126, 0, 0]);
  if (bytes.length >= 126) head.writeUInt16BE(bytes.length, 2);
  return Buffer.concat([head, bytes]);
}

/** Calls `onText` with each whole frame of text, which clients mask. */
function onFrames(socket: Duplex, onText: (text: string) => void): void {
  let waiting = Buffer.alloc(0);
  socket.on("data", (bytes: Buffer) => {
    waiting = Buffer.concat([waiting, bytes]);
    for (;;) {
      if (waiting.length < 2) return;
      const short = waiting[1] & 0x7f;
      const at = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (waiting.length < at + 4) return;
      const length = at === 2 ? short : at === 4 ? waiting.readUInt16BE(2) : Number(waiting.readBigUInt64BE(2));
      if (waiting.length < at + 4 + length) return;
      const mask = waiting.subarray(at, at + 4);
      const body = waiting.subarray(at + 4, at + 4 + length).map((byte, i) => byte ^ mask[i % 4]);
      const opcode = waiting[0] & 0x0f;
      waiting = waiting.subarray(at + 4 + length);
      if (opcode === 1) onText(Buffer.from(body).toString());
      else if (opcode === 8) socket.end(Buffer.from([0x88, 0]));
    }
  });
}
