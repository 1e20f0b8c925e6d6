/** What of a source needs no place: patterns of names, schedules, secrets, and a definition that cannot be. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isFileName, type NewSource, type Place, partedPlace } from "../../src/core/source.ts";
import { checkSources } from "../../src/core/source-definition.ts";
import { openOutbound } from "../../src/outbound/outbound.ts";
import { fits } from "../../src/sources/file-names.ts";
import { nextRun } from "../../src/sources/schedule.ts";
import { seal, unseal } from "../../src/sources/sealing.ts";
import { sourceAdapters } from "../../src/sources/sources.ts";

describe("patterns", () => {
  it.each([
    ["*.csv", ["a.csv", "A.CSV", ".csv", "a.b.csv"], ["a.csv.part", "acsv", "a.csvx"]],
    ["orders-??.xlsx", ["orders-01.xlsx", "ORDERS-ÄÖ.xlsx"], ["orders-1.xlsx", "orders-001.xlsx"]],
    ["*", ["", "anything", "a\nb"], []],
    ["a*b*c", ["abc", "a--b--c", "abbcc"], ["acb", "abcd"]],
    ["[a].csv", ["[a].csv"], ["a.csv"]],
    ["é.csv", ["é.csv", "e\u0301.csv"], ["e.csv"]],
  ])("%s", (pattern, fitting, others) => {
    expect(fitting.filter((name) => !fits([pattern])(name))).toEqual([]);
    expect(others.filter(fits([pattern]))).toEqual([]);
  });

  it("takes a name that fits one of several", () => {
    expect(["a.csv", "b.xlsx", "c.txt"].filter(fits(["*.csv", "*.xlsx"]))).toEqual(["a.csv", "b.xlsx"]);
  });

  it("fits as a regular expression does, and in no time whatever the pattern", () => {
    const any: Record<string, string> = { "*": ".*", "?": "." };
    const alphabet = fc.constantFrom("a", "b", "*", "?");
    fc.assert(
      fc.property(
        fc.array(alphabet, { maxLength: 8 }),
        fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 }),
        (parts, name) => {
          const expression = parts.map((part) => any[part] ?? part).join("");
          expect(fits([parts.join("")])(name)).toBe(new RegExp(`^${expression}$`).test(name));
        },
      ),
    );
    expect(fits([`${"*a".repeat(90)}b`])("a".repeat(1000))).toBe(false);
  });
});

it.each([
  ["a.csv", true],
  ["line\nbreak.csv", true],
  ["..", false],
  [".", false],
  ["", false],
  ["../x", false],
  ["a/b", false],
  ["a\\b", false],
  ["nul\0", false],
  ["not\ufffdutf8", false],
  ["\ud800", false],
  ["é".repeat(512), true],
  ["é".repeat(513), false],
])("judges whether %j is a file's name", (name, isOne) => {
  expect(isFileName(name)).toBe(isOne);
});

describe("schedules", () => {
  const at = (schedule: string, timeZone: string, after: string): string | undefined =>
    nextRun({ schedule, timeZone }, new Date(after))?.toISOString();

  it.each([
    ["0 6 * * *", "UTC", "2026-06-01T06:00:00Z", "2026-06-02T06:00:00.000Z"],
    ["0 6 * * *", "Europe/Paris", "2026-06-01T00:00:00Z", "2026-06-01T04:00:00.000Z"],
    ["0 6 * * *", "Europe/Paris", "2026-12-01T00:00:00Z", "2026-12-01T05:00:00.000Z"],
    ["0 6 * * 1-5", "UTC", "2026-06-05T07:00:00Z", "2026-06-08T06:00:00.000Z"],
    ["@daily", "Asia/Tokyo", "2026-06-01T00:00:00Z", "2026-06-01T15:00:00.000Z"],
    ["0 0 29 2 *", "UTC", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00.000Z"],
    // The hour that the clocks leave out comes when they have moved on.
    ["30 2 * * *", "Europe/Paris", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00.000Z"],
    // The one that they repeat comes once.
    ["30 2 * * *", "Europe/Paris", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00.000Z"],
    ["30 2 * * *", "Europe/Paris", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00.000Z"],
  ])("%s in %s after %s", (schedule, timeZone, after, next) => {
    expect(at(schedule, timeZone, after)).toBe(next);
  });

  it.each([
    ["every day", "UTC", /cron's five fields/],
    ["* * * * * *", "UTC", /cron's five fields/],
    ["61 * * * *", "UTC", /cron's five fields/],
    ["", "UTC", /cron's five fields/],
    ["0 0 31 2 *", "UTC", /never comes/],
    ["@daily", "Mars/Base", /no time zone "Mars\/Base"/],
  ])("refuses %j in %s", (schedule, timeZone, message) => {
    expect(() => nextRun({ schedule, timeZone }, new Date())).toThrow(message);
  });

  it("has none where none is said", () => {
    expect(nextRun({ schedule: null, timeZone: "UTC" }, new Date())).toBeNull();
  });
});

describe("secrets", () => {
  const key = "k".repeat(32);
  it("come back by their key alone, and are another text each time", () => {
    const [one, other] = [seal({ password: "hunter2" }, key), seal({ password: "hunter2" }, key)];
    expect(Buffer.from(one).equals(Buffer.from(other))).toBe(false);
    expect(Buffer.from(one).toString("latin1")).not.toContain("hunter2");
    expect(unseal(one, key)).toEqual({ password: "hunter2" });
    expect(() => unseal(one, "x".repeat(32))).toThrow(/Enter it again/);
    const changed = Uint8Array.from(one);
    changed[20] ^= 1;
    expect(() => unseal(changed, key)).toThrow(/Enter it again/);
    expect(() => unseal(one.subarray(0, 5), key)).toThrow(/Enter it again/);
    expect(() => seal({}, "")).toThrow(/SLUICE_SECRETS_KEY/);
  });

  it("are parted from what is shown of a place", () => {
    const place: Place = { kind: "url", url: "https://example.com/a.csv", headers: { authorization: "x" } };
    expect(partedPlace(place)).toEqual({
      open: { kind: "url", url: "https://example.com/a.csv" },
      secrets: { headers: { authorization: "x" } },
    });
  });
});

describe("a definition", () => {
  const folder: Place = { kind: "folder", path: "/srv/in" };
  const usual = { name: "night", importer: "leads", place: folder };
  const sftp = {
    kind: "sftp",
    host: "h",
    user: "u",
    password: "p",
    hostFingerprint: `SHA256:${"A".repeat(43)}`,
  } as const;

  it("has what was not said", () => {
    const [source] = checkSources("config", [
      { ...usual, files: "*.csv", context: { tenant: 7 }, mapping: { Mail: "email", X: null } },
    ]);
    expect(source).toEqual({
      ...usual,
      files: ["*.csv"],
      schedule: null,
      timeZone: "UTC",
      done: "keep",
      settleSeconds: 30,
      parallel: false,
      sameContent: "skip",
      context: { tenant: "7" },
      choices: {
        given: [
          { column: "Mail", field: "email" },
          { column: "X", field: null },
        ],
        acceptDoubts: false,
        options: { autoCommit: true },
      },
    } satisfies NewSource);
  });

  it.each([
    [{ name: "Night run" }, /cannot be a source's name/],
    [{ shedule: "@daily" }, /no option "shedule"\. Did you mean "schedule"/],
    [{ place: { kind: "gopher" } }, /place.kind/],
    [{ place: { kind: "sftp", host: "h", user: "u", password: "p" } }, /hostFingerprint: It is missing.*ssh-keyscan/],
    [{ place: { ...sftp, hostFingerprint: "MD5:aa" } }, /ssh-keygen -lf/],
    [{ place: { ...sftp, password: undefined } }, /password` or a `privateKey/],
    [{ place: { ...sftp, port: 70_000 } }, /1 to 65535/],
    [{ place: { ...sftp, hots: "x" } }, /has "hots"/],
    [{ place: { kind: "ftp", host: "h", user: "a\r\nDELE x" } }, /line break/],
    [{ place: { kind: "ftp", host: "h", tls: "none", hostFingerprint: "ab".repeat(32) } }, /cannot be compared/],
    [{ place: { kind: "url", url: "https://x", headers: { "a\nb": "c" } } }, /headers of HTTP/],
    [{ place: { kind: "url", url: "https://x" }, done: "delete" }, /nothing can be moved or deleted/],
    [{ done: { moveTo: "../out" } }, /done/],
    [{ files: ["../*.csv"] }, /no slash/],
    [{ files: [] }, /1 to 100 patterns/],
    [{ settleSeconds: -1 }, /settleSeconds/],
    [{ sameContent: "maybe" }, /sameContent/],
  ])("refuses %j", (other, message) => {
    expect(() => checkSources("config", [{ ...usual, ...other }])).toThrow(message);
  });

  it("refuses two of one name, and what is no list", () => {
    expect(() => checkSources("config", [usual, usual])).toThrow(/two sources are called "night"/);
    expect(() => checkSources("config", {})).toThrow(/must be a list/);
  });

  it("lets whoever comes by the API have no folder but those that are named, and none of the machine's own keys", () => {
    const adapters = sourceAdapters({ outbound: openOutbound(), secretsKey: "", folders: ["/srv/in"] });
    const check = (place: Place): void => adapters.checkPlace(place, "api");
    expect(() => check({ kind: "folder", path: "/srv/in/sub" })).not.toThrow();
    for (const path of ["/srv/in/../../etc", "/srv/inside", "/etc", "/"])
      expect(() => check({ kind: "folder", path })).toThrow(/SLUICE_SOURCE_FOLDERS/);
    expect(() => check({ kind: "folder", path: "srv/in" })).toThrow(/begins with a slash/);
    expect(() => check({ kind: "s3", bucket: "b" })).toThrow(/accessKeyId/);
    expect(() => check({ kind: "url", url: "http://example.com" })).toThrow(/https/);
    expect(() => check({ kind: "url", url: "https://169.254.169.254/" })).toThrow(/private network/);
    expect(() =>
      check({ kind: "s3", bucket: "b", endpoint: "https://127.0.0.1", accessKeyId: "a", secretAccessKey: "b" }),
    ).toThrow(/private network/);
    expect(() => adapters.checkPlace({ kind: "folder", path: "/etc" }, "config")).not.toThrow();
  });
});
