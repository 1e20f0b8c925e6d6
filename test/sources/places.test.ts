/** Each kind of place on a real server: what it lists, what it reads, how it moves, and what it refuses. */
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { link, mkdir, mkdtemp, readdir, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { FtpPlace, ListedFile, OpenPlace, Place } from "../../src/core/source.ts";
import { openOutbound } from "../../src/outbound/outbound.ts";
import { sourceAdapters } from "../../src/sources/sources.ts";
import { type FtpServer, ftpServer } from "./ftp-server.ts";
import { type SshServer, sshServer } from "./ssh-server.ts";

const signal = new AbortController().signal;
const adapters = sourceAdapters({ outbound: openOutbound({ allow: ["127.0.0.1"] }), secretsKey: "", folders: [] });
const strict = sourceAdapters({ outbound: openOutbound(), secretsKey: "", folders: [] });

async function open(place: Place): Promise<OpenPlace> {
  const opened = await adapters.open(place, "config", signal);
  onTestFinished(() => opened.close());
  return opened;
}

async function listed(place: OpenPlace): Promise<ListedFile[]> {
  const all: ListedFile[] = [];
  for await (const page of place.list(signal)) {
    expect(page.length).toBeLessThanOrEqual(1000);
    all.push(...page);
  }
  return all.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function bytesOf(place: OpenPlace, file: ListedFile, known: string | null = null): Promise<Buffer | null> {
  const got = await place.fetch(file, known, signal);
  if (got === null) return null;
  const parts: Uint8Array[] = [];
  for await (const part of got.bytes) parts.push(Uint8Array.from(part));
  return Buffer.concat(parts);
}

/** What a folder has in every test of one. */
const large = randomBytes(3 * 1024 * 1024);
async function fill(folder: string): Promise<void> {
  await writeFile(join(folder, "a b.csv"), "a,b\n1,2\n");
  await writeFile(join(folder, "large.csv"), large);
  await writeFile(join(folder, "é.csv"), "e");
  await writeFile(join(folder, "empty.csv"), "");
  await mkdir(join(folder, "folder.csv"));
  await symlink("/etc/passwd", join(folder, "link.csv"));
}

interface Running {
  place: Place;
  folder: string;
}

describe.each(["folder", "sftp", "ftp", "ftps"] as const)("a place of files: %s", (kind) => {
  let running: Running;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ running, close } = await start(kind));
    await fill(running.folder);
  });
  afterAll(() => close());

  it("lists files with their sizes and times: no folders, no links", async () => {
    const files = await listed(await open(running.place));
    expect(files.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
      ["a b.csv", 8],
      ["empty.csv", 0],
      ["large.csv", large.length],
      ["é.csv", 1],
    ]);
    expect(files.every(({ modifiedAt, tag }) => modifiedAt !== null || tag !== null)).toBe(true);
  });

  it("reads a file byte for byte, one after the other, and sees whether it has changed", async () => {
    const place = await open(running.place);
    const [small, empty, big] = await listed(place);
    expect(
      createHash("sha256")
        .update((await bytesOf(place, big)) ?? "")
        .digest("hex"),
    ).toBe(createHash("sha256").update(large).digest("hex"));
    expect(await bytesOf(place, small)).toEqual(Buffer.from("a,b\n1,2\n"));
    expect(await bytesOf(place, empty)).toEqual(Buffer.alloc(0));
    expect(await place.isSame(big, signal)).toBe(true);
    expect(await place.isSame({ ...big, sizeBytes: 1 }, signal)).toBe(false);
    const gone: ListedFile = { ...small, name: "gone.csv" };
    expect(await place.isSame(gone, signal)).toBe(false);
    await expect(bytesOf(place, gone)).rejects.toMatchObject({ code: "not_found" });
    // And goes on.
    expect(await bytesOf(place, small)).toEqual(Buffer.from("a,b\n1,2\n"));
  });

  it("moves a file, which may be gone already, and removes one", async () => {
    const place = await open(running.place);
    for (const name of ["moved.csv", "removed.csv"]) await writeFile(join(running.folder, name), "x");
    const files = new Map((await listed(place)).map((file) => [file.name, file]));
    const [moved, removed] = [files.get("moved.csv"), files.get("removed.csv")] as ListedFile[];
    await place.move(moved, { folder: "done", as: "7-moved.csv" }, signal);
    await place.remove(removed, signal);
    await place.remove(removed, signal);
    expect(await readdir(join(running.folder, "done"))).toEqual(["7-moved.csv"]);
    expect((await listed(place)).map(({ name }) => name)).not.toContain("moved.csv");
  });

  it("says which folder is not there", async () => {
    const place: Place =
      running.place.kind === "folder"
        ? { kind: "folder", path: join(running.folder, "nowhere") }
        : ({ ...running.place, folder: "nowhere" } as Place);
    await expect(open(place).then(listed)).rejects.toThrow(/nowhere/);
  });
});

