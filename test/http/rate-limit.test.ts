import type { Context } from "hono";
import { describe, expect, it } from "vitest";
import { clientAddress, limitKeyOf } from "../../src/http/auth/client-address.ts";
import { RateLimiter } from "../../src/http/auth/rate-limit.ts";

describe("RateLimiter", () => {
  it("lets a burst pass, then as many as come back with time", () => {
    let nowMs = 0;
    const limiter = new RateLimiter({ burst: 3, perSecond: 0.5 }, () => nowMs);
    const take = (seconds: number): number => {
      nowMs = seconds * 1000;
      return limiter.take("a");
    };
    expect([take(0), take(0), take(0), take(0)]).toEqual([0, 0, 0, 2]);
    expect([take(1), take(2), take(2)]).toEqual([1, 0, 2]);
    expect([take(1000), take(1000), take(1000), take(1000)]).toEqual([0, 0, 0, 2]);
  });

  it("keeps keys apart, and takes nothing by asking", () => {
    const limiter = new RateLimiter({ burst: 1, perSecond: 1 }, () => 0);
    expect([limiter.waitFor("a"), limiter.waitFor("a"), limiter.take("a"), limiter.waitFor("a")]).toEqual([0, 0, 0, 1]);
    expect(limiter.take("b")).toBe(0);
  });

  it("forgets whoever was away longest, so that many addresses take no memory", () => {
    const limiter = new RateLimiter({ burst: 1, perSecond: 1 }, () => 0);
    limiter.take("first");
    for (let k = 0; k < 19_999; k++) limiter.take(`key ${k}`);
    expect(limiter.waitFor("first")).toBe(1);
    limiter.take("one more");
    expect([limiter.waitFor("first"), limiter.waitFor("key 0")]).toEqual([0, 1]);
  });
});

it.each([
  ["203.0.113.9", undefined, 0, "203.0.113.9"],
  ["::ffff:203.0.113.9", undefined, 0, "203.0.113.9"],
  ["10.0.0.1", "198.51.100.1", 0, "10.0.0.1"],
  ["10.0.0.1", "198.51.100.1", 1, "198.51.100.1"],
  ["10.0.0.1", "6.6.6.6, 198.51.100.1", 1, "198.51.100.1"],
  ["10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", 2, "198.51.100.1"],
  ["10.0.0.1", undefined, 1, "10.0.0.1"],
  ["10.0.0.1", "198.51.100.1:50123", 1, "198.51.100.1"],
  ["10.0.0.1", "6.6.6.6, [2001:db8::1]:50123", 1, "2001:db8::1"],
  ["10.0.0.1", "[2001:db8::1]", 1, "2001:db8::1"],
  ["10.0.0.1", "2001:db8::1", 1, "2001:db8::1"],
  [undefined, undefined, 0, null],
])(
  "takes the client of socket %s, X-Forwarded-For %s and %i proxies for %s",
  (remoteAddress, forwarded, proxies, address) => {
    const context = {
      env: remoteAddress === undefined ? undefined : { incoming: { socket: { remoteAddress } } },
      req: { header: (name: string) => (name === "x-forwarded-for" ? forwarded : undefined) },
    };
    expect(clientAddress(context as unknown as Context, proxies)).toBe(address);
  },
);

it.each([
  ["203.0.113.9", "203.0.113.9"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:DB8::1", "2001:db8:0:0"],
  ["2001:0db8:0001::", "2001:db8:1:0"],
  ["::1", "0:0:0:0"],
  ["fe80::1%eth0", "fe80:0:0:0"],
  ["::ffff:203.0.113.9", "203.0.113.9"],
  [null, "unknown"],
])("holds %s back as %s", (address, key) => {
  expect(limitKeyOf(address)).toBe(key);
});
