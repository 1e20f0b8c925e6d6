/** Where a request comes from, as far as that can be trusted. */
import type { Context } from "hono";

/**
 * The client's IP address; null where the server that Sluice is mounted in does not say. `proxies`: how many are in front,
 * each adding the address it saw to X-Forwarded-For; what is left of theirs is the client's own claim.
 */
export function clientAddress(c: Context, proxies: number): string | null {
  const { incoming } = (c.env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } };
  const socket = incoming?.socket?.remoteAddress;
  if (proxies === 0) return socket === undefined ? null : plain(socket);
  const forwarded = (c.req.header("x-forwarded-for") ?? "").split(",").map((each) => each.trim());
  const hops = forwarded.filter((each) => each !== "");
  const first = hops[Math.max(0, hops.length - proxies)] ?? socket;
  return first === undefined ? null : plain(first);
}

/** IPv4 as IPv6 (`::ffff:127.0.0.1`) is IPv4; some proxies add the client's port (`203.0.113.7:4711`, `[2001:db8::1]:4711`). */
function plain(address: string): string {
  const [, inBrackets, beforePort] = /^(?:\[([^\]]*)\](?::\d+)?|(\d+(?:\.\d+){3}):\d+)$/.exec(address) ?? [];
  return (inBrackets ?? beforePort ?? address).replace(/^::ffff:(?=\d+\.)/i, "");
}

/** By what it is held back: the address, of IPv6 the network, for a household has 2^64 of them. */
export function limitKeyOf(address: string | null): string {
  if (address === null) return "unknown";
  // As a socket that takes both kinds has it.
  const bare = plain(address);
  if (!bare.includes(":")) return bare;
  const [head, tail] = bare.toLowerCase().split("%")[0].split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const gap = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array<string>(gap).fill("0"), ...right]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}

/** Whether a request was made on this machine, to this machine: no proxy's, no name that leads here by a trick of DNS. */
export function isLoopback(c: Context): boolean {
  const address = clientAddress(c, 0);
  const isLocal = address !== null && (address === "::1" || /^127\./.test(address));
  const isForwarded = ["x-forwarded-for", "x-forwarded-host", "forwarded", "x-real-ip"].some(
    (name) => c.req.header(name) !== undefined,
  );
  const { hostname } = new URL(c.req.url);
  return isLocal && !isForwarded && ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
}