async function start(
  kind: "folder" | "sftp" | "ftp" | "ftps",
): Promise<{ running: Running; close: () => Promise<void> }> {
  if (kind === "sftp") {
    const server = await sshServer();
    return { running: server, close: () => server.close() };
  }
  if (kind === "folder") {
    const path = await mkdtemp(join(tmpdir(), "sluice-source-"));
    return {
      running: { folder: path, place: { kind, path } },
      close: () => rm(path, { recursive: true, force: true }),
    };
  }
  const server = await ftpServer({ tls: kind === "ftps" });
  return { running: { folder: server.folder, place: ftpPlace(server, kind === "ftps") }, close: () => server.close() };
}

function ftpPlace({ port, fingerprint }: FtpServer, isSecure: boolean): FtpPlace {
  const identity = isSecure ? ({ tls: "explicit", hostFingerprint: fingerprint } as const) : ({ tls: "none" } as const);
  return { kind: "ftp", host: "127.0.0.1", port, folder: "files", ...identity };
}

describe("hosts that are not what they should be", () => {
  let ssh: SshServer;
  let ftp: FtpServer;
  beforeAll(async () => {
    [ssh, ftp] = [await sshServer(), await ftpServer({ tls: true })];
  });
  afterAll(async () => {
    await ssh.close();
    await ftp.close();
  });

  it("refuses an SSH host whose key has changed, and names the key that it has", async () => {
    await open(ssh.place);
    await ssh.changeKey();
    await expect(open(ssh.place)).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringMatching(/SHA256:[\w+/]{43}\. Ask who runs the host/),
    });
    const { message } = (await open(ssh.place).catch((error: unknown) => error)) as Error;
    const seen = /SHA256:[\w+/]{43}/.exec(message)?.[0] ?? "";
    // Either of several: for the day on which a key is changed.
    const place = { ...ssh.place, hostFingerprint: [[ssh.place.hostFingerprint].flat()[0], seen] };
    expect(await listed(await open(place))).toEqual([]);
  });

  it.each([
    ["another user", { user: "nobody-here" }, "forbidden", /does not let/],
    ["a key that is none", { privateKey: "secret words" }, "invalid", /private key/],
    ["a port where nobody is", { port: 1 }, "unavailable", /reached on port 1/],
  ] as const)("refuses with %s, and shows no secret", async (_, other, code, message) => {
    const { hostFingerprint: _old, ...place } = ssh.place;
    const found = (await open({ ...place, hostFingerprint: await currentKey(ssh), ...other }).catch(
      (error: unknown) => error,
    )) as Error;
    expect(found).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(found.message).not.toContain("secret words");
  });

  it("refuses an FTP host whose certificate is another, or that nobody vouches for, before it sends a password", async () => {
    const place = ftpPlace(ftp, true);
    await expect(open({ ...place, hostFingerprint: "ab".repeat(32) })).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining(ftp.fingerprint.replaceAll(":", "").toLowerCase()),
    });
    const { hostFingerprint: _, ...unpinned } = place;
    await expect(open(unpinned)).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("vouches"),
    });
    await expect(open({ ...place, user: "nobody-here", password: "x" })).rejects.toMatchObject({ code: "forbidden" });
  });

  it("reaches no address of this machine or its network unless that is allowed", async () => {
    const places: Place[] = [
      ssh.place,
      ftpPlace(ftp, true),
      { kind: "url", url: "https://127.0.0.1/" },
      { kind: "url", url: "https://localhost:1/" },
      { kind: "s3", bucket: "b", endpoint: "https://[::1]:9000", accessKeyId: "a", secretAccessKey: "b" },
    ];
    for (const place of places)
      await expect(
        (async () => {
          const opened = await strict.open(place, "config", signal);
          const [file = null] = await listed(opened);
          if (file !== null) await bytesOf(opened, file);
        })(),
      ).rejects.toMatchObject({ code: "forbidden" });
  });
});

