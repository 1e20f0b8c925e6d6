/**
 * Addresses that belong to no public host: this machine, its network, a cloud's metadata service. What others name as an address to
 * connect to must lead to none of them (server-side request forgery).
 */
import { BlockList, isIP, isIPv6 } from "node:net";
import { SluiceError } from "../core/errors.ts";

/** IANA's special-purpose registry for IPv4 (RFC 6890), multicast, and what lies above; and Azure's metadata, at a public address. */
const reservedIPv4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "168.63.129.16/32",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
];
/**
 * Of IPv6 only global unicast is public, 2000::/3 (RFC 4291), without what it holds for tunnels, benchmarks and documentation. Addresses
 * that contain an IPv4 one, ::ffff:0:0/96, are judged by that: they are left out here.
 */
const reservedIPv6 = [
  ["::", "::fffe:ffff:ffff"],
  ["::1:0:0:0", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
] as const;

interface Range {
  family: "ipv4" | "ipv6";
  first: bigint;
  last: bigint;
}

/**
 * The reserved addresses without those that are allowed.
 *
 * @param allowed addresses and networks, as `127.0.0.1`, `::1`, `10.0.5.0/24`
 * @throws SluiceError `invalid` for what is neither.
 */
export function reservedAddresses(allowed: readonly string[]): BlockList {
  const exceptions = allowed.map(networkOf);
  const list = new BlockList();
  const reserved = [
    ...reservedIPv4.map(networkOf),
    ...reservedIPv6.map(([first, last]): Range => ({ family: "ipv6", first: bitsOf(first), last: bitsOf(last) })),
  ];
  for (const range of reserved) {
    const left = exceptions.filter(({ family }) => family === range.family).reduce(without, [range]);
    for (const { family, first, last } of left) list.addRange(textOf(family, first), textOf(family, last), family);
  }
  return list;
}

/** Whether an address, not a name, is among them. */
export function isAmong(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

function without(ranges: Range[], { first, last }: Range): Range[] {
  return ranges.flatMap((range) => {
    if (last < range.first || first > range.last) return [range];
    return [
      ...(first > range.first ? [{ ...range, last: first - 1n }] : []),
      ...(last < range.last ? [{ ...range, first: last + 1n }] : []),
    ];
  });
}

function networkOf(given: string): Range {
  const [address, prefix, more] = given.split("/");
  const kind = isIP(address);
  const bits = kind === 6 ? 128 : 32;
  const length = prefix === undefined ? bits : Number(prefix);
  const isLength = Number.isInteger(length) && length >= 0 && length <= bits && prefix !== "";
  if (kind === 0 || address.includes("%") || !isLength || more !== undefined)
    throw new SluiceError(
      "invalid",
      `SLUICE_OUTBOUND_ALLOW: "${given}" is no address or network. Write it as 127.0.0.1, ::1 or 10.0.5.0/24.`,
    );
  const size = 1n << BigInt(bits - length);
  const first = (bitsOf(address) / size) * size;
  return { family: kind === 6 ? "ipv6" : "ipv4", first, last: first + size - 1n };
}

/** An address as a number. */
function bitsOf(address: string): bigint {
  if (!address.includes(":")) return address.split(".").reduce((bits, part) => bits * 256n + BigInt(part), 0n);
  // As URL writes it, without an IPv4 part at its end.
  const [head, tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const groups = (part: string | undefined): string[] => (part === undefined || part === "" ? [] : part.split(":"));
  const [before, after] = [groups(head), groups(tail)];
  const zeros = Array<string>(8 - before.length - after.length).fill("0");
  return [...before, ...zeros, ...after].reduce((bits, group) => bits * 65536n + BigInt(`0x${group}`), 0n);
}

function textOf(family: Range["family"], bits: bigint): string {
  const parts = (count: number, size: bigint): bigint[] =>
    Array.from({ length: count }, (_, k) => (bits / size ** BigInt(count - 1 - k)) % size);
  return family === "ipv4"
    ? parts(4, 256n).join(".")
    : parts(8, 65536n)
        .map((group) => group.toString(16))
        .join(":");
}
