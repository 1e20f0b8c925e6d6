/**
 * Requests to addresses that others have named, such as a webhook's. Each connection is checked against the reserved addresses when it
 * is made, after its name was resolved, so that a name that resolves to another address the second time gains nothing. Redirects are
 * not followed, and no proxy is used: one would resolve the name itself, where nothing checks it.
 */
import { once } from "node:events";
import { type IncomingMessage, type OutgoingHttpHeaders, request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { type BlockList, connect, isIP, type LookupFunction, type Socket } from "node:net";
import { type ConnectionOptions, connect as secure } from "node:tls";
import { SluiceError, told } from "../core/errors.ts";
import { isAmong, reservedAddresses } from "./reserved-addresses.ts";

export interface OutboundOptions {
  /** Reserved addresses and networks that may be reached all the same: `127.0.0.1`, `10.0.5.0/24`. */
  allow?: readonly string[];
  /** How names are resolved. Default: as the system does. */
  lookup?: LookupFunction;
  /** Certificates of authorities to trust instead of Node's, as PEM. */
  ca?: string;
}

export interface OutboundRequest {
  method: "GET" | "HEAD" | "POST";
  headers?: OutgoingHttpHeaders;
  body?: string;
  /** Ends the request, and its answer. */
  signal: AbortSignal;
}

export interface Outbound {
  /**
   * The URL, if it may be asked for at all: https, or http to an allowed address; no user name or password; no reserved address.
   *
   * @throws SluiceError `invalid` with what is wrong, `forbidden` for a reserved address.
   */
  check(url: string): URL;
  /**
   * The answer as soon as its headers are there; its body is read or destroyed by the caller.
   *
   * @throws SluiceError `forbidden` where the name leads to a reserved address, `unavailable` where this Node cannot tell; else as Node does.
   */
  request(url: URL, options: OutboundRequest): Promise<IncomingMessage>;
  /**
   * A connection, to speak another protocol over; with TLS once that is agreed on, where `tls` is given.
   *
   * @throws as `request` does
   */
  connect(to: {
    host: string;
    port: number;
    signal: AbortSignal;
    tls?: ConnectionOptions | undefined;
  }): Promise<Socket>;
}

export function openOutbound({ allow = [], lookup, ca }: OutboundOptions = {}): Outbound {
  const blockList = reservedAddresses(allow);
  const check = (given: string): URL => checkUrl(given, blockList, allow);

  const open = async (host: string, port: number, signal: AbortSignal): Promise<Socket> => {
    await checksConnections();
    signal.throwIfAborted();
    const socket = connect({ host, port, blockList, ...(lookup !== undefined && { lookup }) });
    // Whoever waits for something hears of it; an error that nobody waits for must not end the process.
    socket.on("error", () => {});
    try {
      await once(socket, "connect", { signal });
      // Before a byte is sent, whatever became of the list above.
      if (isAmong(blockList, socket.remoteAddress ?? "")) throw refused(host);
      return socket;
    } catch (error) {
      socket.destroy();
      throw isBlocked(error) ? refused(host) : error;
    }
  };
  /** Node's Agent for https passes `blockList` on to nobody (24.21), so the connection is made first, and TLS on top of it. */
  const connectTo: Outbound["connect"] = async ({ host, port, signal, tls }) => {
    const socket = await open(host, port, signal);
    if (tls === undefined) return socket;
    try {
      const { servername = isIP(host) === 0 ? host : "" } = tls;
      const secured = secure({
        ...tls,
        socket,
        host,
        servername,
        rejectUnauthorized: true,
        ...(ca !== undefined && { ca }),
      });
      secured.on("error", () => {});
      await once(secured, "secureConnect", { signal });
      return secured;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  };
  return {
    check,
    connect: connectTo,
    async request(url, { method, headers = {}, body, signal }) {
      check(url.href);
      const isSecure = url.protocol === "https:";
      const port = Number(url.port) || (isSecure ? 443 : 80);
      const socket = await connectTo({ host: hostOf(url), port, signal, ...(isSecure && { tls: {} }) });
      const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
      const send = isSecure ? secureRequest : plainRequest;
      const sent = send(url, { method, signal, headers, createConnection: () => socket }, resolve);
      sent.on("error", reject);
      sent.end(body);
      return promise.catch((error) => {
        socket.destroy();
        throw signal.aborted ? signal.reason : error;
      });
    },
  };
}

/** An address of IPv6 without its brackets. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "");
}
function checkUrl(given: string, blockList: BlockList, allow: readonly string[]): URL {
  if (!URL.canParse(given)) throw new SluiceError("invalid", told`"${given.slice(0, 200)}" is not a URL.`);
  const url = new URL(given);
  if (url.username !== "" || url.password !== "")
    throw new SluiceError("invalid", told`The URL must not contain a user name or a password.`);
  // URL has made one form of 127.1, 0x7f.1 and 2130706433.
  const host = hostOf(url);
  const isAddress = isIP(host) !== 0;
  if (isAddress && isAmong(blockList, host)) throw refused(host);
  const isAllowed = isAddress && allow.length > 0 && isAmong(everyReserved, host);
  if (url.protocol === "https:" || (url.protocol === "http:" && isAllowed)) return url;
  throw new SluiceError("invalid", told`The URL must begin with https://.`);
}

const everyReserved = reservedAddresses([]);

function refused(host: string): SluiceError {
  return new SluiceError(
    "forbidden",
    told`${host} is an address of this machine or of a private network, which webhooks and sources must not reach.`,
  );
}

function isBlocked(error: unknown): boolean {
  if ((error as { code?: unknown }).code === "ERR_IP_BLOCKED") return true;
  // Of a name with several addresses: all were tried.
  return error instanceof AggregateError && error.errors.some(isBlocked);
}

let tested: Promise<void> | undefined;

/**
 * Whether this Node looks at `blockList`, which older ones pass over in silence (it is there since 22.13). Nothing has to listen: where it
 * does, nothing is sent.
 *
 * @throws SluiceError `unavailable`
 */
export function checksConnections(connectTo: typeof connect = connect): Promise<void> {
  if (connectTo !== connect) return tryConnection(connectTo);
  tested ??= tryConnection(connect);
  return tested;
}

async function tryConnection(connectTo: typeof connect): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.ErrnoException | null>();
  const socket = connectTo({ host: "127.0.0.1", port: 9, blockList: everyReserved });
  socket.on("connect", () => resolve(null));
  socket.on("error", resolve);
  const error = await promise;
  socket.destroy();
  if (error?.code === "ERR_IP_BLOCKED") return;
  throw new SluiceError(
    "unavailable",
    told`This version of Node cannot keep requests from private addresses. Webhooks need Node 22.13 or newer.`,
  );
}