async function currentKey(ssh: SshServer): Promise<string> {
  const { message } = (await open({ ...ssh.place, hostFingerprint: `SHA256:${"A".repeat(43)}` }).catch(
    (error: unknown) => error,
  )) as Error;
  return /SHA256:[\w+/]{43}/.exec(message)?.[0] ?? "";
}

describe("a URL", () => {
  /** Path → its answer; and what it was asked with. */
  const asked: { url: string; headers: IncomingHttpHeaders }[] = [];
  let server: Server;
  let elsewhere: Server;
  let [base, other] = ["", ""];
  beforeAll(async () => {
    server = createServer((request, response) => {
      const url = request.url ?? "";
      asked.push({ url, headers: request.headers });
      if (url === "/strong.csv" || url === "/weak.csv") {
        const etag = url === "/weak.csv" ? 'W/"1"' : '"1"';
        if (request.headers["if-none-match"] === etag) return response.writeHead(304).end();
        return response.writeHead(200, { etag }).end("a\n1\n");
      }
      if (url === "/dated.csv") {
        const modified = "Thu, 01 Jan 2026 08:00:00 GMT";
        if (request.headers["if-modified-since"] === modified) return response.writeHead(304).end();
        return response.writeHead(200, { "last-modified": modified }).end("a\n1\n");
      }
      if (url === "/moved.csv") return response.writeHead(302, { location: `${other}/target.csv` }).end();
      if (url === "/near.csv") return response.writeHead(307, { location: "strong.csv" }).end();
      if (url === "/inward.csv") return response.writeHead(302, { location: "https://10.0.0.1/secret" }).end();
      if (url === "/plain.csv") return response.writeHead(302, { location: "http://example.com/" }).end();
      if (url?.startsWith("/to/") === true)
        return response.writeHead(302, { location: decodeURIComponent(url.slice(4)) }).end();
      if (url === "/round.csv") return response.writeHead(302, { location: "/round.csv" }).end();
      if (url === "/cut.csv") {
        response.writeHead(200, { "content-length": "1000" });
        response.write("a,b\n", () => request.socket.destroy());
        return;
      }
      const status = Number(/\d+/.exec(url)?.[0] ?? 404);
      return response.writeHead(status).end("no");
    });
    elsewhere = createServer((request, response) => {
      asked.push({ url: `elsewhere ${request.url}`, headers: request.headers });
      response.end("b\n2\n");
    });
    for (const each of [server, elsewhere]) {
      each.listen(0, "127.0.0.1");
      await once(each, "listening");
    }
    [base, other] = [server, elsewhere].map((each) => `http://127.0.0.1:${(each.address() as AddressInfo).port}`);
  });
  afterAll(() => {
    for (const each of [server, elsewhere]) {
      each.closeAllConnections();
      each.close();
    }
  });

  async function tried(path: string, known: string | null = null, headers?: Record<string, string>) {
    const place = await open({ kind: "url", url: `${base}${path}`, ...(headers !== undefined && { headers }) });
    const [file] = await listed(place);
    const got = await place.fetch(file, known, signal);
    if (got === null) return { name: file.name, text: null, tag: known };
    let text = "";
    for await (const part of got.bytes) text += Buffer.from(part).toString();
    return { name: file.name, text, tag: got.tag() };
  }

  it("asks again with what told the last version, and fetches nothing that is as it was", async () => {
    const { name, text, tag } = await tried("/strong.csv");
    expect([name, text]).toEqual(["strong.csv", "a\n1\n"]);
    expect((await tried("/strong.csv", tag)).text).toBeNull();
    const dated = await tried("/dated.csv");
    expect((await tried("/dated.csv", dated.tag)).text).toBeNull();
    // A weak one may stay while the bytes change.
    const weak = await tried("/weak.csv");
    expect((await tried("/weak.csv", weak.tag)).text).toBe("a\n1\n");
  });

  it("follows a redirect, and takes its headers to no other origin", async () => {
    const headers = { authorization: "Bearer secret", "x-key": "secret" };
    expect((await tried("/near.csv", null, headers)).text).toBe("a\n1\n");
    expect(asked.at(-1)?.headers).toMatchObject(headers);
    expect((await tried("/moved.csv", null, headers)).text).toBe("b\n2\n");
    expect(asked.at(-1)?.url).toBe("elsewhere /target.csv");
    expect(JSON.stringify(asked.at(-1)?.headers)).not.toContain("secret");
  });

  it.each([
    ["/inward.csv", "forbidden", /10\.0\.0\.1/],
    ["/plain.csv", "invalid", /https/],
    ["/round.csv", "invalid", /redirects more than 5/],
    ["/404", "invalid", /404/],
    ["/403", "invalid", /403/],
    ["/500", "unavailable", /500/],
    ["/429", "unavailable", /429/],
  ] as const)("refuses %s as %s", async (path, code, message) => {
    await expect(tried(path)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it.each([
    ...["https://0x7f.2/", "https://2130706434/", "https://0177.0.0.2/", "https://[::1]/", "https://[::ffff:7f00:2]/"],
    ...["https://[64:ff9b::7f00:1]/", "https://0.0.0.0/", "https://169.254.169.254/latest/meta-data/", "//10.0.0.1/x"],
    ...["http://169.254.169.254/", "https://[fe80::1%25lo]/", "file:///etc/passwd"],
    ...["ftp://127.0.0.2/x", "data:text/csv,a", "gopher://127.0.0.2/", "https://anna:secret@example.com/", "https://"],
  ])("follows no redirect to %s", async (location) => {
    const before = asked.length;
    await expect(tried(`/to/${encodeURIComponent(location)}`)).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:forbidden|invalid)$/),
    });
    // Of the redirect itself alone.
    expect(asked.slice(before).map(({ url }) => url)).toEqual([`/to/${encodeURIComponent(location)}`]);
  });

  it("takes no part of a file for the whole", async () => {
    await expect(tried("/cut.csv")).rejects.toThrow();
  });
});

it("follows a link to no other file, wherever it was put after the list", async () => {
  const path = await mkdtemp(join(tmpdir(), "sluice-source-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  await writeFile(join(path, "a.csv"), "mine");
  const place = await open({ kind: "folder", path });
  const [file] = await listed(place);
  await rm(join(path, "a.csv"));
  await symlink("/etc/passwd", join(path, "a.csv"));
  await expect(bytesOf(place, file)).rejects.toMatchObject({ code: "invalid" });
  await rm(join(path, "a.csv"));
  await writeFile(join(path, "b.csv"), "mine too");
  await link(join(path, "b.csv"), join(path, "a.csv"));
  await truncate(join(path, "a.csv"), 3);
  expect(await place.isSame(file, signal)).toBe(false);
});
